// Units that have failed in this run, with the words of each failure and how often it was tried: what may be asked to run again while
// the run goes on. Words that are the same but for numbers and ids are kept once.
import { patternOf } from "../../../live/cause.ts";
import { failureReasonOf } from "../../../record/batch-layout.ts";
import { messagesOf } from "../../../record/batch-records.ts";
import { isFailure } from "../../../record/outcome.ts";
import type { RecordBatch } from "../../../record/record-batch.ts";

export interface FailedUnit {
  readonly unit: number;
  /** Its message without numbers and ids. */
  readonly pattern: string;
  readonly attempts: number;
}

export class FailedUnits {
  /** By job, then by unit. */
  readonly #units = new Map<number, Map<number, FailedUnit>>();
  readonly #patterns = new Map<string, string>();

  /** Takes the failures of a batch that stands, but for those that want an input: they would want it again. */
  keep(batch: RecordBatch): void {
    const messages = messagesOf(batch);
    const units = this.#units.get(batch.job) ?? new Map<number, FailedUnit>();
    this.#units.set(batch.job, units);
    for (let row = 0; row < batch.rows; row += 1) {
      if (!isFailure(batch.outcome[row]!) || failureReasonOf(batch.reason[row]!) === "upstream") continue;
      const unit = batch.unit[row]!;
      const pattern = this.#known(patternOf(messages.get(row) ?? ""));
      units.set(unit, { unit, pattern, attempts: batch.attempt[row]! });
    }
  }

  of(job: number): readonly FailedUnit[] {
    return [...(this.#units.get(job)?.values() ?? [])];
  }

  /** The unit is open again. */
  forget(job: number, unit: number): void {
    this.#units.get(job)?.delete(unit);
  }

  #known(pattern: string): string {
    const known = this.#patterns.get(pattern);
    if (known === undefined) this.#patterns.set(pattern, pattern);
    return known ?? pattern;
  }
}
