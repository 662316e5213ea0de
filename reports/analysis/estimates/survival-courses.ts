// The Kaplan-Meier curve of each level of a metric that some trial was censored in: its steps with pointwise limits, where trials were
// cut, and how many were still at risk. Over several cells of the other factors the curves are averaged with the level's weights.
import { normalUpperQuantile } from "../../../lib/stats/distribution/normal.ts";
import { kaplanMeier } from "../../../lib/stats/survival/kaplan-meier.ts";
import type { CensoredTimes } from "../../design/censored-times.ts";
import type { LevelData } from "../../design/level-design.ts";
import type { SurvivalCourse } from "../finding.ts";
import { roundStep } from "./round-numbers.ts";

/** Steps and marks kept at most: evenly spaced ones of longer lists. */
const stepsMax = 200;
const cutsMax = 100;
const risksMax = 7;

/** Empty where nothing was censored, or for more levels than a picture holds. */
export function survivalCoursesOf(
  levels: readonly LevelData[],
  { confidence, levelsMax }: { readonly confidence: number; readonly levelsMax: number },
): readonly SurvivalCourse[] {
  const timed = levels.filter(({ cells }) => cells.some(({ cell }) => cell.times !== null));
  if (timed.length === 0 || timed.length > levelsMax) return [];
  const last = timed.reduce(
    (most, { cells }) =>
      cells.reduce((own, { cell }) => (cell.times?.time ?? []).reduce((a, b) => Math.max(a, b), own), most),
    0,
  );
  const riskTimes = roundTimes(last);
  return timed.map((level) => courseOf(level, riskTimes, confidence));
}

/** From 0 on, in round steps, fewer than would make a table too wide. */
function roundTimes(last: number): readonly number[] {
  const step = roundStep((last / risksMax) * (1 + 1e-8));
  if (step === null) return [0];
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

interface WeightedTimes {
  readonly times: CensoredTimes;
  readonly weight: number;
}

function courseOf(
  { level, cells }: LevelData,
  riskTimes: readonly number[],
  confidence: number,
): SurvivalCourse {
  const held = cells.flatMap(({ cell, weight }): readonly WeightedTimes[] =>
    cell.times === null ? [] : [{ times: cell.times, weight }],
  );
  const all = held.flatMap(({ times: { time, event } }) => time.map((at, i) => ({ at, isEvent: event[i]! })));
  const points = averagedCurve(held, confidence);
  const heightAt = (time: number): number => points.findLast((point) => point.time <= time)?.share ?? 1;
  const cuts = [...new Set(all.filter(({ isEvent }) => !isEvent).map(({ at }) => at))].sort((a, b) => a - b);
  return {
    level,
    n: all.length,
    censored: all.filter(({ isEvent }) => !isEvent).length,
    points: thinned(points, stepsMax),
    cuts: thinned(cuts, cutsMax).map((time) => ({ time, share: heightAt(time) })),
    atRisk: riskTimes.map((time) => ({ time, n: all.filter(({ at }) => at >= time).length })),
  };
}

/** Greenwood's variances of the cells add up with squared weights; limits are symmetric on the log-log scale. */
function averagedCurve(held: readonly WeightedTimes[], confidence: number): SurvivalCourse["points"] {
  const curves = held.map(({ times: { time, event, origin }, weight }) => ({
    weight,
    origin,
    curve: kaplanMeier({ time: time.map((value) => value - origin), event }),
    next: 0,
  }));
  const z = normalUpperQuantile((1 - confidence) / 2);
  const times = [...new Set(curves.flatMap(({ curve, origin }) => curve.time.map((at) => at + origin)))].sort(
    (a, b) => a - b,
  );
  return times.map((time) => {
    let share = 0;
    let variance = 0;
    for (const own of curves) {
      const { curve, origin, weight } = own;
      while (own.next < curve.time.length && curve.time[own.next]! + origin <= time) own.next += 1;
      share += weight * (own.next === 0 ? 1 : curve.survival[own.next - 1]!);
      variance += (weight * (own.next === 0 ? 0 : (curve.standardError[own.next - 1] ?? 0))) ** 2;
    }
    return { time, share, ...limitsOf(share, Math.sqrt(variance), z) };
  });
}

function limitsOf(
  share: number,
  standardError: number,
  z: number,
): { readonly low: number | null; readonly high: number | null } {
  if (standardError === 0 || share <= 0 || share >= 1) return { low: null, high: null };
  const half = (z * standardError) / (share * Math.abs(Math.log(share)));
  return { low: share ** Math.exp(half), high: share ** Math.exp(-half) };
}

function thinned<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))]!);
}
