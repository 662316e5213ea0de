// Analysis specifications with their defaults filled in, as the builders of lib/experiment write them; for tests of reports/.
import type {
  AnalysisSpec,
  ChartSpec,
  CompareSpec,
  CurveSpec,
  CustomSpec,
  EquivalentSpec,
  GateSpec,
  InteractionSpec,
  MainEffectSpec,
  ProfileSpec,
  RelationSpec,
} from "../../lib/experiment/analysis-spec.ts";

const base = (name: string) => ({
  name,
  family: { name, correction: "holm" as const },
  confidence: 0.95,
  exploratory: false,
});
const rules = {
  tests: "estimation",
  alternative: "two-sided",
  block: null,
  cluster: null,
  by: [],
  where: {},
} as const;

export function compareSpec(metric: string, across: string, options: Partial<CompareSpec> = {}): CompareSpec {
  return {
    kind: "compare",
    ...base(`compare ${metric} across ${across}`),
    ...rules,
    metric,
    across,
    baseline: null,
    ...options,
  };
}

export function effectSpec(
  metric: string,
  factor: string,
  options: Partial<MainEffectSpec> = {},
): MainEffectSpec {
  return {
    kind: "mainEffect",
    ...base(`effect of ${factor} on ${metric}`),
    ...rules,
    metric,
    factor,
    ...options,
  };
}

export function equivalentSpec(
  metric: string,
  across: string,
  margin: number,
  options: Partial<EquivalentSpec> = {},
): EquivalentSpec {
  return {
    kind: "equivalent",
    ...base(`equivalence of ${metric} across ${across}`),
    ...rules,
    metric,
    across,
    margin,
    baseline: null,
    ...options,
  };
}

export function interactionSpec(
  metric: string,
  factors: readonly [string, string, ...string[]],
  options: Partial<InteractionSpec> = {},
): InteractionSpec {
  return {
    kind: "interaction",
    ...base(`interaction of ${factors.join(" and ")}`),
    ...rules,
    metric,
    factors,
    ...options,
  };
}

export function relationSpec(
  metric: string,
  factors: string | RelationSpec["factors"],
  options: Partial<RelationSpec> = {},
): RelationSpec {
  const all = typeof factors === "string" ? [{ name: factors, scale: "linear" as const }] : factors;
  return {
    kind: "relation",
    ...base(`relation of ${metric} to ${all.map(({ name }) => name).join(", ")}`),
    metric,
    factors: all,
    where: {},
    ...options,
  };
}

export function curveSpec(series: string, x: string, y: string, options: Partial<CurveSpec> = {}): CurveSpec {
  return {
    kind: "curve",
    ...base(`curve of ${y}`),
    series,
    x,
    y,
    across: null,
    summary: "mean",
    band: "interval",
    where: {},
    ...options,
  };
}

export function profileSpec(
  metric: string,
  across: string,
  tasks: readonly string[],
  options: Partial<ProfileSpec> = {},
): ProfileSpec {
  return {
    kind: "profile",
    ...base(`profile of ${metric}`),
    metric,
    across,
    tasks,
    baseline: null,
    normalise: null,
    ...options,
  };
}

export function gateSpec(
  metric: string,
  claim: GateSpec["claim"],
  options: Partial<GateSpec> = {},
): GateSpec {
  return { kind: "expect", ...base(`expect ${metric}`), metric, claim, where: {}, ...options };
}

export function customSpec(name: string, options: Partial<CustomSpec> = {}): CustomSpec {
  return { kind: "custom", ...base(name), ...options };
}

export function chartSpec(name: string, options: Partial<ChartSpec> = {}): ChartSpec {
  return { kind: "chart", ...base(name), ...options };
}

/** One of each kind but custom and chart, over the patience fixture. */
export const patienceAnalyses: readonly AnalysisSpec[] = [
  compareSpec("profitGain", "discount", { baseline: { level: 0.95 } }),
  effectSpec("profitGain", "discount"),
  interactionSpec("profitGain", ["firms", "discount"]),
  equivalentSpec("periods", "firms", 50_000),
  relationSpec("profitGain", "discount"),
  profileSpec("profitGain", "discount", ["firms"]),
  gateSpec("profitGain", { kind: "above", bound: 0.2 }, { where: { discount: 0.5 } }),
];
