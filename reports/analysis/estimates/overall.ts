// One test over all levels of a factor at once, by the same design rules as the pairs: Welch's analysis of variance over
// independent trials (stratified where there are cells), repeated measures corrected by Greenhouse and Geisser over blocks.

import type { TestResult } from "../../../lib/stats/estimate.ts";
import { anova, welchAnova } from "../../../lib/stats/means/anova.ts";
import { welchJames } from "../../../lib/stats/means/welch-james.ts";
import {
  contrastsOf,
  type WithinBlocksTest,
  withinBlocksTest,
} from "../../../lib/stats/means/within-blocks.ts";
import { isRefused, orRefusal } from "../../../lib/stats/refusal.ts";
import type { LevelData, LevelDesign } from "../../design/level-design.ts";
import { sharedOf, withSpread } from "../../design/shared-cells.ts";
import { plainTest } from "./difference.ts";
import { cellsEffect, withinBlocksEffect } from "./joint-effect.ts";
import type { Overall } from "./measures/measure.ts";

export function overallTestOf(design: LevelDesign, ladder: "estimation" | "classical"): Overall {
  const { kind } = design;
  if (design.refusal !== null) return { test: null, effect: null, note: design.refusal };
  const levels = sharedOf(design, design.levels);
  if (levels.length < 2) return { test: null, effect: null, note: null };
  const groups = levels.map((level) => level.units.map((unit) => unit.value));
  const isFlat =
    kind === "clusters" || (kind === "cells" && levels.every((level) => level.cells.length === 1));
  if (kind === "replicates" || kind === "blocks") {
    const test = orRefusal(() => overBlocks(levels));
    if (isRefused(test)) return { test: null, effect: null, note: test.reason };
    return { test: plainTest(test), effect: withinBlocksEffect(test, ladder), note: null };
  }
  const test = orRefusal(() => {
    if (!isFlat) return stratifiedAnova(levels);
    return plainTest(ladder === "classical" ? anova(groups) : welchAnova(groups));
  });
  if (isRefused(test)) return { test: null, effect: null, note: test.reason };
  const n = levels.reduce((sum, { units }) => sum + units.length, 0);
  const effect = cellsEffect(test, { n, ladder, isPartial: !isFlat });
  return { test, effect, note: null };
}

/** Equal means of k levels over the blocks that have all of them: repeated measures, which need no sphericity and no k blocks. */
function overBlocks(levels: readonly LevelData[]): WithinBlocksTest {
  const maps = levels.map((level) => new Map(level.units.map((unit) => [unit.id, unit.value])));
  const [first, ...rest] = maps;
  const ids = [...first!.keys()].filter((id) => rest.every((map) => map.has(id)));
  return withinBlocksTest(ids.map((id) => contrastsOf(maps.map((map) => map.get(id)!))));
}

/** Equal level means, each an equal-weight average over cells with variances of their own. */
function stratifiedAnova(given: readonly LevelData[]): TestResult {
  const { levels, words } = withSpread(given);
  return welchJames({
    ...mainContrasts(levels),
    method: `Welch-James test of equal level means, stratified by cell${words}`,
  });
}

/** Each later level's weighted mean against the first's. */
function mainContrasts(levels: readonly LevelData[]) {
  const placed = levels.flatMap((level, index) => level.cells.map((cell) => ({ ...cell, index })));
  return {
    cells: placed.map(({ cell }) => cell.values),
    contrasts: levels
      .slice(1)
      .map((_, i) =>
        placed.map(({ weight, index }) => (index === i + 1 ? weight : index === 0 ? -weight : 0)),
      ),
  };
}
