// What a failed call means: whether to try again and when, whether the money is spent, or whether no trying helps.

export type Failure =
  /** Worth another try; the endpoint may have said when. */
  | {
      readonly kind: "retry";
      readonly cause: string;
      readonly waitMs: number | null;
      readonly isTooFast: boolean;
      /** Whether it speaks for an endpoint that is down, whatever it is asked. */
      readonly isDown: boolean;
      /** Whether the service may have worked for it all the same. */
      readonly isCharged: boolean;
    }
  /** A quota or a spending limit: nothing will be answered until somebody pays. */
  | { readonly kind: "spent"; readonly words: string }
  /** The same request will fail again. */
  | { readonly kind: "final"; readonly cause: string; readonly words: string };

/** Codes of a 429 that waiting does not cure (OpenAI, Anthropic). */
const spentCodes = /insufficient_quota|credit_balance|billing|spend_limit|quota_exceeded/;

/** What an answer that is no success means. `body` is its text. */
export function failureOf(
  answer: { readonly status: number; readonly headers: Headers; readonly body: string },
  nowMs: number,
): Failure {
  const { status, headers, body } = answer;
  const words = `${status}${wordsIn(body)}`;
  const cause = `status ${status}`;
  if (status === 402 || (status === 429 && spentCodes.test(body))) return { kind: "spent", words };
  if (status === 429)
    return {
      kind: "retry",
      cause: "rate limit",
      waitMs: askedFor(headers, nowMs),
      isTooFast: true,
      isDown: false,
      isCharged: false,
    };
  if (status === 408 || status === 409 || status >= 500) {
    const waitMs = askedFor(headers, nowMs);
    return {
      kind: "retry",
      cause,
      waitMs,
      isTooFast: status === 503 || status === 529,
      isDown: status >= 500,
      isCharged: false,
    };
  }
  if (status === 401 || status === 403) {
    return { kind: "final", cause, words: `${words}: the key is missing, wrong, or may not use this model` };
  }
  return { kind: "final", cause, words };
}

/** How long the endpoint asks to wait: retry-after-ms, Retry-After in seconds or as a date, or the reset of a rate limit; null for no word. */
export function askedFor(headers: Headers, nowMs: number): number | null {
  const exact = Number(headers.get("retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(exact)) return Math.max(0, exact);
  const after = headers.get("retry-after");
  if (after !== null) {
    const seconds = Number(after);
    if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
    const date = Date.parse(after);
    if (Number.isFinite(date)) return Math.max(0, date - nowMs);
  }
  const resets = ["requests", "tokens"]
    .filter((what) => headers.get(`x-ratelimit-remaining-${what}`) === "0")
    .flatMap((what) => durationMsOf(headers.get(`x-ratelimit-reset-${what}`)) ?? []);
  return resets.length === 0 ? null : Math.max(...resets);
}

/** "6m0s", "1s", "250ms" in milliseconds; null for anything else. */
function durationMsOf(text: string | null): number | null {
  if (text === null) return null;
  const match = /^(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+)ms)?$/.exec(text);
  if (match === null || text === "") return null;
  const [hours, minutes, seconds, ms] = match.slice(1).map((part) => Number(part ?? 0));
  return hours! * 3_600_000 + minutes! * 60_000 + seconds! * 1000 + ms!;
}

/** The endpoint's own message, cut short; its page where a proxy has answered with one is left out. */
function wordsIn(body: string): string {
  try {
    const read: unknown = JSON.parse(body);
    const error = typeof read === "object" && read !== null && "error" in read ? read.error : null;
    const message =
      typeof error === "object" && error !== null && "message" in error ? String(error.message) : null;
    return message === null ? "" : ` (${message.slice(0, 200)})`;
  } catch {
    return "";
  }
}
