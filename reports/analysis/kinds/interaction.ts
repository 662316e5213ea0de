// The kind `interaction`: whether the effect of one factor depends on the others. All combinations of the named factors are cells, compared
// inside the combinations of the other factors that every one of them has, so that the order in which factors are named changes nothing.
import type { InteractionSpec } from "../../../lib/experiment/analysis-spec.ts";
import { isRefused, orRefusal, refuse } from "../../../lib/stats/refusal.ts";
import type { TrialTable } from "../../../runtime/record/trial-table.ts";
import { type Combination, type CombinedFactor, combinedFactor } from "../../design/combined-factor.ts";
import { type LevelDesign, levelDesignOf } from "../../design/level-design.ts";
import { sharedOf } from "../../design/shared-cells.ts";
import type { MetricSummary } from "../analysis.ts";
import { interactionSpace, type NamedContrast, namedContrasts } from "../estimates/interaction-contrasts.ts";
import {
  completeBlocks,
  contrastEstimate,
  contrastMethodOf,
  type InteractionData,
  jointTest,
} from "../estimates/interaction-test.ts";
import { levelEstimateOf } from "../estimates/level-estimate.ts";
import { sharesMeasure } from "../estimates/measures/shares.ts";
import type { InteractionContrast, InteractionFinding } from "../finding.ts";
import { intervalOf } from "../interval.ts";
import { restrictedNotes } from "../words/design-words.ts";
import { interactionReason, interactionSentences, untestedInteraction } from "../words/interaction-words.ts";
import {
  type AnalysisKind,
  type Answer,
  combinationsOf,
  findingIdOf,
  levelWords,
  numericMetric,
  plainKind,
  saidWithin,
  untested,
} from "./kind.ts";

export const interactionKind: AnalysisKind<InteractionSpec> = {
  ...plainKind,
  answer(spec, input) {
    const metric = numericMetric(spec.metric, input);
    return combinationsOf(input.table, spec.by).map((fixed) =>
      interactionAnswerOf({ spec, metric, table: input.table, fixed }),
    );
  },
};

/** A joint test of more contrasts takes minutes and answers no question that a reader has. */
const contrastsMax = 200;
/** More named contrasts are a picture, not a list. */
const namedMax = 60;

interface InteractionInput {
  readonly spec: InteractionSpec;
  readonly metric: MetricSummary;
  readonly table: TrialTable;
  /** Levels that `by` holds fixed. */
  readonly fixed: Readonly<Record<string, unknown>>;
}

function interactionAnswerOf(input: InteractionInput): Answer<InteractionFinding> {
  const { spec, metric, fixed } = input;
  const where = { ...spec.where, ...fixed };
  const combined = combinedFactor(input.table, spec.factors, where);
  const design = levelDesignOf(combined.table, {
    metric: metric.name,
    factor: combined.name,
    where: combined.where,
    block: spec.block,
    cluster: spec.cluster,
  });
  const suffix = levelWords(fixed);
  const shared = {
    kind: "interaction" as const,
    id: findingIdOf([spec.name, ...suffix].join(" ")),
    title: [`${metric.name}: ${spec.factors.join(" with ")}`, ...suffix].join(", "),
    metric: metric.name,
    factors: spec.factors,
    cells: cellsOf(design, combined, { spec, metric }),
    notes: [
      ...design.notes,
      ...(design.sharesReplicates
        ? [
            `Units are the levels of ${spec.block ?? spec.cluster}; by how much the interaction varies between the replicates that they share is not counted.`,
          ]
        : []),
      ...missingNotes(combined),
      ...restrictedNotes(
        metric.name,
        design.levels.flatMap(({ cells }) => cells.map(({ cell }) => cell)),
      ),
    ],
    isConfirmatory: !spec.exploratory,
  };
  const found = orRefusal(() => testedOf(input, { combined, design }));
  if (isRefused(found)) {
    const finding = {
      ...shared,
      test: null,
      pAdjusted: null,
      family: null,
      effect: null,
      contrasts: [],
      sentences: [untestedInteraction(spec, found.reason)],
      reason: "",
    };
    return untested(saidWithin(where, finding));
  }
  const { test, effect, contrasts, data } = found;
  return {
    tests: [test],
    conclude({ family, tests }) {
      const { pAdjusted } = tests[0]!;
      const joint = pAdjusted ?? test.p;
      const finding = {
        ...shared,
        test,
        pAdjusted,
        family,
        effect,
        contrasts: contrasts.map((one) => gated(one, joint, 1 - spec.confidence)),
        reason: interactionReason(spec, design.kind, data.method),
      };
      return saidWithin(where, { ...finding, sentences: interactionSentences(finding, spec, metric) });
    },
  };
}

function testedOf(
  { spec, metric, table }: InteractionInput,
  { combined, design }: { readonly combined: CombinedFactor; readonly design: LevelDesign },
) {
  assertTestable(combined, design, spec);
  // A combination without a value is one that is not there.
  const filled = design.levels.filter(({ cells }) => cells.length > 0);
  const cells = sharedOf(design, filled);
  const keys = new Map(combined.combinations.map((one) => [one.key, one]));
  const places: readonly Combination[] = filled.map(({ level }) => keys.get(level)!);
  const space = interactionSpace(places);
  if (space.length === 0)
    refuse(
      "empty-cell",
      `the combinations of ${spec.factors.join(" and ")} that have values hold no contrast in which other things are equal; where they are numbers, \`relation\` fits them together`,
    );
  if (space.length > contrastsMax) tooMany(space.length, spec);
  const isShare = metric.kind === "boolean";
  const blocks = completeBlocks(cells).length;
  const data: InteractionData = {
    method: contrastMethodOf({ kind: design.kind, isShare, blocks, contrasts: space.length }),
    cells,
    kind: design.kind,
    seed: table.experiment.replicates.seed,
  };
  const joint = jointTest(data, {
    contrasts: space,
    ladder: spec.tests,
    corners: 2 ** spec.factors.length,
  });
  const named = namedContrasts({ factors: spec.factors, levels: combined.levels, cells: places });
  return {
    ...joint,
    data,
    contrasts: named.length > namedMax ? [] : contrastsOf(data, named, spec.confidence),
  };
}

/** Each with an interval of its own, and one that holds with all the others by Bonferroni's correction; those that do not vary are left out. */
function contrastsOf(
  data: InteractionData,
  named: readonly NamedContrast[],
  confidence: number,
): readonly InteractionContrast[] {
  const adjusted = 1 - (1 - confidence) / named.length;
  return named.flatMap((one) => {
    const found = orRefusal(() => ({
      alone: contrastEstimate(data, one, confidence),
      together: contrastEstimate(data, one, adjusted),
    }));
    if (isRefused(found)) return [];
    const { value, p } = found.alone;
    return [
      {
        label: one.label,
        effect: one.effect,
        at: one.at,
        base: one.base,
        difference: value,
        interval: intervalOf(found.alone),
        adjustedInterval: intervalOf(found.together),
        p,
        pAdjusted: Math.min(1, p * named.length),
        verdict: "inconclusive",
      },
    ];
  });
}

/** The contrast behind the joint test: shown where both are. An interval that the joint test does not bear out is not kept. */
function gated(contrast: InteractionContrast, joint: number, alpha: number): InteractionContrast {
  const pAdjusted = Math.max(contrast.pAdjusted, joint);
  const isShown = pAdjusted < alpha;
  const isBorneOut = isShown === contrast.pAdjusted < alpha;
  return {
    ...contrast,
    pAdjusted,
    adjustedInterval: isBorneOut ? contrast.adjustedInterval : null,
    verdict: isShown ? "different" : "inconclusive",
  };
}

/** @throws StatisticsRefusal naming what the table or the design lacks. */
function assertTestable(combined: CombinedFactor, design: LevelDesign, spec: InteractionSpec): void {
  if (spec.factors.length < 2 || combined.levels.some((levels) => levels.length < 2))
    refuse(
      "too-few",
      `an interaction needs two levels of ${spec.factors.length > 2 ? "each of its" : "both"} factors`,
    );
  const contrasts = combined.levels.reduce((product, levels) => product * (levels.length - 1), 1);
  if (Math.min(contrasts, combined.combinations.length) > contrastsMax) tooMany(contrasts, spec);
  if (design.basis === "regression")
    refuse(
      "empty-cell",
      `their combinations met unlike points of a sampled design (${design.covariates.join(", ")}); \`relation\` relates the metric to all of it`,
    );
  if (design.basis !== "shared")
    refuse(
      "empty-cell",
      "no combination of the other factors has all of their combinations, so they cannot be compared like with like",
    );
  if (design.levels.every(({ cells }) => cells.length === 0))
    refuse("empty-cell", "no combination of the factors has a value");
}

function tooMany(contrasts: number, spec: InteractionSpec): never {
  return refuse(
    "too-large",
    `it has ${contrasts} contrasts, and a joint test of more than ${contrastsMax} is not made; where ${spec.factors.join(" and ")} are numbers, \`relation\` fits them`,
  );
}

function missingNotes({ levels, combinations }: CombinedFactor): readonly string[] {
  const all = levels.reduce((product, own) => product * own.length, 1);
  if (combinations.length === all || combinations.length === 0) return [];
  return [
    `${all - combinations.length} of the ${all} combinations of the factors are not in the results; what needs them is not part of the test.`,
  ];
}

function cellsOf(
  design: LevelDesign,
  { combinations }: CombinedFactor,
  { spec, metric }: { readonly spec: InteractionSpec; readonly metric: MetricSummary },
): InteractionFinding["cells"] {
  const keys = new Map(combinations.map(({ key, levels }) => [key, levels]));
  const shares = metric.kind === "boolean" ? sharesMeasure(design) : null;
  return design.levels.map((level) => {
    const levels = keys.get(level.level)!;
    const options = { confidence: spec.confidence, unitsMax: 0 };
    return {
      ...(shares?.levelEstimate(level, options) ?? levelEstimateOf(level, { kind: design.kind, ...options })),
      first: levels.slice(0, -1).join(", "),
      second: levels.at(-1)!,
    };
  });
}
