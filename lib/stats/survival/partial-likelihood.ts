// Cox's partial likelihood with its first two derivatives, summed over event times; each time may carry a weight, which is what tests of
// proportionality need.
import type { SurvivalSample } from "./survival-sample.ts";

/** Times with their covariates, in strata or in one. */
export interface CoxData extends SurvivalSample {
  /** covariates[i] holds one number for each term, for the i-th time. A group is 0 or 1. */
  readonly covariates: readonly (readonly number[])[];
  /** Baseline hazards of their own, by observation; one for all unless told. */
  readonly strata?: readonly unknown[];
}

/** One event time of one stratum: covariates of those at risk and of those with the event. */
export interface RiskTime {
  readonly time: number;
  readonly atRisk: readonly (readonly number[])[];
  readonly events: readonly (readonly number[])[];
  readonly ties: "efron" | "breslow";
}

/** The event times of all strata. Covariates are centred, so that exponentials stay in range. */
export function riskTimesOf(
  { time, event, covariates, strata }: CoxData,
  ties: "efron" | "breslow",
): readonly RiskTime[] {
  const means = covariates[0]!.map(
    (_, term) => covariates.reduce((sum, row) => sum + row[term]!, 0) / covariates.length,
  );
  const centred = covariates.map((row) => row.map((value, term) => value - means[term]!));
  const found: RiskTime[] = [];
  for (const stratum of new Set(strata ?? [undefined])) {
    const own = Array.from(time.keys()).filter((at) => strata === undefined || strata[at] === stratum);
    for (const now of new Set(own.filter((at) => event[at]!).map((at) => time[at]!)))
      found.push({
        time: now,
        atRisk: own.filter((at) => time[at]! >= now).map((at) => centred[at]!),
        events: own.filter((at) => time[at] === now && event[at]!).map((at) => centred[at]!),
        ties,
      });
  }
  return found;
}

/** Log likelihood, score and information at `beta`, each time's part multiplied by its weight. */
export function sumsAt(
  times: readonly RiskTime[],
  beta: readonly number[],
  weightOf: (time: number) => number = () => 1,
): {
  readonly logLikelihood: number;
  readonly score: readonly number[];
  readonly information: readonly (readonly number[])[];
} {
  const p = beta.length;
  const score = new Array<number>(p).fill(0);
  const information = Array.from({ length: p }, () => new Array<number>(p).fill(0));
  let logLikelihood = 0;
  for (const { time, atRisk, events, ties } of times) {
    const weight = weightOf(time);
    const all = weighted(atRisk, beta);
    const tied = weighted(events, beta);
    for (const row of events) {
      for (let i = 0; i < p; i += 1) {
        logLikelihood += weight * beta[i]! * row[i]!;
        score[i]! += weight * row[i]!;
      }
    }
    for (let event = 0; event < events.length; event += 1) {
      const share = ties === "efron" ? event / events.length : 0;
      const total = all.total - share * tied.total;
      const mean = all.first.map((value, i) => (value - share * tied.first[i]!) / total);
      logLikelihood -= weight * Math.log(total);
      for (let i = 0; i < p; i += 1) {
        score[i]! -= weight * mean[i]!;
        for (let j = 0; j < p; j += 1)
          information[i]![j]! +=
            weight * ((all.second[i]![j]! - share * tied.second[i]![j]!) / total - mean[i]! * mean[j]!);
      }
    }
  }
  return { logLikelihood, score, information };
}

/** Sums of exp(beta x), of x exp(beta x) and of x x' exp(beta x). */
function weighted(rows: readonly (readonly number[])[], beta: readonly number[]) {
  const p = beta.length;
  const first = new Array<number>(p).fill(0);
  const second = Array.from({ length: p }, () => new Array<number>(p).fill(0));
  let total = 0;
  for (const row of rows) {
    const risk = Math.exp(row.reduce((sum, value, index) => sum + value * beta[index]!, 0));
    total += risk;
    for (let i = 0; i < p; i += 1) {
      first[i]! += risk * row[i]!;
      for (let j = 0; j < p; j += 1) second[i]![j]! += risk * row[i]! * row[j]!;
    }
  }
  return { total, first, second };
}
