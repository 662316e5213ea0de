// The kind `curve`: a series over its course, one line a level with a pointwise band, and some single runs behind it.
// The unit is a trial, within its condition, or under common random numbers a replicate averaged over the other factors' conditions.
import type { CurveSpec } from "../../../lib/experiment/analysis-spec.ts";
import { tInterval } from "../../../lib/stats/means/t-interval.ts";
import { meanOf, momentsOf } from "../../../lib/stats/moments.ts";
import { isRefused, orRefusal } from "../../../lib/stats/refusal.ts";
import { bootstrap } from "../../../lib/stats/resampling/bootstrap.ts";
import { observedStatistic } from "../../../lib/stats/resampling/resample-statistic.ts";
import type { SeriesRange } from "../../../runtime/record/series-ranges.ts";
import type { RunResults, TrialTable } from "../../../runtime/record/trial-table.ts";
import { type Curves, curvesOf, type TrialCurve } from "../../design/curves.ts";
import { DesignError, groupedBy } from "../../design/level-design.ts";
import { stratifiedMean } from "../estimates/level-estimate.ts";
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
  const curves = curvesOf(table, series, { ...spec, after: spec.after ?? "omit", binsMax });
  const isCommon = table.experiment.replicates.pairing === "common-random-numbers";
  const seed = table.experiment.replicates.seed;
  const impulseAt = spec.impulseAt ?? null;
  const lines = curves.groups.map(({ label, trials }) => {
    const units = isCommon
      ? byReplicate(trials, curves.x.length)
      : trials.map(({ replicate, y }) => ({ replicate, y }));
    const cells = isCommon ? [units] : [...groupedBy(trials, ({ condition }) => String(condition)).values()];
    const points = curves.x.map((x, i) =>
      withinRange(
        pointOf(
          x,
          cells.map((cell) => cell.map(({ y }) => y[i]!).filter(Number.isFinite)),
          spec,
          seed,
        ),
        series.ranges?.[spec.y],
      ),
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
    isBinned: curves.isBinned,
    impulseAt,
    lines,
    sentences: lines.map((line) =>
      line.impulse === null
        ? endSentence(line, spec)
        : impulseSentence(line.impulse, { subject: subjectOf(line.label, spec), x: spec.x, impulseAt }),
    ),
    reason: `Each trial is first reduced to one value at each ${spec.x}${curves.isBinned ? ` (${binsMax} even bins)` : ""}; lines are the ${spec.summary.replace("-", " ")} over ${isCommon ? "replicates (averaged over the other factors)" : "trials"}, bands are ${bandText(spec)}.${cellWords(spec, isCommon, lines.length > 0)}${afterWords(spec.after, curves.endsDiffer)}${impulseAt === null ? "" : ` Changes are taken within each ${isCommon ? "replicate" : "trial"} from its own mean before ${spec.x} ${numberText(impulseAt)} and averaged over ${isCommon ? "replicates" : "trials, whatever their conditions"}, with t intervals that hold at all points at once (sup-t by sign flips of whole courses).`}`,
    notes: [
      ...endNotes(spec, curves, lines),
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

/** What the lines average over, beside units. */
function cellWords(spec: CurveSpec, isCommon: boolean, isAny: boolean): string {
  if (isCommon || !isAny) return "";
  return spec.summary === "mean"
    ? " Means and intervals are taken within conditions and averaged with equal weights, as comparisons are."
    : " Trials of all conditions of a level are taken together.";
}

function afterWords(after: CurveSpec["after"], endsDiffer: boolean): string {
  if (!endsDiffer || after === undefined || after === "omit") return "";
  return after === "last"
    ? " A trial that has ended counts on with its last value, as declared."
    : ` A trial that has ended counts as ${numberText(after)}, as declared.`;
}

/** Where trials end at unlike x and none counts on: what the lines are of, and, where the author did not choose, how to. */
function endNotes(
  spec: CurveSpec,
  { x, endsDiffer }: Curves,
  lines: CurveFinding["lines"],
): readonly string[] {
  if (!endsDiffer || (spec.after !== undefined && spec.after !== "omit")) return [];
  const first = x.findIndex((_, i) => lines.some(({ n, points }) => points[i]!.n < n));
  const last = lines.map(({ label, n, points }) => {
    const name = spec.across === null ? "" : `${label}: `;
    return `${name}${numberText(points.at(-1)?.n ?? 0)} of ${numberText(n)}`;
  });
  const more = last.length > 4 ? "; ..." : "";
  const ask =
    spec.after === undefined
      ? ` Nothing was said of what a trial counts as when it has ended: \`after: "last"\`, a value, or \`"omit"\` in \`curve\` chooses.`
      : "";
  return [
    `Trials end at unlike ${spec.x}: from ${numberText(x[Math.max(0, first)]!)} on some are missing, at the last ${spec.x} there are ${last.slice(0, 4).join("; ")}${more}. Later points are of the trials that go on, which may be unlike those that ended.${ask}`,
  ];
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

/** @param cells values of each condition; conditions count equally, and where one has none left there is no mean of all. */
function pointOf(
  x: number,
  cells: readonly (readonly number[])[],
  spec: CurveSpec,
  seed: number,
): CurvePoint {
  const values = cells.flat();
  const n = values.length;
  if (cells.some((cell) => cell.length === 0)) return { x, n, mean: null, sd: null, interval: null };
  if (spec.summary === "mean") {
    const [only] = cells;
    if (cells.length > 1 || only === undefined)
      return {
        x,
        n,
        ...stratifiedMean(
          cells.map((own) => ({ values: own, weight: 1 / cells.length })),
          spec.confidence,
        ),
      };
    const interval = orRefusal(() => tInterval(only, { level: spec.confidence }));
    return {
      x,
      n,
      mean: meanOf(only),
      sd: spreadOf(only),
      interval: isRefused(interval) ? null : intervalOf({ ...interval, method: "t interval" }),
    };
  }
  const { summary: statistic } = spec;
  const interval = orRefusal(() =>
    bootstrap(values, { statistic, method: "percentile", resamples: 1000, seed, level: spec.confidence }),
  );
  return {
    x,
    n,
    mean: observedStatistic(values, statistic),
    sd: spreadOf(values),
    interval: isRefused(interval) ? null : intervalOf(interval),
  };
}

/** An interval reaches no value that the column cannot have: what it loses there holds no mean. */
function withinRange(point: CurvePoint, range: SeriesRange | undefined): CurvePoint {
  const { interval } = point;
  if (range === undefined || interval === null) return point;
  const low = Math.max(interval.low, range.min ?? Number.NEGATIVE_INFINITY);
  const high = Math.min(interval.high, range.max ?? Number.POSITIVE_INFINITY);
  return { ...point, interval: { ...interval, low, high } };
}

function spreadOf(values: readonly number[]): number | null {
  return values.length > 1 ? momentsOf(values).sd : null;
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

/** The last point that at least half of the units reach. */
function endSentence(line: CurveFinding["lines"][number], spec: CurveSpec): string {
  const last = line.points.findLast(({ mean, n }) => mean !== null && 2 * n >= line.n);
  const subject = subjectOf(line.label, spec);
  if (last === undefined || last.mean === null) return `${subject} has no value.`;
  const decimals = last.interval === null ? null : decimalsFor((last.interval.high - last.interval.low) / 2);
  const interval = last.interval === null ? "" : ` ${intervalText(last.interval, decimals)}`;
  const end = `${numberText(last.mean, decimals)}${interval}`;
  const where = `${spec.x} ${numberText(last.x)}`;
  return last.n === line.n && last === line.points.at(-1)
    ? `${subject} ends at ${end} (${where}, n = ${last.n}).`
    : `${subject} is at ${end} at ${where}, the last that at least half reach (n = ${last.n} of ${line.n}).`;
}
