// `labwright/testing/fake-llm`: a real HTTP server that speaks OpenAI's chat format, with scripted answers, limits and faults. Answers and faults
// are functions of the idempotency key and the attempt, so that a run against it can be repeated; limits are sliding windows over
// what arrives. It is no language model and its answers say nothing about one.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What may go wrong with an answer; `design` of each is what real providers do. */
export type FakeFault =
  | "429"
  | "429 with retry-after"
  | "quota"
  | "500"
  | "502 page"
  | "503"
  | "529"
  | "401"
  | "reset"
  | "reset in the body"
  | "silence"
  | "truncated JSON"
  | "fenced JSON"
  | "prose around JSON"
  | "wrong schema"
  | "refusal"
  | "empty";

/** A request as the server saw it. */
export interface FakeRequest {
  readonly key: string;
  /** Of this key: 1 the first time. */
  readonly attempt: number;
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  /** The last message. */
  readonly prompt: string;
}

export interface FakeLlmOptions {
  /** The text of an answer; it must be a function of the request alone. */
  answer(request: FakeRequest): string;
  /** What goes wrong with a request; null for nothing. Never unless told. */
  fault?(request: FakeRequest): FakeFault | null;
  /** Answers in any window; a request beyond is a 429 with Retry-After. */
  readonly requestsPerWindow?: number;
  /** Milliseconds; 60,000 unless told. */
  readonly windowMs?: number;
  /** Milliseconds until an answer; 0 unless told. */
  readonly latencyMs?: number;
  /** Successful answers until the quota is spent; endless unless told. */
  readonly quota?: number;
  /** The key that a request must bear; any or none unless told. */
  readonly key?: string;
  readonly port?: number;
  /** What `GET /v1/models` lists; there is no such list unless told. */
  readonly models?: readonly string[];
}

/** A request that arrived, and what came of it. */
export interface FakeArrival {
  /** Milliseconds of `performance.now()`. */
  readonly atMs: number;
  readonly key: string;
  /** 0 where the connection was cut or nothing was said. */
  readonly status: number;
  /** What was made to go wrong; null for nothing. A limit, a quota and a wrong key are no faults: their status tells. */
  readonly fault: FakeFault | null;
  /** Tokens that a 200 was said to have taken, prompt and answer. */
  readonly tokens: readonly [prompt: number, completion: number];
}

export interface FakeLlm {
  /** For `chat({ endpoint })`. */
  readonly endpoint: string;
  /** Arrivals in order, with what came of each. */
  readonly arrivals: readonly FakeArrival[];
  /** The most arrivals in any window. */
  busiest(windowMs: number): number;
  close(): Promise<void>;
}

type Arrived = { -readonly [K in keyof FakeArrival]: FakeArrival[K] };

/**
 * For a script beside a study: with a command it runs that with the server's address in LLM_URL, and ends as the command does, after Ctrl-C too;
 * without one the server stays on port 8089.
 *
 * @example
 * await serveScripted({ answer, models: ["scripted"], command: process.argv.slice(2) });
 */
export async function serveScripted(of: {
  readonly answer: FakeLlmOptions["answer"];
  readonly models: readonly string[];
  /** Program and arguments; empty for none. */
  readonly command: readonly string[];
}): Promise<void> {
  const { answer, models } = of;
  const [program, ...rest] = of.command;
  const server = await startFakeLlm({ answer, models, ...(program === undefined && { port: 8089 }) });
  process.stderr.write(`scripted answers are given at ${server.endpoint}\n`);
  if (program === undefined) return;
  const env = { ...process.env, LLM_URL: server.endpoint, LLM_KEY: "scripted" };
  const child = spawn(program, rest, { stdio: "inherit", env });
  // Ctrl-C reaches the command too, which then ends what is on its way: it is answered until it has.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  process.exitCode = await new Promise<number>((resolve) => child.on("close", (code) => resolve(code ?? 1)));
  await server.close();
}

/** A share of requests goes wrong, with each of the faults in turn, as a function of key and attempt. */
export function faultsAt(
  share: number,
  faults: readonly FakeFault[],
): (request: FakeRequest) => FakeFault | null {
  return ({ key, attempt }) => {
    const digest = createHash("sha256").update(`${key} ${attempt}`).digest();
    if (digest.readUInt32LE(0) / 2 ** 32 >= share) return null;
    return faults[digest.readUInt32LE(4) % faults.length] ?? null;
  };
}

/** Starts the server on the loopback interface. */
export async function startFakeLlm(options: FakeLlmOptions): Promise<FakeLlm> {
  const attempts = new Map<string, number>();
  const arrivals: Arrived[] = [];
  const silent: ServerResponse[] = [];
  let answered = 0;
  const server = createServer(async (incoming, response) => {
    if (incoming.method === "GET") {
      const { status, body } = listOf(options, incoming);
      response.writeHead(status, { "content-type": "application/json" }).end(body);
      return;
    }
    const arrival: Arrived = {
      atMs: performance.now(),
      key: incoming.headers["idempotency-key"]?.toString() ?? "",
      status: 0,
      fault: null,
      tokens: [0, 0],
    };
    arrivals.push(arrival);
    const request = await requestOf(incoming, attempts);
    if (options.latencyMs !== undefined)
      await new Promise((resolve) => setTimeout(resolve, options.latencyMs));
    const fault = options.fault?.(request) ?? null;
    if (fault === "silence" || fault === "reset" || fault === "reset in the body") arrival.fault = fault;
    if (fault === "silence") silent.push(response);
    else if (fault === "reset") incoming.socket.destroy();
    else if (fault === "reset in the body") {
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      response.write('{"choices":[', () => incoming.socket.destroy());
    } else {
      const reply = outcomeOf(options, request, { incoming, arrivals, answered, fault });
      const { status, headers = {}, body, tokens = [0, 0] } = reply;
      Object.assign(arrival, { status, tokens, fault: reply.fault ?? null });
      if (status === 200) answered += 1;
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
    }
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  // A server on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}/v1`,
    arrivals,
    busiest: (windowMs) => {
      let most = 0;
      let first = 0;
      arrivals.forEach(({ atMs }, i) => {
        while (arrivals[first]!.atMs <= atMs - windowMs) first += 1;
        most = Math.max(most, i - first + 1);
      });
      return most;
    },
    async close() {
      for (const response of silent) response.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The list of models, which counts for no limit. */
function listOf({ models, key }: FakeLlmOptions, { headers, url }: IncomingMessage): Reply {
  if (key !== undefined && headers.authorization !== `Bearer ${key}`) return fail(401, "invalid_api_key");
  if (models === undefined || url !== "/v1/models") return fail(404, "not_found");
  const data = models.map((id) => ({ id, object: "model" }));
  return { status: 200, body: JSON.stringify({ object: "list", data }) };
}

async function requestOf(incoming: IncomingMessage, attempts: Map<string, number>): Promise<FakeRequest> {
  let text = "";
  for await (const bytes of incoming) text += bytes;
  // The server is for requests of the performers; anything else is an empty one.
  const body = safely(text) as { model?: string; messages?: FakeRequest["messages"] };
  const key = incoming.headers["idempotency-key"]?.toString() ?? "";
  const attempt = (attempts.get(key) ?? 0) + 1;
  attempts.set(key, attempt);
  const messages = body.messages ?? [];
  return { key, attempt, model: body.model ?? "", messages, prompt: messages.at(-1)?.content ?? "" };
}

function safely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

interface Reply {
  readonly status: number;
  readonly fault?: FakeFault | null;
  readonly tokens?: FakeArrival["tokens"];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

function outcomeOf(
  options: FakeLlmOptions,
  request: FakeRequest,
  at: {
    readonly incoming: IncomingMessage;
    readonly arrivals: readonly { readonly atMs: number; readonly status: number }[];
    readonly answered: number;
    readonly fault: FakeFault | null;
  },
): Reply {
  const { requestsPerWindow, windowMs = 60_000, key, quota } = options;
  if (key !== undefined && at.incoming.headers.authorization !== `Bearer ${key}`)
    return fail(401, "invalid_api_key");
  if (requestsPerWindow !== undefined) {
    const now = performance.now();
    const recent = at.arrivals.filter(({ atMs, status }) => atMs > now - windowMs && status === 200);
    const waitMs = (recent[0]?.atMs ?? now) + windowMs - now;
    if (recent.length >= requestsPerWindow)
      return fail(429, "rate_limit_exceeded", { "retry-after": String(Math.max(0.001, waitMs / 1000)) });
  }
  if (quota !== undefined && at.answered >= quota) return fail(429, "insufficient_quota");
  return { ...faulty(at.fault, request, options.answer(request)), fault: at.fault };
}

function faulty(fault: FakeFault | null, request: FakeRequest, text: string): Reply {
  switch (fault) {
    case "429":
      return fail(429, "rate_limit_exceeded");
    case "429 with retry-after":
      return fail(429, "rate_limit_exceeded", { "retry-after-ms": "40" });
    case "quota":
      return fail(429, "insufficient_quota");
    case "401":
      return fail(401, "invalid_api_key");
    case "500":
      return fail(500, "server_error");
    case "502 page":
      return {
        status: 502,
        headers: { "content-type": "text/html" },
        body: "<html><body>Bad Gateway</body></html>",
      };
    case "503":
      return fail(503, "server_is_overloaded");
    case "529":
      return {
        status: 529,
        body: JSON.stringify({ type: "error", error: { type: "overloaded_error", message: "Overloaded" } }),
      };
    case "truncated JSON":
      return answered(request, text.slice(0, Math.max(1, Math.floor(text.length / 2))), "length");
    case "fenced JSON":
      return answered(request, `\`\`\`json\n${text}\n\`\`\``);
    case "prose around JSON":
      return answered(request, `Here is my decision:\n\n${text}\n\nI hope this helps!`);
    case "wrong schema":
      return answered(request, '{"decision":"unsure"}');
    case "refusal":
      return answered(request, "", "stop", "I can't help with that.");
    case "empty":
      return answered(request, "");
    default:
      return answered(request, text);
  }
}

function fail(status: number, code: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers,
    body: JSON.stringify({ error: { message: `scripted: ${code}`, type: code, code } }),
  };
}

function answered(request: FakeRequest, text: string, finish = "stop", refusal: string | null = null): Reply {
  const prompt = request.messages.reduce((sum, { content }) => sum + Math.ceil(content.length / 4), 0);
  const completion = Math.ceil(text.length / 4);
  const message = { role: "assistant", content: refusal === null ? text : null, refusal };
  return {
    status: 200,
    tokens: [prompt, completion],
    body: JSON.stringify({
      id: "scripted",
      object: "chat.completion",
      model: `${request.model}-scripted`,
      choices: [{ index: 0, finish_reason: finish, message }],
      usage: { prompt_tokens: prompt, completion_tokens: completion },
    }),
  };
}
