// A trial that was run by itself: what it logged, its record, and whether that is what was recorded before.
import { hasMeasurement } from "../../record/outcome.ts";
import type { OneTrial } from "../../run/again/one-trial.ts";
import { exitCode } from "../exit-code.ts";
import { plainText } from "./plain-text.ts";
import { say } from "./say.ts";
import { recordLines } from "./show-record.ts";

/** Prints it and says whether the recorded result is the same; answers with the exit code. */
export function showOneTrial(
  { id, record, logs, isSame }: OneTrial,
  { json }: { readonly json: boolean },
): number {
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ trial: id, ...record.result, telemetry: record.telemetry, isSame, logs }, null, 2)}\n`,
    );
  } else {
    for (const { level, text: line } of logs) process.stderr.write(`${level}: ${plainText(line)}\n`);
    const verdict =
      isSame === null
        ? "nothing is recorded for it"
        : isSame
          ? "the recorded result is the same"
          : "the recorded result is different";
    say(process.stdout, `trial    ${id}\n${recordLines(record)}${verdict}; this replay was not recorded`);
  }
  if (isSame === false) return exitCode.gate;
  return hasMeasurement(record.result.outcome.kind) ? exitCode.done : exitCode.unmeasured;
}
