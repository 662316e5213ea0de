// What was declared before the data, in sentences: what was registered, when and under which hash, or what stood in the plan under which
// the first trial was recorded; which analyses are confirmatory, which exploratory, and every departure. The results carry the facts.
import type { AnalysisSpec } from "../../lib/experiment/analysis-spec.ts";
import type { FirstPlan } from "../../runtime/record/first-plan.ts";
import type { RegistrationSummary } from "../../runtime/record/registration-summary.ts";

export interface RegistrationStatement extends RegistrationSummary {
  /** Names of the analyses that were registered before the data and not changed since. */
  readonly confirmatory: readonly string[];
  /** Names of the others that are reported. */
  readonly exploratory: readonly string[];
  readonly sentences: readonly string[];
}

export function registrationStatementOf(experiment: {
  readonly registration?: RegistrationSummary;
  readonly analyses: readonly AnalysisSpec[];
}): RegistrationStatement | null {
  const { registration, analyses } = experiment;
  if (registration === undefined) return null;
  const named = (isExploratory: boolean): readonly string[] =>
    analyses.filter(({ exploratory }) => exploratory === isExploratory).map(({ name }) => name);
  const confirmatory = named(false);
  const exploratory = named(true);
  const { deviations, isBeforeData, at, hash } = registration;
  return {
    ...registration,
    confirmatory,
    exploratory,
    sentences: [
      `Question, design, analyses and stopping rule were registered on ${at.slice(0, 10)} (${at}) ${isBeforeData ? "before the first trial was recorded" : "after trials had been recorded"}, under SHA-256 ${hash}.`,
      `${countText(confirmatory.length)} confirmatory, ${exploratory.length} exploratory.`,
      deviations.length === 0
        ? "Nothing departs from the registration."
        : `${deviations.length === 1 ? "One departure" : `${deviations.length} departures`} from the registration ${deviations.length === 1 ? "is" : "are"} listed below.`,
    ],
  };
}

/** When the analyses were declared, as far as the records prove it. */
export interface DeclarationStatement {
  /** For the methods. */
  readonly sentence: string;
  /** One sentence for each analysis that was not what it is when the first trial was recorded. */
  readonly departures: readonly string[];
}

/** Null where a registration says it, and where nothing is declared. */
export function declarationStatementOf(experiment: {
  readonly registration?: RegistrationSummary;
  readonly firstPlan?: FirstPlan;
  readonly analyses: readonly AnalysisSpec[];
}): DeclarationStatement | null {
  const { registration, firstPlan, analyses } = experiment;
  if (registration !== undefined || analyses.length === 0) return null;
  if (firstPlan === undefined)
    return {
      sentence: "The records do not show whether the analyses were declared before the data.",
      departures: [],
    };
  const { hash, at } = firstPlan;
  const { added, changed, removed } = firstPlan.analyses;
  const held = analyses.length - added.length - changed.length;
  const where = `in the plan under which the first trial was recorded (${at.slice(0, 10)}, SHA-256 ${hash.slice(0, 12)})`;
  const late = added.length + changed.length;
  return {
    sentence:
      late === 0
        ? `${analyses.length === 1 ? "The analysis was fixed before the data: it stood" : `All ${analyses.length} analyses were fixed before the data: they stood`} ${where}.`
        : `${held} of ${analyses.length} analyses ${held === 1 ? "was" : "were"} fixed before the data, ${where}; the others were added or changed later and are exploratory.`,
    departures: [
      ...added.map(
        (name) =>
          `The analysis "${name}" was added after the first trial had been recorded; it is exploratory.`,
      ),
      ...changed.map(
        (name) =>
          `The analysis "${name}" was changed after the first trial had been recorded; it is exploratory.`,
      ),
      ...removed.map(
        (name) =>
          `The analysis "${name}" was declared when the first trial was recorded and is not reported.`,
      ),
    ],
  };
}

function countText(count: number): string {
  return count === 1 ? "1 analysis is" : `${count} analyses are`;
}
