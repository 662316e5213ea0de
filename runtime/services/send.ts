// One HTTP request of a service, and what its failure means; the reading of a success is the service's.

import { type Failure, failureOf } from "./failure.ts";
import type { Exchange, ServiceCall } from "./service.ts";

export interface Wire {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As text; null for none. */
  readonly body: string | null;
}

/** Sends it and reads a success by `read`, which answers with null for a body that is no answer. */
export async function send(
  wire: Wire,
  call: Pick<ServiceCall, "signal"> & { readonly timeoutMs: number },
  read: (body: string, headers: Headers) => Extract<Exchange, { response: unknown }> | null,
): Promise<Exchange> {
  const { signal } = call;
  const limit = AbortSignal.timeout(call.timeoutMs);
  let body = "";
  let answer: Response;
  try {
    answer = await fetch(wire.url, {
      method: wire.method,
      headers: wire.headers,
      ...(wire.body !== null && { body: wire.body }),
      signal: AbortSignal.any([signal, limit]),
    });
    body = await answer.text();
  } catch (error) {
    if (signal.aborted) throw error;
    return { failure: unanswered(limit.aborted ? "no answer in time" : "connection lost") };
  }
  const { status, headers } = answer;
  if (!answer.ok) return { failure: failureOf({ status, headers, body }, Date.now()) };
  return read(body, headers) ?? { failure: unanswered("an answer that is none") };
}

function unanswered(cause: string): Failure {
  return { kind: "retry", cause, waitMs: null, isTooFast: false, isDown: true, isCharged: true };
}

/** What a variable of the environment holds; throws, in words, where it is not set. */
export function secretOf(name: string, what: string): string {
  const value = process.env[name];
  if (value === undefined || value === "")
    throw new Error(`the environment variable ${name}, which is to hold ${what}, is not set`);
  return value;
}
