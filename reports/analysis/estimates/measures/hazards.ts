// The hazard ratio of two levels (Cox), with the check that it is one number: where hazards are not proportional it is left out, and the
// restricted means say what there is to say.

import { settledInterval } from "../../../../lib/stats/proportions/settled-interval.ts";
import { isRefused, orRefusal } from "../../../../lib/stats/refusal.ts";
import { cox } from "../../../../lib/stats/survival/cox.ts";
import type { AssumptionCheck, EffectSize } from "../../finding.ts";
import { effectIntervalOf } from "../../interval.ts";
import { numberText, pText } from "../../words/number-text.ts";
import type { PairInput } from "./measure.ts";
import type { StratifiedTimes } from "./time-data.ts";

/** Times of both levels, at most: the partial likelihood is summed over risk sets, one an event. */
const timesMax = 2000;
/** The level of the check. */
const checkLevel = 0.05;

export interface Hazards {
  readonly checks: readonly AssumptionCheck[];
  /** Given the two-sided p of the comparison, with which the ratio's interval must not disagree. */
  measuresAt(level: number, p: number): readonly EffectSize[];
}

const nothing: Hazards = { checks: [], measuresAt: () => [] };

/** Of level x over level y: above 1 where x ends sooner. Nothing for clusters, or where no hazard ratio can be had. */
export function hazardsOf({ groups, strata }: StratifiedTimes, { design, x, y }: PairInput): Hazards {
  const [own, other] = groups as readonly [(typeof groups)[number], (typeof groups)[number]];
  const n = own.time.length + other.time.length;
  if (design.kind === "clusters" || design.basis === "regression" || n > timesMax) return nothing;
  const data = {
    time: [...own.time, ...other.time],
    event: [...own.event, ...other.event],
    covariates: [...own.time.map(() => [1]), ...other.time.map(() => [0])],
    strata: strata.flat(),
  };
  const fit = orRefusal(() => cox(data));
  if (isRefused(fit)) return nothing;
  const check = fit.proportionality.terms[0]!;
  const isProportional = check.p >= checkLevel;
  return {
    checks: [
      {
        name: `Proportional hazards (Grambsch and Therneau), ${x.level} rather than ${y.level}`,
        statistic: check.statistic,
        p: check.p,
        verdict: isProportional
          ? `nothing against proportional hazards (${pText(check.p)}): the hazard ratio is ${numberText(fit.terms[0]!.hazardRatio.value, 2)}`
          : `hazards are not proportional (${pText(check.p)}): a hazard ratio would mean nothing and is left out; read the restricted means and the curves`,
      },
    ],
    measuresAt: (level, p) => (isProportional ? [ratioAt(data, level, p)] : []),
  };
}

function ratioAt(data: Parameters<typeof cox>[0], level: number, p: number): EffectSize {
  const estimate = settledInterval({
    ...{ p, level, null: 1 },
    at: (own) => cox({ ...data, level: own }).terms[0]!.hazardRatio,
  });
  return { name: "hazard ratio", value: estimate.value, interval: effectIntervalOf(estimate), label: null };
}
