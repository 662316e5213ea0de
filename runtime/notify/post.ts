// One HTTP request of a notifier, and what its answer means: sent, to be tried again (429, 5xx, a lost connection), or refused for good.
import type { Sent } from "./notifier.ts";

/** Longest wait for an answer. */
const answerMs = 15_000;
/** A service that asks for a longer wait than this is taken for one that has mistaken its unit. */
const waitMaxMs = 120_000;

export interface Posted {
  readonly method?: "POST" | "PUT";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | FormData | Uint8Array;
}

/** Sends; an address is a secret, so no message names more of it than its host. */
export async function post(address: URL, request: Posted, signal: AbortSignal): Promise<Sent> {
  const limit = AbortSignal.timeout(answerMs);
  let answer: Response;
  try {
    answer = await fetch(address, {
      method: request.method ?? "POST",
      headers: { ...request.headers },
      body: request.body,
      signal: AbortSignal.any([signal, limit]),
      redirect: "manual",
    });
  } catch {
    const again = limit.aborted
      ? `${address.host} has not answered after ${answerMs / 1000} s`
      : `${address.host} cannot be reached`;
    return { again, waitMs: null };
  }
  const body = await answer.text().catch(() => "");
  if (answer.ok) return "sent";
  const words = `${address.host} says ${answer.status}${detailOf(body)}`;
  if (answer.status === 429 || answer.status === 408 || answer.status >= 500)
    return { again: words, waitMs: waitOf(answer.headers, body) };
  return { failed: words };
}

/** Milliseconds that a service asks to wait. The header is in seconds or a date; `retry_after` of a body in seconds, once seen in milliseconds. */
function waitOf(headers: Headers, body: string): number | null {
  const header = headers.get("retry-after");
  if (header !== null) {
    const seconds = Number(header);
    const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
    if (Number.isFinite(ms)) return Math.min(waitMaxMs, Math.max(0, ms));
  }
  const inBody = /"retry_after"\s*:\s*([0-9.]+)/.exec(body);
  return inBody === null ? null : Math.min(waitMaxMs, Number(inBody[1]) * 1000);
}

function detailOf(body: string): string {
  const text = body.replace(/\s+/g, " ").trim();
  return text === "" || text.startsWith("<") ? "" : `: ${text.slice(0, 160)}`;
}
