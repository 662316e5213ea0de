// The canonical bytes of a result: what "byte-identical" means in tests, in `lab verify` and in the papers that rest on them.
import canonicalize from "canonicalize";
import type { TrialRecord } from "./trial-record.ts";

/**
 * RFC 8785 JSON of `record.result`, in UTF-8. -0 is 0, and a failure's stack is left out: its frames name files of the machine and
 * of the executor, which are telemetry.
 */
export function resultBytesOf(record: TrialRecord): Uint8Array {
  const { outcome, ...rest } = record.result;
  const kept =
    outcome.kind === "failed"
      ? { kind: outcome.kind, reason: outcome.reason, message: outcome.message }
      : outcome;
  const text = canonicalize({ ...rest, outcome: kept });
  if (text === undefined) throw new TypeError("a result is never undefined");
  return new TextEncoder().encode(text);
}
