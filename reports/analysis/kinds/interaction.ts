// The kind `interaction`: whether the effect of one factor depends on the level of another. Under common random numbers the
// contrasts are formed within each replicate; over independent trials they are contrasts of cell means with variances of
// their own, tested jointly.
import type { InteractionSpec } from "../../../lib/experiment/analysis-spec.ts";
import type { TestResult } from "../../../lib/stats/estimate.ts";
import { hotelling } from "../../../lib/stats/hotelling.ts";
import { isRefused, orRefusal, refuse } from "../../../lib/stats/refusal.ts";
import { welchJames } from "../../../lib/stats/welch-james.ts";
import type { TrialTable } from "../../../runtime/record/trial-table.ts";
import { levelText } from "../../design/arm.ts";
import { type LevelDesign, levelDesignOf } from "../../design/level-design.ts";
import { blocksEffect, cellsEffect } from "../estimates/joint-effect.ts";
import { levelEstimateOf } from "../estimates/level-estimate.ts";
import type { EffectSize, InteractionFinding } from "../finding.ts";
import { pText } from "../words/number-text.ts";
import { effectText, testText } from "../words/sentence.ts";
import {
  type AnalysisKind,
  type Answer,
  findingIdOf,
  numericMetric,
  plainKind,
  saidWithin,
  untested,
} from "./kind.ts";

export const interactionKind: AnalysisKind<InteractionSpec> = {
  ...plainKind,
  answer(spec, input) {
    numericMetric(spec.metric, input);
    const { table } = input;
    return [interactionAnswerOf({ spec, table, id: findingIdOf(spec.name) })];
  },
};

function interactionAnswerOf(input: {
  readonly spec: InteractionSpec;
  readonly table: TrialTable;
  readonly id: string;
}): Answer<InteractionFinding> {
  const { spec, table, id } = input;
  const [first, second] = spec.factors as readonly [string, string];
  const levels = table.experiment.factors.find(({ name }) => name === first)?.levels ?? [];
  const designs = levels.map((level) => ({
    level: levelText(level),
    design: levelDesignOf(table, {
      metric: spec.metric,
      factor: second,
      where: { ...spec.where, [first]: level },
      block: spec.block,
      cluster: spec.cluster,
    }),
  }));
  const cells = designs.flatMap(({ level, design }) =>
    design.levels.map((data) => ({
      ...levelEstimateOf(data, { kind: design.kind, confidence: spec.confidence, unitsMax: 0 }),
      first: level,
      second: data.level,
    })),
  );
  const found = orRefusal(() =>
    testOf(
      designs.map(({ design }) => design),
      spec.tests,
    ),
  );
  const title = `${spec.metric}: ${first} with ${second}`;
  const shared = {
    kind: "interaction" as const,
    id,
    title,
    metric: spec.metric,
    factors: [first, second] as const,
    cells,
    notes: designs.flatMap(({ design }) => design.notes),
    isConfirmatory: !spec.exploratory,
  };
  if (isRefused(found))
    return untested(
      saidWithin(spec.where, {
        ...shared,
        test: null,
        pAdjusted: null,
        family: null,
        effect: null,
        sentences: [
          `Whether the effect of ${second} on ${spec.metric} depends on ${first} cannot be tested: ${found.reason}.`,
        ],
        reason: "",
      }),
    );
  const { test, effect } = found;
  return {
    tests: [{ p: test.p, intervalAt: null }],
    conclude({ family, tests }) {
      const pAdjusted = tests[0]!.pAdjusted;
      const isFound = (pAdjusted ?? test.p) < 1 - spec.confidence;
      const adjusted = pAdjusted === null ? "" : `, adjusted ${pText(pAdjusted)}`;
      const words = `${testText(test)}${adjusted}${effect === null ? "" : `, ${effectText(effect)}`}`;
      return saidWithin(spec.where, {
        ...shared,
        test,
        pAdjusted,
        family,
        effect,
        sentences: [
          isFound
            ? `The effect of ${second} on ${spec.metric} depends on ${first}: ${words}.`
            : `That the effect of ${second} on ${spec.metric} depends on ${first} is not shown: ${words}. Inconclusive, not absent.`,
        ],
        reason: reasonOf(designs[0]!.design, spec),
      });
    },
  };
}

function reasonOf({ kind }: LevelDesign, { block, cluster }: InteractionSpec): string {
  switch (kind) {
    case "replicates":
      return withinUnit("replicate");
    case "blocks":
      return withinUnit(block ?? cluster ?? "block");
    case "clusters":
      return `Trials of one ${cluster ?? "cluster"} are not independent, so its mean is the unit; interaction contrasts of the means, each combination with a variance of its own, are tested jointly (Welch-James with Johansen's degrees of freedom).`;
    case "cells":
      return "Interaction contrasts of the cell means, each cell with a variance of its own, are tested jointly (Welch-James with Johansen's degrees of freedom).";
  }
}

function withinUnit(unit: string): string {
  return `Interaction contrasts are formed within each ${unit} (the block) and tested jointly by Hotelling's T squared.`;
}

/** Contrasts of two factors beyond this many are shown as a table and a picture, not tested. */
const contrastsMax = 200;

interface Tested {
  readonly test: TestResult;
  readonly effect: EffectSize | null;
}

function testOf(designs: readonly LevelDesign[], ladder: InteractionSpec["tests"]): Tested {
  const [base] = designs;
  if (designs.length < 2 || base === undefined || base.levels.length < 2)
    refuse("too-few", "an interaction needs two levels of both factors");
  const names = base!.levels.map(({ level }) => level);
  if (designs.some(({ levels }) => levels.length !== names.length))
    refuse("empty-cell", "some combination of the two factors is not in the results");
  const contrasts = (designs.length - 1) * (names.length - 1);
  if (contrasts > contrastsMax) {
    refuse(
      "too-large",
      `it has ${contrasts} contrasts, and a joint test of more than ${contrastsMax} is not made`,
    );
  }
  if (base!.kind === "replicates" || base!.kind === "blocks") {
    const test = withinBlocks(designs);
    return { test, effect: blocksEffect(test) };
  }
  const parts = cellContrasts(designs);
  const test = welchJames({ ...parts, method: "Welch-James test of the interaction contrasts" });
  return { test, effect: cellsEffect({ ...parts, ladder }) };
}

/** (k - 1)(m - 1) contrasts a block against the first levels of both factors. */
function withinBlocks(designs: readonly LevelDesign[]): TestResult {
  const maps = designs.map(({ levels }) =>
    levels.map(({ units }) => new Map(units.map((unit) => [unit.id, unit.value]))),
  );
  const ids = [...maps[0]![0]!.keys()].filter((id) => maps.every((row) => row.every((map) => map.has(id))));
  const rows = ids.map((id) => {
    const at = (i: number, j: number) => maps[i]![j]!.get(id)!;
    return maps
      .slice(1)
      .flatMap((row, i) =>
        row.slice(1).map((_, j) => at(i + 1, j + 1) - at(i + 1, 0) - at(0, j + 1) + at(0, 0)),
      );
  });
  return hotelling(rows, {
    method: "Hotelling's T squared of the interaction contrasts over complete blocks",
  });
}

/** The same contrasts over independent samples: the cells of trials, or the means of clusters. */
function cellContrasts(designs: readonly LevelDesign[]) {
  const placed = designs.flatMap(({ levels, kind }, i) =>
    levels.flatMap(({ cells, units }, j) =>
      kind === "clusters"
        ? [{ values: Float64Array.from(units, ({ value }) => value), weight: 1, i, j }]
        : cells.map(({ cell, weight }) => ({ values: cell.values, weight, i, j })),
    ),
  );
  const contrasts = designs.slice(1).flatMap((design, a) =>
    design.levels.slice(1).map((_, b) =>
      placed.map(({ weight, i, j }) => {
        const row = i === a + 1 ? 1 : i === 0 ? -1 : 0;
        const column = j === b + 1 ? 1 : j === 0 ? -1 : 0;
        return row * column * weight;
      }),
    ),
  );
  return { cells: placed.map(({ values }) => values), contrasts };
}
