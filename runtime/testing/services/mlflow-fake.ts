// An MLflow tracking server by contract: the REST endpoints, limits and errors of mlflow/utils/validation.py and of what a real server (2.12.2)
// answered: 400 INVALID_PARAMETER_VALUE for 1,001 metrics, for 101 parameters and for a parameter that changes, 404 RESOURCE_DOES_NOT_EXIST.
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { posix } from "node:path";

interface Pair {
  readonly key: string;
  readonly value: string;
}

interface Metric {
  readonly key: string;
  readonly value: number | string;
  readonly timestamp: number;
  readonly step: number;
}

interface FakeRun {
  readonly id: string;
  readonly experiment: string;
  readonly name: string;
  readonly artifactUri: string;
  status: string;
  endTime: number | null;
  readonly params: Map<string, string>;
  readonly tags: Map<string, string>;
  /** By key, timestamp, step and value: a real server with a database keeps each once, and refused what it had (2.12.2 over SQLite). */
  readonly metrics: Map<string, Metric>;
}

/** What happens to a request in place of an answer; "lost": it is done, and the connection ends before the answer. */
export type Fault = { readonly status: number; readonly retryAfter?: string } | "reset" | "lost" | null;

export interface MlflowFake {
  readonly url: string;
  readonly runs: readonly FakeRun[];
  /** Names of experiments by id. */
  readonly experiments: ReadonlyMap<string, string>;
  /** Files by path below the server's root. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Method and path of each request, with its size in bytes. */
  readonly requests: { readonly what: string; readonly bytes: number; readonly authorization: string }[];
  /** Refusals that were answered: a client within the limits has none. */
  readonly refusals: string[];
  fault: (what: string, index: number) => Fault;
  close(): Promise<void>;
}

class Refused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    [this.status, this.code] = [status, code];
  }
}

const wrong = (message: string): Refused => new Refused(400, "INVALID_PARAMETER_VALUE", message);
const missing = (message: string): Refused => new Refused(404, "RESOURCE_DOES_NOT_EXIST", message);

class State {
  readonly experiments = new Map<string, string>();
  readonly runs: FakeRun[] = [];
  readonly files = new Map<string, Buffer>();
  readonly #artifactRoot: string;

  constructor(artifactRoot: string) {
    this.#artifactRoot = artifactRoot;
  }

  answer(method: string, url: URL, body: Buffer): unknown {
    const path = url.pathname;
    const files = "/api/2.0/mlflow-artifacts/artifacts/";
    if (method === "PUT" && path.startsWith(files)) {
      this.files.set(decodeURIComponent(path.slice(files.length)), body);
      return {};
    }
    const given = method === "GET" ? {} : (JSON.parse(body.toString()) as Readonly<Record<string, never>>);
    const what = `${method} ${path.replace("/api/2.0/mlflow/", "")}`;
    switch (what) {
      case "GET experiments/get-by-name":
        return this.#experimentNamed(url.searchParams.get("experiment_name") ?? "");
      case "POST experiments/create":
        return this.#createExperiment(given.name ?? "");
      case "POST runs/create":
        return this.#createRun(given);
      case "POST runs/search":
        return this.#search(given);
      case "POST runs/update":
        return this.#update(given);
      case "POST runs/log-batch":
        if (body.length > 1e6) throw wrong("Batched logging API requests must be at most 1000000 bytes");
        return this.#logBatch(given);
      default:
        throw missing(`no endpoint ${what}`);
    }
  }

  #experimentNamed(name: string) {
    const found = [...this.experiments].find(([, each]) => each === name);
    if (found === undefined) throw missing(`Could not find experiment with name '${name}'`);
    return { experiment: { experiment_id: found[0], name, lifecycle_stage: "active" } };
  }

  #createExperiment(name: string) {
    if (name === "") throw wrong("Invalid experiment name: ''");
    if ([...this.experiments.values()].includes(name))
      throw new Refused(400, "RESOURCE_ALREADY_EXISTS", `Experiment '${name}' already exists.`);
    const id = String(this.experiments.size + 1);
    this.experiments.set(id, name);
    return { experiment_id: id };
  }

  #createRun(given: {
    readonly experiment_id?: string;
    readonly run_name?: string;
    readonly tags?: readonly Pair[];
  }) {
    const { experiment_id: experiment = "", run_name: name = "", tags = [] } = given;
    if (!this.experiments.has(experiment)) throw missing(`No Experiment with id=${experiment} exists`);
    for (const tag of tags) checkPair("tag", tag, 5000);
    const id = randomUUID().replaceAll("-", "");
    const run: FakeRun = {
      id,
      experiment,
      name,
      artifactUri: `${this.#artifactRoot}/${experiment}/${id}/artifacts`,
      status: "RUNNING",
      endTime: null,
      params: new Map(),
      tags: new Map(tags.map(({ key, value }) => [key, value])),
      metrics: new Map(),
    };
    this.runs.push(run);
    return { run: answerOf(run) };
  }

  #search(given: {
    readonly experiment_ids?: readonly string[];
    readonly filter?: string;
    readonly max_results?: number;
    readonly page_token?: string;
  }) {
    const { experiment_ids: ids = [], filter = "", max_results: most = 1000, page_token: token } = given;
    const [, key, value] = /^tags\."([^"]+)" = '([^']*)'$/.exec(filter) ?? [];
    if (key === undefined) throw wrong(`Invalid clause(s) in filter string: '${filter}'`);
    const found = this.runs.filter(
      ({ experiment, tags }) => ids.includes(experiment) && tags.get(key) === value,
    );
    const from = Number(token ?? 0);
    const runs = found.slice(from, from + most).map(answerOf);
    const isMore = from + most < found.length;
    return { runs, ...(isMore && { next_page_token: String(from + most) }) };
  }

  #update(given: { readonly run_id?: string; readonly status?: string; readonly end_time?: number }) {
    const run = this.#run(given.run_id);
    run.status = given.status ?? run.status;
    run.endTime = given.end_time ?? run.endTime;
    return { run_info: answerOf(run).info };
  }

  #logBatch(given: {
    readonly run_id?: string;
    readonly metrics?: readonly Metric[];
    readonly params?: readonly Pair[];
    readonly tags?: readonly Pair[];
  }) {
    const { metrics = [], params = [], tags = [] } = given;
    const run = this.#run(given.run_id);
    const limits = [
      ["metrics", 1000, metrics.length],
      ["params", 100, params.length],
      ["tags", 100, tags.length],
      ["metrics, params, and tags", 1000, metrics.length + params.length + tags.length],
    ] as const;
    for (const [what, most, count] of limits)
      if (count > most)
        throw wrong(`A batch logging request can contain at most ${most} ${what}. Got ${count}`);
    if (new Set(params.map(({ key }) => key)).size < params.length)
      throw wrong("Duplicate parameter keys have been submitted");
    for (const param of params) {
      checkPair("param", param, 6000);
      const before = run.params.get(param.key);
      if (before !== undefined && before !== param.value)
        throw wrong(`Changing param values is not allowed. Param with key='${param.key}' was already logged`);
    }
    for (const tag of tags) checkPair("tag", tag, 5000);
    for (const metric of metrics) checkMetric(metric);
    if (metrics.some((metric) => run.metrics.has(JSON.stringify(metric))))
      throw new Refused(400, "BAD_REQUEST", "(sqlite3.IntegrityError) UNIQUE constraint failed: metrics.key");
    for (const { key, value } of params) run.params.set(key, value);
    for (const { key, value } of tags) run.tags.set(key, value);
    for (const metric of metrics) run.metrics.set(JSON.stringify(metric), metric);
    return {};
  }

  #run(id: string | undefined): FakeRun {
    const run = this.runs.find((each) => each.id === id);
    if (run === undefined) throw missing(`Run with id=${id} not found`);
    return run;
  }
}

function answerOf({ id, experiment, name, artifactUri, status, tags }: FakeRun) {
  return {
    info: {
      run_id: id,
      run_uuid: id,
      experiment_id: experiment,
      run_name: name,
      artifact_uri: artifactUri,
      status,
    },
    data: { tags: [...tags].map(([key, value]) => ({ key, value })) },
  };
}

function checkName(what: string, name: string): void {
  if (!/^[/\p{L}\p{N}_.\- ]*$/u.test(name)) throw wrong(`Invalid ${what} name: '${name}'`);
  const normal = posix.normalize(name);
  if (
    normal !== name ||
    normal === "." ||
    normal.startsWith("..") ||
    normal.startsWith("/") ||
    name.endsWith("/")
  )
    throw wrong(`Invalid ${what} name: '${name}'. Names may be treated as files in certain cases`);
  if (name.length > 250)
    throw wrong(`${what} name had length ${name.length}, which exceeded length limit of 250`);
}

function checkPair(what: string, { key, value }: Pair, most: number): void {
  checkName(what, key);
  if (typeof value !== "string") throw wrong(`${what} value is no string`);
  if (value.length > most)
    throw wrong(`${what} value had length ${value.length}, which exceeded length limit of ${most}`);
}

function checkMetric({ key, value, timestamp, step }: Metric): void {
  checkName("metric", key);
  const isNumber = typeof value === "number" || ["NaN", "Infinity", "-Infinity"].includes(value);
  if (!isNumber) throw wrong(`Got invalid value ${value} for metric '${key}'`);
  if (!Number.isSafeInteger(timestamp) || timestamp < 0) throw wrong(`Got invalid timestamp ${timestamp}`);
  if (!Number.isSafeInteger(step)) throw wrong(`Got invalid step ${step}`);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

/** Listens on loopback; `artifactRoot` is where it says that files lie. */
export async function startMlflowFake(artifactRoot = "mlflow-artifacts:"): Promise<MlflowFake> {
  const state = new State(artifactRoot);
  const requests: MlflowFake["requests"] = [];
  const refusals: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const url = new URL(request.url ?? "/", "http://fake");
    const method = request.method ?? "";
    const what = `${method} ${url.pathname.split("/").slice(-2).join("/")}`;
    requests.push({ what, bytes: body.length, authorization: request.headers.authorization ?? "" });
    const fault = fake.fault(what, requests.length - 1);
    if (fault === "reset") return void request.socket.destroy();
    if (fault !== null && fault !== "lost") {
      const headers = fault.retryAfter === undefined ? {} : { "retry-after": fault.retryAfter };
      return void response.writeHead(fault.status, headers).end("<html>");
    }
    const json = { "content-type": "application/json" };
    try {
      const answer = JSON.stringify(state.answer(method, url, body));
      if (fault === "lost") return void request.socket.destroy();
      response.writeHead(200, json).end(answer);
    } catch (error) {
      const refused = error instanceof Refused ? error : new Refused(400, "BAD_REQUEST", String(error));
      if (refused.code !== "RESOURCE_DOES_NOT_EXIST" && !refused.message.includes("UNIQUE"))
        refusals.push(`${what}: ${refused.message}`);
      const answer = { error_code: refused.code, message: refused.message };
      response.writeHead(refused.status, json).end(JSON.stringify(answer));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // A server on a port has an address of this kind.
  const fake: MlflowFake = {
    url: `http://127.0.0.1:${port}`,
    runs: state.runs,
    experiments: state.experiments,
    files: state.files,
    requests,
    refusals,
    fault: () => null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;
}

/** A server for as long as `work` takes. */
export async function withMlflow(
  work: (fake: MlflowFake) => Promise<void>,
  artifactRoot?: string,
): Promise<void> {
  const fake = await startMlflowFake(artifactRoot);
  try {
    await work(fake);
  } finally {
    await fake.close();
  }
}
