// The joint test of an interaction and the intervals of its named contrasts, by what the design's units are and by the metric. Under blocks the
// contrasts are formed within each; over independent samples they are contrasts of cell means with variances of their own.

import type { Estimate, TestResult } from "../../../lib/stats/estimate.ts";
import { blockContrasts, flippedContrasts } from "../../../lib/stats/means/block-contrasts.ts";
import { hotelling } from "../../../lib/stats/means/hotelling.ts";
import { stratifiedWelch } from "../../../lib/stats/means/stratified-welch.ts";
import { oneSampleT } from "../../../lib/stats/means/t-interval.ts";
import { welchJames } from "../../../lib/stats/means/welch-james.ts";
import { shareContrast, shareContrasts } from "../../../lib/stats/proportions/share-contrasts.ts";
import type { LevelData, LevelDesign } from "../../design/level-design.ts";
import type { EffectSize } from "../finding.ts";
import type { Coefficients, NamedContrast } from "./interaction-contrasts.ts";
import { blocksEffect, cellsEffect } from "./joint-effect.ts";
import { countOf } from "./measures/share-data.ts";

/** How the contrasts of a design are tested. */
export type ContrastMethod = "hotelling" | "repeated-measures" | "flips" | "cells" | "shares";

export interface InteractionData {
  readonly method: ContrastMethod;
  /** One a cell of the table, cut down to what all of them share. */
  readonly cells: readonly LevelData[];
  readonly kind: LevelDesign["kind"];
  readonly seed: number;
}

/** Hotelling's T squared is used from so many blocks more than contrasts on; below, its power is little and its size hangs on normality. */
const blocksBeyond = 10;

/** The rule that chooses the method: by the design, the metric's kind, and how many blocks and contrasts there are. */
export function contrastMethodOf(of: {
  readonly kind: LevelDesign["kind"];
  readonly isShare: boolean;
  readonly blocks: number;
  readonly contrasts: number;
}): ContrastMethod {
  const isBlocked = of.kind === "replicates" || of.kind === "blocks";
  if (of.isShare) return isBlocked ? "flips" : of.kind === "cells" ? "shares" : "cells";
  if (!isBlocked) return "cells";
  return of.contrasts === 1 || of.blocks >= of.contrasts + blocksBeyond ? "hotelling" : "repeated-measures";
}

/** @throws StatisticsRefusal where the data allow no test. */
export function jointTest(
  data: InteractionData,
  of: {
    readonly contrasts: readonly Coefficients[];
    readonly ladder: "estimation" | "classical";
    /** Cells of the simplest contrast of the table: 4 for two factors. */
    readonly corners: number;
  },
): { readonly test: TestResult; readonly effect: EffectSize | null } {
  const { contrasts, ladder, corners } = of;
  const what = "the interaction contrasts";
  switch (data.method) {
    case "hotelling": {
      const test = hotelling(blockRows(data, contrasts), {
        method: `Hotelling's T squared of ${what} over complete blocks`,
      });
      return { test, effect: blocksEffect(test) };
    }
    case "repeated-measures": {
      const { epsilon: _, ...test } = blockContrasts(blockRows(data, contrasts), {
        method: `repeated-measures F of ${what} over complete blocks, Greenhouse-Geisser corrected`,
      });
      return { test, effect: null };
    }
    case "flips":
      return {
        test: flippedContrasts(blockRows(data, contrasts), {
          seed: data.seed,
          method: `sign-flip test of ${what} over complete blocks`,
        }),
        effect: null,
      };
    case "cells": {
      const samples = samplesOf(data);
      const rows = contrasts.map((row) => spread(row, samples));
      const parts = { cells: samples.map(({ values }) => values), contrasts: rows };
      const test = welchJames({ ...parts, method: `Welch-James test of ${what}` });
      const n = samples.reduce((sum, { values }) => sum + values.length, 0);
      return { test, effect: cellsEffect(test, { n, ladder, isPartial: true }) };
    }
    case "shares": {
      const samples = samplesOf(data);
      return {
        test: shareContrasts({
          cells: samples.map(({ count }) => count),
          contrasts: contrasts.map((row) => spread(row, samples)),
          counted: (corners * samples.length) / data.cells.length,
          method: `Wald test of ${what} of shares, Price and Bonett's adjustment`,
        }),
        effect: null,
      };
    }
  }
}

/** One named contrast with its interval at a level, and the p value that goes with it. @throws StatisticsRefusal */
export function contrastEstimate(
  data: InteractionData,
  { coefficients }: NamedContrast,
  level: number,
): Estimate & { readonly p: number } {
  if (data.method === "shares") {
    const samples = samplesOf(data);
    return shareContrast({
      cells: samples.map(({ count }) => count),
      weights: spread(coefficients, samples),
      level,
    });
  }
  if (data.method === "cells") {
    const signed = samplesOf(data).map((sample) => ({
      values: sample.values,
      weight: sample.weight * coefficients[sample.cell]!,
    }));
    const { estimate, p } = stratifiedWelch({
      x: signed.filter(({ weight }) => weight > 0),
      y: signed.filter(({ weight }) => weight < 0).map((one) => ({ ...one, weight: -one.weight })),
      level,
    });
    return { ...estimate, method: "Welch t interval of a contrast of cells", p };
  }
  const values = blockRows(data, [coefficients]).map(([value]) => value!);
  const { estimate, p } = oneSampleT(values, { level, name: "the contrast of a block" });
  return { ...estimate, p };
}

/** Blocks that have a value in every cell. */
export function completeBlocks(cells: readonly LevelData[]): readonly string[] {
  const [first, ...rest] = cells.map(({ units }) => new Set(units.map(({ id }) => id)));
  return first === undefined ? [] : [...first].filter((id) => rest.every((own) => own.has(id)));
}

/** The contrasts of each complete block; what rounding alone leaves of a block's values is 0. */
function blockRows(
  { cells }: InteractionData,
  contrasts: readonly Coefficients[],
): readonly (readonly number[])[] {
  const maps = cells.map(({ units }) => new Map(units.map(({ id, value }) => [id, value])));
  return completeBlocks(cells).map((id) => {
    const values = maps.map((own) => own.get(id)!);
    const size = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return contrasts.map((row) => {
      const sum = row.reduce((total, weight, i) => total + weight * values[i]!, 0);
      return Math.abs(sum) <= 1e-13 * size ? 0 : sum;
    });
  });
}

interface Sample {
  /** Index of the cell of the table. */
  readonly cell: number;
  readonly values: ArrayLike<number>;
  readonly weight: number;
  readonly count: { readonly successes: number; readonly n: number };
}

/** Independent samples of each cell: its conditions, or the means of its clusters. */
function samplesOf({ cells, kind }: InteractionData): readonly Sample[] {
  return cells.flatMap((level, cell): readonly Sample[] =>
    kind === "clusters"
      ? [
          {
            cell,
            values: level.units.map(({ value }) => value),
            weight: 1,
            count: countOf(level.cells),
          },
        ]
      : level.cells.map((one) => ({
          cell,
          values: one.cell.values,
          weight: one.weight,
          count: countOf([one]),
        })),
  );
}

function spread(row: Coefficients, samples: readonly Sample[]): readonly number[] {
  return samples.map(({ cell, weight }) => row[cell]! * weight);
}
