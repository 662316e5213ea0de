// Why a run is to end before everything is done, by what its limits say of failures.
import { isFailure } from "../../record/outcome.ts";
import type { RecordBatch } from "../../record/record-batch.ts";
import type { RunLimits } from "./controller-options.ts";
import { unitsOf } from "./units/record-keeper.ts";
import { tooManyFailures } from "./units/verdict-words.ts";

/** In words, or null. `failed` of `total` units have failed, those of the batch among them. */
export function whyStop(
  batch: RecordBatch,
  of: { readonly limits: RunLimits; readonly failed: number; readonly total: number },
): string | null {
  const { failed, total } = of;
  const { failFast, failOnError } = of.limits;
  if (failFast && unitsOf(batch, isFailure).length > 0) return "a trial failed (--fail-fast)";
  if (failOnError !== null && failed > failOnError * total)
    return tooManyFailures(failed, total, failOnError);
  return null;
}
