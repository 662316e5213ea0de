// How often a gate passes when the true mean lies exactly at its bound, so that each pass is an error.
import type { GateClaim } from "../../../lib/experiment/analysis-spec.ts";
import type { MetricSpec } from "../../../lib/experiment/definition.ts";
import { outcomeCodes } from "../../../runtime/record/outcome.ts";
import { metricSummariesOf } from "../../analysis/estimates/metric-summary.ts";
import type { GateFinding } from "../../analysis/finding.ts";
import { gateKind } from "../../analysis/kinds/gate.ts";
import { attritionOf } from "../../design/attrition.ts";
import { gateSpec } from "../specs.ts";
import { numberMetric, syntheticResults, syntheticTable } from "../synthetic-results.ts";
import {
  event,
  exponential,
  geometric,
  lognormal,
  normal,
  type Population,
  poisson,
  streamOf,
} from "./populations.ts";
import type { Rate } from "./rate.ts";

export const about = `\`expect(metric).toBeBelow(mean)\` and \`toBeAbove(mean)\` with the true mean of the only condition as the bound: an error is a gate that
passes. A gate that is undecided is no error. At most 1.25 of nominal is tolerated. 0/1 events and counts are numbers here unless called yes or no.`;

/** The verdict of a gate on n drawn trials of one condition. */
export async function verdictOf(of: {
  readonly claim: GateClaim;
  readonly metric: MetricSpec;
  readonly n: number;
  readonly confidence?: number;
  draw(): number;
  /** Whether a trial fails before it has a value. */
  isLost?(value: number): boolean;
}): Promise<GateFinding["verdict"]> {
  const { claim, metric, n, confidence = 0.95, draw, isLost = () => false } = of;
  const values = Array.from({ length: n }, draw);
  const table = syntheticTable({
    factors: {},
    replicates: n,
    metrics: { y: metric },
    value: ({ replicate }) => values[replicate]!,
    outcome: ({ replicate }) =>
      isLost(values[replicate]!) ? { code: outcomeCodes.failed, message: "failed" } : null,
  });
  const arms = attritionOf(table);
  const metrics = metricSummariesOf(table, arms);
  const [answer] = await gateKind.answer(gateSpec("y", claim, { confidence }), {
    table,
    results: syntheticResults([table]),
    metrics,
    arms,
    customs: {},
  });
  const finding = answer!.conclude({ family: null, tests: [] });
  if (finding.kind !== "gate") throw new Error(`a gate gave a finding of kind ${finding.kind}`);
  return finding.verdict;
}

function ratesOf(of: {
  readonly name?: string;
  readonly population: Population;
  readonly metric?: MetricSpec;
  readonly sizes?: readonly number[];
  limitAt?(n: number): number | null;
  isLost?(value: number): boolean;
}): readonly Rate[] {
  const { population, metric = numberMetric(), sizes = [2, 5, 10, 20], limitAt = () => 3.125, isLost } = of;
  const { name = population.name, mean } = { ...population, ...of };
  return sizes.flatMap((n) =>
    (["below", "above"] as const).map(
      (side): Rate => ({
        name: `${side} the true mean, ${name}, n = ${n}`,
        nominal: 2.5,
        limit: limitAt(n),
        testSeeds: 300,
        async experiment(seed) {
          const random = streamOf(seed);
          const verdict = await verdictOf({
            claim: { kind: side, bound: mean },
            metric,
            n,
            draw: () => population.draw(random),
            ...(isLost === undefined ? {} : { isLost }),
          });
          return verdict === "passed";
        },
      }),
    ),
  );
}

const yesOrNo = numberMetric({ type: "boolean" });
const count = numberMetric({ type: "integer", count: { exposure: null } });
const unit = numberMetric({ range: [0, 1] });
const uniform: Population = { name: "uniform", mean: 0.5, draw: (random) => random.uniform() };

export const rates: readonly Rate[] = [
  ...[normal, exponential, lognormal, event(0.1), event(0.9), poisson(0.2), poisson(2)].flatMap(
    (population) => ratesOf({ population }),
  ),
  ...[event(0.1), event(0.9), event(0.5)].flatMap((population) =>
    ratesOf({ population, metric: yesOrNo, name: `yes or no, p = ${population.mean}` }),
  ),
  ...[poisson(0.2), poisson(2)].flatMap((population) =>
    ratesOf({ population, metric: count, name: `declared count, ${population.name}` }),
  ),
  // Five counts rarely show that they vary more than Poisson's.
  ...ratesOf({
    population: geometric(2),
    metric: count,
    name: `declared count, ${geometric(2).name}`,
    limitAt: (n) => (n === 5 ? null : 3.125),
  }),
  ...ratesOf({ population: event(0.1), metric: unit, name: "0/1 event p = 0.1, range [0, 1]" }),
  ...ratesOf({
    population: uniform,
    metric: unit,
    name: "uniform, range [0, 1], values above 0.9 lost",
    sizes: [10, 20],
    isLost: (value) => value > 0.9,
  }),
];
