// The measure of numbers under common random numbers with a declared block or cluster: trials share luck by replicate and by block, and
// both are counted. An error is that between blocks plus that between replicates, less what both hold.
import { fUpper } from "../../../../lib/stats/distribution/f.ts";
import type { TestResult } from "../../../../lib/stats/estimate.ts";
import { tBounds } from "../../../../lib/stats/interval-of.ts";
import { contrastsOf } from "../../../../lib/stats/means/within-blocks.ts";
import { meanOf, momentsOf } from "../../../../lib/stats/moments.ts";
import { isRefused, orRefusal, refuse } from "../../../../lib/stats/refusal.ts";
import { type LevelData, type LevelDesign, unitsOf } from "../../../design/level-design.ts";
import { sharedOf } from "../../../design/shared-cells.ts";
import type { MetricSummary } from "../../analysis.ts";
import { intervalOf } from "../../interval.ts";
import { crossedReason } from "../../words/design-words.ts";
import { detectableOf } from "./detectable.ts";
import type { Difference, Measure, Overall, PairInput } from "./measure.ts";
import { tContrast } from "./t-contrast.ts";

const method = "blocks and replicates counted together";

export function crossedMeansMeasure(metric: MetricSummary, design: LevelDesign): Measure {
  return {
    estimand: {
      name: "difference of means",
      unit: metric.unit,
      levelName: "mean",
      scale: "difference",
      reference: 0,
    },
    levelEstimate(level, { confidence, unitsMax = 100 }) {
      const { units } = level;
      const shown = units.slice(0, unitsMax);
      const shared = {
        level: level.level,
        n: units.length,
        tally: null,
        units: shown.map(({ value }) => value),
        unitIds: shown.map(({ id }) => id),
      };
      if (units.length === 0) return { ...shared, mean: null, sd: null, interval: null };
      const { mean, sd } = momentsOf(units.map(({ value }) => value));
      const found = orRefusal(() => errorOf([marginsOf(level)]));
      if (isRefused(found)) return { ...shared, mean, sd: units.length > 1 ? sd : null, interval: null };
      const standardError = Math.sqrt(found.variance);
      const ends = tBounds({
        value: mean,
        standardError,
        df: found.df,
        level: confidence,
        alternative: "two-sided",
      });
      const interval = {
        value: mean,
        ...ends,
        level: confidence,
        method: `t interval, ${method}`,
        n: units.length,
      };
      return { ...shared, mean, sd, interval: intervalOf(interval) };
    },
    difference: (input) => differenceOf(design, input),
    joint: () => null,
    overall: () => overallOf(design),
    reason: (rule) => crossedReason(design, rule),
  };
}

/** A level, or the difference of two, by what its trials share. */
interface Margins {
  /** Of the values behind it, which sets what rounding can do. */
  readonly size: number;
  readonly blocks: ReadonlyMap<string, number>;
  readonly replicates: ReadonlyMap<string, number>;
  /** Value of a block in a replicate, less the block's mean. */
  readonly deviations: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

function marginsOf({ cells, units }: LevelData): Margins {
  const sums = new Map<string, Map<number, { sum: number; count: number }>>();
  for (const { cell, group } of cells) {
    const own = sums.get(group) ?? new Map<number, { sum: number; count: number }>();
    sums.set(group, own);
    const mean = meanOf(cell.values);
    cell.values.forEach((value, i) => {
      const held = own.get(cell.replicates[i]!) ?? { sum: 0, count: 0 };
      own.set(cell.replicates[i]!, { sum: held.sum + value - mean, count: held.count + 1 });
    });
  }
  return {
    size: units.reduce((most, { value }) => Math.max(most, Math.abs(value)), 0),
    blocks: new Map(units.map(({ id, value }) => [id, value])),
    replicates: new Map(unitsOf(cells, "replicates").map(({ id, value }) => [id, value])),
    deviations: new Map(
      [...sums].map(([group, own]) => [
        group,
        new Map([...own].map(([replicate, { sum, count }]) => [replicate, sum / count])),
      ]),
    ),
  };
}

/** A sum of margins with weights, over the blocks and replicates that all have. */
function combined(margins: readonly Margins[], weights: readonly number[]): Margins {
  const [first, ...rest] = margins;
  const sumOf = <K>(maps: readonly ReadonlyMap<K, number>[]): ReadonlyMap<K, number> =>
    new Map(
      [...maps[0]!.keys()]
        .filter((key) => maps.every((map) => map.has(key)))
        .map((key) => [key, maps.reduce((sum, map, i) => sum + weights[i]! * map.get(key)!, 0)]),
    );
  const groups = [...first!.deviations.keys()].filter((group) =>
    rest.every(({ deviations }) => deviations.has(group)),
  );
  return {
    size: Math.max(...margins.map(({ size }) => size)),
    blocks: sumOf(margins.map(({ blocks }) => blocks)),
    replicates: sumOf(margins.map(({ replicates }) => replicates)),
    deviations: new Map(
      groups.map((group) => [group, sumOf(margins.map(({ deviations }) => deviations.get(group)!))]),
    ),
  };
}

interface CrossedError {
  readonly variance: number;
  readonly df: number;
}

/**
 * The variance of the mean of crossed blocks and replicates: s2(blocks) / B + s2(replicates) / R - s2(both) / (B R), never below either of the
 * first two, with Satterthwaite's degrees of freedom. Several parts are levels whose clusters are their own; `joint` is then what their
 * replicates share. For two levels its t is the root of the quasi-F of two crossed random factors: Clark, Journal of Verbal Learning and
 * Verbal Behavior 12 (1973) 335-359; the same sum for errors that cluster both ways: Cameron, Gelbach and Miller, Journal of Business &
 * Economic Statistics 29 (2011) 238-249.
 */
function errorOf(parts: readonly Margins[], joint?: ReadonlyMap<string, number>): CrossedError {
  const blocks = parts.map(({ blocks: own }) => {
    if (own.size < 2)
      refuse("too-few", "fewer than two blocks have values, so that their scatter is unknown");
    return { share: varianceOf(own) / own.size, df: own.size - 1 };
  });
  const replicates = joint ?? parts[0]!.replicates;
  if (replicates.size < 2)
    refuse("too-few", "fewer than two replicates have values, so that their scatter is unknown");
  const between = {
    variance: blocks.reduce((sum, { share }) => sum + share, 0),
    df: satterthwaite(blocks.map(({ share, df }) => ({ variance: share, df }))),
  };
  const shared = { variance: varianceOf(replicates) / replicates.size, df: replicates.size - 1 };
  const both = parts.map(interactionOf);
  const less = both.reduce((sum, { variance }) => sum + variance, 0);
  const larger = between.variance > shared.variance ? between : shared;
  const variance = between.variance + shared.variance - less;
  // What is all the same but for rounding has no error to judge by.
  const size = Math.max(...parts.map((part) => part.size));
  if (!(larger.variance > (1e-13 * size) ** 2))
    refuse("no-variation", "neither blocks nor replicates vary; there is no error to judge by");
  if (variance <= larger.variance) return larger;
  return { variance, df: satterthwaite([between, shared, ...both], variance) };
}

/** What is left of a two-way table without its margins, as a part of the variance of its mean. */
function interactionOf({ deviations }: Margins): CrossedError {
  const columns = new Map<number, number[]>();
  for (const own of deviations.values())
    for (const [replicate, value] of own) {
      const column = columns.get(replicate) ?? [];
      columns.set(replicate, column);
      column.push(value);
    }
  let squares = 0;
  for (const column of columns.values()) {
    const mean = meanOf(column);
    for (const value of column) squares += (value - mean) ** 2;
  }
  const df = Math.max(1, (deviations.size - 1) * (columns.size - 1));
  return { variance: squares / df / (deviations.size * columns.size), df };
}

function satterthwaite(parts: readonly CrossedError[], total?: number): number {
  const sum = total ?? parts.reduce((all, { variance }) => all + variance, 0);
  const squares = parts.reduce((all, { variance, df }) => all + variance ** 2 / df, 0);
  return squares === 0 ? parts.reduce((all, { df }) => all + df, 0) : sum ** 2 / squares;
}

function varianceOf(values: ReadonlyMap<unknown, number>): number {
  return momentsOf([...values.values()]).sd ** 2;
}

function differenceOf(design: LevelDesign, { x, y, rule, side }: PairInput): Difference {
  const isPaired = design.kind === "blocks";
  const pair = [marginsOf(x), marginsOf(y)] as const;
  const both = combined(pair, [1, -1]);
  const valuesOf = ({ blocks }: Margins) =>
    [...blocks].filter(([id]) => !isPaired || both.blocks.has(id)).map(([, value]) => value);
  const values = { x: valuesOf(pair[0]), y: valuesOf(pair[1]) };
  const found = orRefusal(() => {
    const { variance, df } = isPaired ? errorOf([both]) : errorOf(pair, both.replicates);
    const of = {
      value: meanOf(values.x) - meanOf(values.y),
      standardError: Math.sqrt(variance),
      df,
      method: `t test, ${method}`,
      n: [values.x.length, values.y.length],
    };
    return tContrast(of, { level: rule.confidence, side });
  });
  return {
    isPaired,
    ...values,
    chosen: found,
    measuresAt: () => [],
    detectableAt: (tail) => (isRefused(found) ? null : detectableOf(found, tail)),
    alternatives: [],
    assumptions: [],
  };
}

/** The quasi-F of all contrasts of levels within blocks, its degrees of freedom multiplied by Greenhouse and Geisser's epsilon of the larger part. */
function overallOf(design: LevelDesign): Overall {
  const levels = sharedOf(design, design.levels);
  if (levels.length < 2) return { test: null, effect: null, note: null };
  const test = orRefusal((): TestResult => {
    if (design.kind === "clusters")
      refuse(
        "bad-option",
        "there is no joint test of levels whose clusters are their own and whose replicates are shared; pairs are tested",
      );
    const margins = levels.map(marginsOf);
    const weights = contrastWeights(levels.length);
    const contrasts = weights.map((row) => combined(margins, row));
    const errors = contrasts.map((contrast) => errorOf([contrast]));
    const total = errors.reduce((sum, { variance }) => sum + variance, 0);
    const squares = contrasts.reduce((sum, { blocks }) => sum + meanOf([...blocks.values()]) ** 2, 0);
    const epsilon = epsilonOf(contrasts.map(({ blocks }) => [...blocks.values()]));
    const q = contrasts.length;
    const df = [epsilon * q, epsilon * q * Math.min(...errors.map((error) => error.df))] as const;
    const statistic = squares / total;
    return {
      method: `quasi-F test, ${method}, Greenhouse-Geisser`,
      symbol: "F",
      statistic,
      df,
      p: fUpper(statistic, { df1: df[0], df2: df[1] }),
      alternative: "two-sided",
      n: [contrasts[0]!.blocks.size, contrasts[0]!.replicates.size],
    };
  });
  return isRefused(test)
    ? { test: null, effect: null, note: test.reason }
    : { test, effect: null, note: null };
}

function contrastWeights(k: number): readonly (readonly number[])[] {
  const columns = Array.from({ length: k }, (_, j) =>
    contrastsOf(Array.from({ length: k }, (__, i) => (i === j ? 1 : 0))),
  );
  return columns[0]!.map((_, i) => columns.map((column) => column[i]!));
}

function epsilonOf(contrasts: readonly (readonly number[])[]): number {
  const centred = contrasts.map((values) => values.map((value) => value - meanOf(values)));
  const products = centred.map((a) =>
    centred.map((b) => a.reduce((sum, value, i) => sum + value * b[i]!, 0)),
  );
  const trace = products.reduce((sum, row, i) => sum + row[i]!, 0);
  const squares = products.reduce((sum, row) => sum + row.reduce((own, value) => own + value ** 2, 0), 0);
  const q = contrasts.length;
  return squares === 0 ? 1 / q : Math.min(1, Math.max(1 / q, trace ** 2 / (q * squares)));
}
