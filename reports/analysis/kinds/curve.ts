// The kind `curve`: a series over its course, one line a level with a pointwise band, and some single runs behind it.
// The unit is a trial, or under common random numbers a replicate averaged over the other factors' conditions.
import type { CurveSpec } from "../../../lib/experiment/analysis-spec.ts";
import { bootstrap } from "../../../lib/stats/bootstrap.ts";
import { meanOf, momentsOf } from "../../../lib/stats/moments.ts";
import { isRefused, orRefusal } from "../../../lib/stats/refusal.ts";
import { observedStatistic } from "../../../lib/stats/resample-statistic.ts";
import { tInterval } from "../../../lib/stats/t-interval.ts";
import type { RunResults, TrialTable } from "../../../runtime/record/trial-table.ts";
import { curvesOf, type TrialCurve } from "../../design/curves.ts";
import { DesignError } from "../../design/level-design.ts";
import type { CurveFinding, CurvePoint } from "../finding.ts";
import { intervalOf } from "../interval.ts";
import { decimalsFor, intervalText, numberText } from "../words/number-text.ts";
import { impulseResponseOf, impulseSentence } from "./impulse.ts";
import { type AnalysisKind, findingIdOf, plainKind, saidWithin, untested } from "./kind.ts";

export const curveKind: AnalysisKind<CurveSpec> = {
  ...plainKind,
  async answer(spec, { table, results }) {
    return [
      untested(
        saidWithin(spec.where, await curveFindingOf({ spec, table, results, id: findingIdOf(spec.name) })),
      ),
    ];
  },
};

const binsMax = 60;
const runsMax = 12;

async function curveFindingOf(input: {
  readonly spec: CurveSpec;
  readonly table: TrialTable;
  readonly results: RunResults;
  readonly id: string;
}): Promise<CurveFinding> {
  const { spec, table, results, id } = input;
  const series = await results.series(table.experiment.name, spec.series).catch((error: unknown) => {
    throw new DesignError(
      `the series ${spec.series} cannot be read: ${error instanceof Error ? error.message : error}`,
    );
  });
  const curves = curvesOf(table, series, { ...spec, binsMax });
  const isCommon = table.experiment.replicates.pairing === "common-random-numbers";
  const seed = table.experiment.replicates.seed;
  const impulseAt = spec.impulseAt ?? null;
  const lines = curves.groups.map(({ label, trials }) => {
    const units = isCommon
      ? byReplicate(trials, curves.x.length)
      : trials.map(({ replicate, y }) => ({ replicate, y }));
    const points = curves.x.map((x, i) =>
      pointOf(x, units.map(({ y }) => y[i]!).filter(Number.isFinite), spec, seed),
    );
    const step = Math.max(1, units.length / runsMax);
    const shown = Array.from(
      { length: Math.min(units.length, runsMax) },
      (_, i) => units[Math.floor(i * step)]!,
    );
    const runs = shown.map(({ replicate, y }) => ({
      replicate,
      y: Array.from(y, (value) => (Number.isFinite(value) ? value : null)),
    }));
    const impulse =
      impulseAt === null
        ? null
        : impulseResponseOf({ x: curves.x, units, impulseAt, level: spec.confidence, seed });
    return { label, n: units.length, points, runs, impulse };
  });
  return {
    kind: "curve",
    id,
    title: spec.name,
    series: spec.series,
    x: spec.x,
    y: spec.y,
    factor: spec.across,
    summary: spec.summary,
    band: bandOf(spec),
    impulseAt,
    lines,
    sentences: lines.map((line) =>
      line.impulse === null
        ? endSentence(line, spec)
        : impulseSentence(line.impulse, { subject: subjectOf(line.label, spec), x: spec.x, impulseAt }),
    ),
    reason: `Each trial is first reduced to one value at each ${spec.x}${curves.isBinned ? ` (${binsMax} even bins)` : ""}; lines are the ${spec.summary.replace("-", " ")} over ${isCommon ? "replicates (averaged over the other factors)" : "trials"}, bands are ${bandText(spec)}.${impulseAt === null ? "" : ` Changes are taken within each ${isCommon ? "replicate" : "trial"} from its own mean before ${spec.x} ${numberText(impulseAt)}, with t intervals that hold at all points at once (sup-t by sign flips of whole courses).`}`,
    notes: [
      ...(lines.length === 0 ? [`No measured trial recorded a row of ${spec.series}.`] : []),
      ...(impulseAt !== null && lines.some(({ impulse }) => impulse === null)
        ? [
            `Nothing was recorded before the impulse at ${spec.x} ${numberText(impulseAt)}, so there is nothing to hold the course against.`,
          ]
        : []),
    ],
    isConfirmatory: !spec.exploratory,
  };
}

/** Plans frozen before bands could be chosen have none: they meant intervals. */
function bandOf(spec: CurveSpec): CurveFinding["band"] {
  return spec.band === "standard-deviation" ? spec.band : "interval";
}

function bandText(spec: CurveSpec): string {
  if (bandOf(spec) === "standard-deviation") return "one standard deviation at each side";
  const method = spec.summary === "mean" ? "t" : "bootstrap, 1000 resamples";
  return `pointwise ${Math.round(100 * spec.confidence)}% intervals (${method})`;
}

function pointOf(x: number, values: readonly number[], spec: CurveSpec, seed: number): CurvePoint {
  if (values.length === 0) return { x, n: 0, mean: null, sd: null, interval: null };
  const sd = values.length > 1 ? momentsOf(values).sd : null;
  if (spec.summary === "mean") {
    const interval = orRefusal(() => tInterval(values, { level: spec.confidence }));
    return {
      x,
      n: values.length,
      mean: meanOf(values),
      sd,
      interval: isRefused(interval) ? null : intervalOf({ ...interval, method: "t interval" }),
    };
  }
  const { summary: statistic } = spec;
  const interval = orRefusal(() =>
    bootstrap(values, { statistic, method: "percentile", resamples: 1000, seed, level: spec.confidence }),
  );
  return {
    x,
    n: values.length,
    mean: observedStatistic(values, statistic),
    sd,
    interval: isRefused(interval) ? null : intervalOf(interval),
  };
}

/** Averages the trials of a replicate; a bin counts only where all of them have a value. */
function byReplicate(
  trials: readonly TrialCurve[],
  bins: number,
): readonly { readonly replicate: number; readonly y: Float64Array }[] {
  const conditions = new Set(trials.map(({ condition }) => condition)).size;
  const groups = new Map<number, TrialCurve[]>();
  for (const trial of trials) groups.set(trial.replicate, [...(groups.get(trial.replicate) ?? []), trial]);
  return [...groups]
    .filter(([, own]) => own.length === conditions)
    .map(([replicate, own]) => ({
      replicate,
      y: Float64Array.from(
        { length: bins },
        (_, bin) => own.reduce((sum, { y }) => sum + y[bin]!, 0) / own.length,
      ),
    }));
}

function subjectOf(label: string, spec: CurveSpec): string {
  return spec.across === null ? spec.y : `${spec.across} = ${label}: ${spec.y}`;
}

function endSentence(line: CurveFinding["lines"][number], spec: CurveSpec): string {
  const last = line.points.findLast(({ mean }) => mean !== null);
  const subject = subjectOf(line.label, spec);
  if (last === undefined || last.mean === null) return `${subject} has no value.`;
  const decimals = last.interval === null ? null : decimalsFor((last.interval.high - last.interval.low) / 2);
  const interval = last.interval === null ? "" : ` ${intervalText(last.interval, decimals)}`;
  return `${subject} ends at ${numberText(last.mean, decimals)}${interval} (${spec.x} ${numberText(last.x)}, n = ${last.n}).`;
}
