// An MLflow server by what labwright wants of it: experiments, runs found by their tags, what is logged of a run, its files.
import { z } from "zod";
import { batchesOf, type MlflowBatch, type MlflowPair } from "./batches.ts";
import { MlflowAway, type MlflowClient, MlflowRefusal } from "./client.ts";

const api = "/api/2.0/mlflow";

/** How a run stands, in MLflow's words. */
export type RunStatus = "RUNNING" | "FINISHED" | "FAILED" | "KILLED";

export interface ServerRun {
  readonly id: string;
  readonly artifactUri: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface NewRun {
  readonly experiment: string;
  readonly name: string;
  /** Milliseconds since the epoch; null where nobody knows. */
  readonly startedAt: number | null;
  readonly tags: readonly MlflowPair[];
  /** The tag that no other run has. */
  readonly key: MlflowPair;
}

const createsMax = 4;

const nothing = z.looseObject({});
const pair = z.looseObject({ key: z.string(), value: z.string().default("") });
const runAnswer = z.looseObject({
  info: z.looseObject({ run_id: z.string(), artifact_uri: z.string().default("") }),
  data: z.looseObject({ tags: z.array(pair).default([]) }).default({ tags: [] }),
});
const oneRun = z.looseObject({ run: runAnswer });
const runPage = z.looseObject({
  runs: z.array(runAnswer).default([]),
  next_page_token: z.string().nullish(),
});
const experimentAnswer = z.looseObject({
  experiment: z.looseObject({ experiment_id: z.string(), lifecycle_stage: z.string().default("active") }),
});
const createdExperiment = z.looseObject({ experiment_id: z.string() });

export class MlflowServer {
  readonly #client: MlflowClient;

  constructor(client: MlflowClient) {
    this.#client = client;
  }

  get place(): string {
    return this.#client.place;
  }

  /** The id of the experiment of a name, which is made where there is none. @throws MlflowRefusal where it is deleted. */
  async experiment(name: string): Promise<string> {
    const found = await this.#experimentNamed(name);
    if (found !== null) return found;
    try {
      const made = await this.#client.post(`${api}/experiments/create`, { name }, createdExperiment);
      return made.experiment_id;
    } catch (error) {
      // Somebody else was faster, or our own request arrived although its answer was lost.
      if (!(error instanceof MlflowRefusal) || error.code !== "RESOURCE_ALREADY_EXISTS") throw error;
      const now = await this.#experimentNamed(name);
      if (now === null) throw error;
      return now;
    }
  }

  async #experimentNamed(name: string): Promise<string | null> {
    try {
      const query = { experiment_name: name };
      const { experiment } = await this.#client.get(
        `${api}/experiments/get-by-name`,
        query,
        experimentAnswer,
      );
      if (experiment.lifecycle_stage !== "active")
        throw new MlflowRefusal(
          "RESOURCE_DELETED",
          `the experiment "${name}" of ${this.place} is deleted; restore it, or name another with --experiment`,
        );
      return experiment.experiment_id;
    } catch (error) {
      if (error instanceof MlflowRefusal && error.code === "RESOURCE_DOES_NOT_EXIST") return null;
      throw error;
    }
  }

  /** The run whose tag says so; null where there is none. */
  async find(experiment: string, tag: MlflowPair): Promise<ServerRun | null> {
    const [found] = await this.runs(experiment, tag);
    return found ?? null;
  }

  /** All runs that a tag has this value in. */
  async runs(experiment: string, { key, value }: MlflowPair): Promise<readonly ServerRun[]> {
    const found: ServerRun[] = [];
    let token: string | undefined;
    do {
      const page = await this.#client.post(
        `${api}/runs/search`,
        {
          experiment_ids: [experiment],
          filter: `tags."${key}" = '${value}'`,
          run_view_type: "ACTIVE_ONLY",
          max_results: 1000,
          ...(token !== undefined && { page_token: token }),
        },
        runPage,
      );
      found.push(...page.runs.map(runOf));
      token = page.next_page_token || undefined;
    } while (token !== undefined);
    return found;
  }

  /** Makes a run, never twice: where it is not known whether a request arrived, it is looked for. */
  async create(run: NewRun): Promise<ServerRun> {
    const body = {
      experiment_id: run.experiment,
      run_name: run.name,
      ...(run.startedAt !== null && { start_time: run.startedAt }),
      tags: [run.key, ...run.tags],
    };
    for (let attempt = 1; ; attempt += 1) {
      try {
        return runOf((await this.#client.post(`${api}/runs/create`, body, oneRun, { once: true })).run);
      } catch (error) {
        if (!(error instanceof MlflowAway)) throw error;
        // This waits for the server to be there again.
        const found = await this.find(run.experiment, run.key);
        if (found !== null) return found;
        if (attempt === createsMax) throw error;
      }
    }
  }

  /**
   * Everything of a batch, in as many requests as its size wants; with `before` called before the last. Metrics leave apart: a server with a
   * database refuses a request whose metrics it has, all of it, and one that was cut off may have arrived.
   */
  async log(run: string, batch: MlflowBatch, before: () => Promise<void> = async () => {}): Promise<void> {
    const { metrics, params, tags } = batch;
    for (const each of batchesOf({ metrics, params: [], tags: [] }))
      await this.#client.post(`${api}/runs/log-batch`, { run_id: run, ...each }, nothing).catch(unlessThere);
    const batches = batchesOf({ metrics: [], params, tags });
    for (const [index, each] of batches.entries()) {
      if (index === batches.length - 1) await before();
      await this.#client.post(`${api}/runs/log-batch`, { run_id: run, ...each }, nothing);
    }
  }

  async update(
    run: string,
    { status, endedAt }: { readonly status: RunStatus; readonly endedAt: number | null },
  ): Promise<void> {
    const end = endedAt === null ? {} : { end_time: endedAt };
    await this.#client.post(`${api}/runs/update`, { run_id: run, status, ...end }, nothing);
  }

  /** Whether the server takes files of this run; where it does not, they lie where only MLflow's own clients write. */
  takesFiles({ artifactUri }: ServerRun): boolean {
    return rootOf(artifactUri) !== null;
  }

  /** `name` has forward slashes. */
  async put({ artifactUri }: ServerRun, name: string, bytes: Uint8Array): Promise<void> {
    // An address with ".." would be another one.
    const folders = [
      ...(rootOf(artifactUri) ?? []),
      ...name.split("/").filter((part) => !/^\.{0,2}$/.test(part)),
    ];
    const path = folders.map(encodeURIComponent).join("/");
    await this.#client.put(`/api/2.0/mlflow-artifacts/artifacts/${path}`, bytes);
  }
}

/** Rethrows what is not the refusal of metrics that are there already. */
function unlessThere(error: unknown): void {
  const isThere = error instanceof MlflowRefusal && /UNIQUE constraint|duplicate key/i.test(error.message);
  if (!isThere) throw error;
}

/** "mlflow-artifacts:/1/abc/artifacts" as its folders, for a server that keeps them itself; null for any other place. */
function rootOf(artifactUri: string): readonly string[] | null {
  const path = /^mlflow-artifacts:\/(?:\/[^/]*\/)?([^/].*)$/.exec(artifactUri)?.[1];
  const folders = path?.split("/").filter((folder) => folder !== "") ?? [];
  return folders.length === 0 || folders.includes("..") ? null : folders;
}

function runOf({ info, data }: z.output<typeof runAnswer>): ServerRun {
  const tags = Object.fromEntries(data.tags.map(({ key, value }) => [key, value]));
  return { id: info.run_id, artifactUri: info.artifact_uri, tags };
}
