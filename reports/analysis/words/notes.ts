// What a reader must know before believing the rest: nothing measured, a run that is not finished, constant metrics, arms
// without a success. Said once, in words, at the top of the page.
import type { LostRecords } from "../../../runtime/record/trial-table.ts";
import type { Arm, Attrition, Design, MetricSummary } from "../analysis.ts";
import { extentOf, sizeOf, vast } from "../estimates/extent.ts";
import { missingWarningOf } from "./attrition-warning.ts";
import { numberText } from "./number-text.ts";

export interface NotesInput {
  /** What damage to the store's files took from these results; null for nothing. */
  readonly lost: LostRecords | null;
  readonly design: Design;
  readonly attrition: Attrition;
  readonly metrics: readonly MetricSummary[];
  readonly arms: readonly Arm[];
}

export function notesOf(input: NotesInput): readonly string[] {
  return [...lostNotes(input.lost), ...stateNotes(input)];
}

/** Damage first: every number below was computed without what is lost. */
function lostNotes(lost: LostRecords | null): readonly string[] {
  if (lost === null || (lost.rows === 0 && lost.words.length === 0)) return [];
  const rows =
    lost.rows === null
      ? "An unknown number of trials"
      : `${numberText(lost.rows)} recorded ${lost.rows === 1 ? "trial" : "trials"}`;
  return [
    `${rows} cannot be read, because files of the store are damaged; everything below was computed without them. ${lost.words.join(" ")}`,
  ];
}

function stateNotes({ design, attrition, metrics, arms }: NotesInput): readonly string[] {
  const { total } = attrition;
  if (total.planned === 0) return ["No trial was planned: the design has no condition."];
  if (total.measured === 0)
    return ["No trial was measured, so there is nothing to report but the attrition below."];
  const notes: string[] = [];
  if (total.notRun + total.cancelled + total.budgetStopped > 0) {
    const open = total.notRun + total.cancelled + total.budgetStopped;
    notes.push(
      `The run is not complete: ${numberText(open)} of ${numberText(total.planned)} planned trials have not been run. These are interim results.`,
    );
  }
  const ended = total.failed + total.refused + total.censored;
  if (ended > 0) {
    const kinds = (["failed", "refused", "censored"] as const).filter((kind) => total[kind] > 0);
    const counts = kinds.map((kind) => `${numberText(total[kind])} ${kind}`).join(", ");
    notes.push(
      `${numberText(ended)} of ${numberText(total.planned)} planned trials ended without a measurement (${counts}); see Attrition for where and why.`,
    );
  }
  const silent = attrition.arms.filter((arm) => arm.measured === 0 && arm.notRun < arm.planned);
  if (silent.length > 0) {
    const named = silent.slice(0, 5).map((arm) => arms[arm.condition]!.label);
    const more = silent.length > named.length ? ` and ${silent.length - named.length} more` : "";
    notes.push(
      `No trial succeeded in ${silent.length === 1 ? "one arm" : `${silent.length} arms`}: ${named.join("; ")}${more}.`,
    );
  }
  for (const factor of design.factors) {
    if (factor.levels.length === 1)
      notes.push(
        `The factor ${factor.name} has one level (${factor.levels[0]}), so it has no effect to estimate.`,
      );
  }
  for (const metric of metrics) {
    const missing = missingWarningOf(metric, attrition.arms, arms);
    if (missing !== null) notes.push(missing);
    if (sizeOf(metric) > vast)
      notes.push(
        `${metric.name} holds values as large as ${numberText(sizeOf(metric))}, whose squares a double cannot hold: it is described, and neither analysed nor drawn.`,
      );
    const held = metric.cells.filter((cell) => cell.n > 0);
    const extent = extentOf(held.flatMap((cell) => [cell.min!, cell.max!]));
    const n = held.reduce((sum, cell) => sum + cell.n, 0);
    if (extent !== null && n > 1 && extent.low === extent.high)
      notes.push(
        `${metric.name} is ${numberText(extent.low)} in all ${numberText(n)} measured trials: there is nothing to compare.`,
      );
  }
  return notes;
}
