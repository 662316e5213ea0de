// MLflow's REST API over fetch: what passes is tried again, what is refused is an error with the server's words. Credentials come from the
// environment and are in no message.
import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import { UserError } from "../../diagnostic/user-error.ts";
import type { Environment } from "../tracker.ts";

export interface ClientOptions {
  /** http:// or https://, perhaps with a path. */
  readonly uri: string;
  readonly environment: Environment;
  /** Ends whatever is under way. */
  readonly signal: AbortSignal;
  /** Tries of one request; 6 unless told. */
  readonly attempts?: number;
  /** The wait after the first, in milliseconds, doubled each time; 250 unless told. */
  readonly firstWaitMs?: number;
}

export interface MlflowClient {
  /** Scheme, host and path, without credentials. */
  readonly place: string;
  get<T>(path: string, query: Readonly<Record<string, string>>, answer: z.ZodType<T>): Promise<T>;
  /** `once`: not tried again, for what must not arrive twice. */
  post<T>(path: string, body: unknown, answer: z.ZodType<T>, how?: { readonly once: boolean }): Promise<T>;
  /** A file of a run's artifacts, through the server. */
  put(path: string, bytes: Uint8Array): Promise<void>;
}

/** The server said no, and would say it again. */
export class MlflowRefusal extends Error {
  readonly code: string;

  constructor(code: string, words: string) {
    super(words);
    this.code = code;
  }
}

/** The server was not there, or not now, as often as it was asked; a request may have arrived all the same. */
export class MlflowAway extends Error {}

const answerMs = 60_000;
const waitMaxMs = 60_000;
const detailMax = 300;

/** @throws UserError for an address that is none of http. */
export function mlflowClient(options: ClientOptions): MlflowClient {
  const { signal, attempts = 6, firstWaitMs = 250 } = options;
  const { base, authorization } = serverOf(options);
  const headers = authorization === null ? {} : { authorization };

  async function ask(path: string, init: RequestInit, most = attempts): Promise<string> {
    for (let attempt = 1; ; attempt += 1) {
      const came = await attempted(`${base}${path}`, { ...init, headers: { ...headers, ...init.headers } });
      if ("text" in came) return came.text;
      if (attempt >= most || signal.aborted) throw new MlflowAway(came.again);
      const waitMs = came.waitMs ?? Math.min(waitMaxMs, firstWaitMs * 2 ** (attempt - 1));
      // A wait that is cut short shows after the next attempt, which fails at once.
      await sleep(waitMs, undefined, { signal }).catch(() => {});
    }
  }

  async function attempted(url: string, init: RequestInit) {
    const limit = AbortSignal.timeout(answerMs);
    try {
      const answer = await fetch(url, {
        ...init,
        redirect: "manual",
        signal: AbortSignal.any([signal, limit]),
      });
      const text = await answer.text();
      if (answer.ok) return { text };
      const words = `${base} says ${answer.status}${detailOf(text)}`;
      if (answer.status === 429 || answer.status === 408 || answer.status >= 500)
        return { again: words, waitMs: waitOf(answer.headers) };
      throw new MlflowRefusal(codeOf(text), words);
    } catch (error) {
      if (error instanceof MlflowRefusal) throw error;
      return { again: `${base} ${whyNot(limit)}`, waitMs: null };
    }
  }

  const whyNot = (limit: AbortSignal): string => {
    if (limit.aborted) return `has not answered after ${answerMs / 1000} s`;
    return signal.aborted ? "did not answer in time" : "cannot be reached";
  };

  const json = { "content-type": "application/json" };
  return {
    place: base,
    async get(path, query, answer) {
      return answerOf(await ask(`${path}?${new URLSearchParams(query)}`, { method: "GET" }), answer);
    },
    async post(path, body, answer, how) {
      const init = { method: "POST", headers: json, body: JSON.stringify(body) };
      const text = await ask(path, init, how?.once === true ? 1 : attempts);
      return answerOf(text, answer);
    },
    async put(path, bytes) {
      await ask(path, {
        method: "PUT",
        headers: { "content-type": "application/octet-stream" },
        body: bytes,
      });
    },
  };
}

function serverOf({ uri, environment }: ClientOptions) {
  const url = URL.canParse(uri) ? new URL(uri) : null;
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw new UserError(`the address of MLflow's server is none: ${withoutUser(uri)}`, {
      hint: "Expected http:// or https://, such as http://127.0.0.1:5000, with --uri, in lab.config.ts or in MLFLOW_TRACKING_URI.",
    });
  const token = environment.MLFLOW_TRACKING_TOKEN ?? "";
  const user = decodeURIComponent(url.username) || (environment.MLFLOW_TRACKING_USERNAME ?? "");
  const password = decodeURIComponent(url.password) || (environment.MLFLOW_TRACKING_PASSWORD ?? "");
  const basic = user === "" ? null : `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  return {
    base: `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, "")}`,
    authorization: token === "" ? basic : `Bearer ${token}`,
  };
}

/** Without what may be a user and a password, in a text that is no address either. */
function withoutUser(uri: string): string {
  return uri.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, "$1");
}

function answerOf<T>(text: string, schema: z.ZodType<T>): T {
  const read = schema.safeParse(jsonOf(text === "" ? "{}" : text));
  if (read.success) return read.data;
  throw new MlflowRefusal("", "the address answers, but not as an MLflow server does");
}

interface Refused {
  readonly error_code?: unknown;
  readonly message?: unknown;
}

function refusedOf(text: string): Refused {
  const value = jsonOf(text);
  return typeof value === "object" && value !== null ? value : {};
}

/** Undefined for a text that is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function codeOf(text: string): string {
  const { error_code: code } = refusedOf(text);
  return typeof code === "string" ? code : "";
}

function detailOf(text: string): string {
  const { error_code: code, message } = refusedOf(text);
  const words = [code, message].filter((each) => typeof each === "string" && each !== "").join(": ");
  return words === "" ? "" : `: ${words.replace(/\s+/g, " ").slice(0, detailMax)}`;
}

/** Milliseconds that the server asks to wait; the header is in seconds or a date. */
function waitOf(headers: Headers): number | null {
  const header = headers.get("retry-after");
  if (header === null) return null;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.min(waitMaxMs, Math.max(0, ms)) : null;
}
