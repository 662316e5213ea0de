// One level of a factor in numbers: the mean over the other factors with equal weights, its spread between units, its interval.
import { studentTUpperQuantile } from "../../../lib/stats/distribution/student-t.ts";
import { tInterval } from "../../../lib/stats/means/t-interval.ts";
import type { WeightedSample } from "../../../lib/stats/means/weighted-cells.ts";
import { momentsOf } from "../../../lib/stats/moments.ts";
import { isRefused, orRefusal } from "../../../lib/stats/refusal.ts";
import { type LevelData, samplesOf, type UnitKind } from "../../design/level-design.ts";
import type { LevelEstimate } from "../finding.ts";
import { intervalOf } from "../interval.ts";

/** Units that a finding keeps for its charts, at most. */
const unitsDefault = 100;

export function levelEstimateOf(
  level: LevelData,
  options: { readonly kind: UnitKind; readonly confidence: number; readonly unitsMax?: number },
): LevelEstimate {
  const { kind, confidence } = options;
  const values = Float64Array.from(level.units, (unit) => unit.value);
  const shared = {
    level: level.level,
    n: values.length,
    tally: null,
    ...shownUnitsOf(level, options.unitsMax),
  };
  if (values.length === 0) return { ...shared, mean: null, sd: null, interval: null };
  if (kind === "cells" && level.cells.length > 1)
    return { ...shared, ...stratifiedMean(samplesOf(level), confidence) };
  const { mean, sd } = momentsOf(values);
  // A refusal is thrown and caught, which 100,000 levels of one value would notice.
  const interval = values.length < 2 ? null : orRefusal(() => tInterval(values, { level: confidence }));
  return {
    ...shared,
    mean,
    sd: values.length > 1 ? sd : null,
    interval:
      interval === null || isRefused(interval) ? null : intervalOf({ ...interval, method: "t interval" }),
  };
}

/** The units of a level that a finding keeps: all of them, or evenly spaced ones. */
export function shownUnitsOf(
  { units }: LevelData,
  unitsMax = unitsDefault,
): Pick<LevelEstimate, "units" | "unitIds"> {
  const step = Math.max(1, units.length / unitsMax);
  const shown = Array.from(
    { length: Math.min(units.length, unitsMax) },
    (_, i) => units[Math.floor(i * step)]!,
  );
  return { units: shown.map(({ value }) => value), unitIds: shown.map(({ id }) => id) };
}

/** Equal-weight mean of the cell means, with Satterthwaite's degrees of freedom as in stratified-welch.ts; sd is within cells. */
export function stratifiedMean(
  cells: readonly WeightedSample[],
  confidence: number,
): Pick<LevelEstimate, "mean" | "sd" | "interval"> {
  if (cells.some(({ values }) => values.length === 0)) return { mean: null, sd: null, interval: null };
  const parts = cells.map(({ weight, values }) => ({ weight, ...momentsOf(values) }));
  const mean = parts.reduce((sum, part) => sum + part.weight * part.mean, 0);
  const pooledDf = parts.reduce((sum, { n }) => sum + n - 1, 0);
  if (pooledDf === 0) return { mean, sd: null, interval: null };
  const sd = Math.sqrt(parts.reduce((sum, part) => sum + (part.n - 1) * part.sd ** 2, 0) / pooledDf);
  const shares = parts.map((part) => (part.weight * part.sd) ** 2 / part.n);
  const variance = shares.reduce((sum, share) => sum + share, 0);
  if (parts.some(({ n }) => n < 2) || variance === 0) return { mean, sd, interval: null };
  const df = variance ** 2 / shares.reduce((sum, share, i) => sum + share ** 2 / (parts[i]!.n - 1), 0);
  const reach = studentTUpperQuantile((1 - confidence) / 2, df) * Math.sqrt(variance);
  return {
    mean,
    sd,
    interval: {
      low: mean - reach,
      high: mean + reach,
      level: confidence,
      method: "t interval, stratified by cell",
    },
  };
}
