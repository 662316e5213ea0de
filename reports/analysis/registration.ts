// What was registered before the data, in sentences: when and under which hash, which analyses are confirmatory, which exploratory,
// and every departure. The results carry the facts; nothing is judged here.
import type { AnalysisSpec } from "../../lib/experiment/analysis-spec.ts";
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

function countText(count: number): string {
  return count === 1 ? "1 analysis is" : `${count} analyses are`;
}
