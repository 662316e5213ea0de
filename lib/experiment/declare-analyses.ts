// Makes the door's functions: what was handed over is read by its shape, options get their defaults, and every name is checked on the
// way. Nothing here throws; what is wrong is kept on the analysis.
import type { AnalysisDoor, DeclaredAnalysis } from "./analyses.ts";
import {
  acrossOption,
  baseline as baselineShape,
  type Common,
  commonShapes,
  correction as correctionShape,
  curveShapes,
  factorName,
  factorNames,
  margin as marginShape,
  metricName,
  normalise as normaliseShape,
  type Test,
  testShapes,
} from "./analysis-shapes.ts";
import type { AnalysisSpec, Correction, CurveSpec } from "./analysis-spec.ts";
import {
  checkFactor,
  checkMeasure,
  checkSeries,
  checkWhere,
  type KnownNames,
  type Problems,
} from "./check-names.ts";
import type { CustomAnalysis } from "./custom-analysis.ts";
import { gatesOf } from "./declare-gates.ts";
import {
  type Across,
  baselineOf,
  checkAcross,
  commonPart,
  type Declaration,
  declared,
  isAnalysis,
  readCall,
  suffixOf,
  whereOf,
} from "./declared-analysis.ts";
import type { Json } from "./json.ts";
import { callback, listOf, type Misfit, type Shape, text } from "./option-shapes.ts";
import { problemOf } from "./problem.ts";
import {
  checkRelated,
  relatedFactors,
  relatedOf,
  type ScaleOption,
  scale,
  scales,
} from "./related-factors.ts";

type Conditions = Readonly<Record<string, Json>>;
type Values = Readonly<Record<string, number>>;
type Series = Readonly<Record<string, never>>;

/** The door with its types erased; defineExperiment hands it out under the experiment's own types. */
export type ErasedDoor = AnalysisDoor<Conditions, string, Values, Series, string>;

/** The functions of the door for an experiment with these names. */
export function analysisDoorOf(known: KnownNames): ErasedDoor {
  const door: ErasedDoor = {
    compare(...args: readonly unknown[]) {
      const shapes = { ...testShapes, across: acrossOption, baseline: baselineShape };
      const { call, misfits } = readCall<{ metric: string } & Test & Across>(
        args,
        { metric: metricName },
        shapes,
      );
      const { metric = "", across = "", baseline } = call;
      const name = call.name ?? `compare ${metric} across ${across}${suffixOf(call)}`;
      return declared({
        builder: door.compare,
        misfits,
        spec: { kind: "compare", ...testPart(name, call), metric, across, baseline: baselineOf(baseline) },
        checks: () => [checkMeasure(known, metric), ...checkAcross(known, call), checkTest(known, call)],
      });
    },
    mainEffect(...args: readonly unknown[]) {
      const shapes = { ...testShapes, metric: metricName };
      const { call, misfits } = readCall<{ factor: string } & Test & { metric?: string }>(
        args,
        { factor: factorName },
        shapes,
      );
      const { factor = "", metric = known.primary ?? "" } = call;
      const name = call.name ?? `main effect of ${factor} on ${metric}${suffixOf(call)}`;
      return declared({
        builder: door.mainEffect,
        misfits,
        spec: { kind: "mainEffect", ...testPart(name, call), metric, factor },
        checks: () => [checkPrimary(known, metric), checkFactor(known, factor), checkTest(known, call)],
      });
    },
    interaction(...args: readonly unknown[]) {
      const { call, misfits } = readCall<{ factors: readonly string[] } & Test & { metric?: string }>(
        args,
        { factors: severalFactors },
        { ...testShapes, metric: metricName },
      );
      const { factors = [], metric = known.primary ?? "" } = call;
      const name = call.name ?? `interaction of ${factors.join(" and ")} on ${metric}${suffixOf(call)}`;
      return declared({
        builder: door.interaction,
        misfits,
        spec: { kind: "interaction", ...testPart(name, call), metric, factors },
        checks: () => [
          checkPrimary(known, metric),
          ...factors.map((factor) => checkFactor(known, factor)),
          ...(call.by ?? []).filter((factor) => factors.includes(factor)).map(badBy),
          checkTest(known, call),
        ],
      });
    },
    equivalent(...args: readonly unknown[]) {
      const { call, misfits } = readCall<{ metric: string } & Test & Across & { margin: number }>(
        args,
        { metric: metricName },
        { ...testShapes, across: acrossOption, baseline: baselineShape, margin: marginShape },
      );
      const { metric = "", across = "", baseline, margin = 0 } = call;
      const name = call.name ?? `equivalence of ${metric} across ${across}${suffixOf(call)}`;
      const ends = { metric, across, baseline: baselineOf(baseline), margin };
      return declared({
        builder: door.equivalent,
        misfits,
        spec: { kind: "equivalent", ...testPart(name, call), ...ends },
        checks: () => [checkMeasure(known, metric), ...checkAcross(known, call), checkTest(known, call)],
      });
    },
    curve(...args: readonly unknown[]) {
      type Curve = Pick<CurveSpec, "x" | "y" | "summary" | "band" | "impulseAt" | "after"> & {
        across: string;
      };
      const { call, misfits } = readCall<{ series: string } & Common & Curve>(
        args,
        { series: text("the name of a series") },
        curveShapes,
      );
      const { series = "", x = "", y = "", across = null, summary = "mean", band = "interval" } = call;
      const more = {
        ...(call.impulseAt !== undefined && { impulseAt: call.impulseAt }),
        ...(call.after !== undefined && { after: call.after }),
      };
      const by = across === null ? "" : ` across ${across}`;
      const name = call.name ?? `curve of ${y} over ${x} in ${series}${by}${suffixOf(call)}`;
      const course = { series, x, y, across, summary, band, ...more, where: whereOf(call) };
      return declared({
        builder: door.curve,
        misfits,
        spec: { kind: "curve", ...commonPart(name, call), ...course },
        checks: () => [
          checkSeries(known, series, [x, y]),
          across === null ? [] : checkFactor(known, across),
          checkWhere(known, whereOf(call)),
        ],
      });
    },
    relation(...args: readonly unknown[]) {
      const isSeveral = Array.isArray(args[1]);
      const { call, misfits } = readCall<
        { metric: string; factor: string | readonly string[] } & Common & { scale?: ScaleOption }
      >(
        args,
        { metric: metricName, factor: isSeveral ? relatedFactors : factorName },
        { ...commonShapes, scale: isSeveral ? scales : scale },
      );
      const { metric = "", factor = "" } = call;
      const factors = relatedOf(known, factor, call.scale);
      const named = typeof factor === "string" ? factor : factor.join(", ");
      const name = call.name ?? `relation of ${metric} to ${named}${suffixOf(call)}`;
      return declared({
        builder: door.relation,
        misfits,
        spec: { kind: "relation", ...commonPart(name, call), metric, factors, where: whereOf(call) },
        checks: () => [
          checkMeasure(known, metric),
          ...checkRelated(known, factors, { isSeveral, scale: call.scale, where: whereOf(call) }),
          checkWhere(known, whereOf(call)),
        ],
      });
    },
    profile(...args: readonly unknown[]) {
      type Scores = { tasks?: readonly string[]; normalise?: { low: number; high: number } };
      const { call, misfits } = readCall<{ metric: string } & Common & Across & Scores>(
        args,
        { metric: metricName },
        {
          ...commonShapes,
          across: acrossOption,
          tasks: factorNames,
          baseline: baselineShape,
          normalise: normaliseShape,
        },
      );
      const { metric = "", across = "", tasks = [], baseline, normalise = null } = call;
      const name = call.name ?? `profile of ${metric} across ${across}${suffixOf(call)}`;
      const scores = { metric, across, tasks, baseline: baselineOf(baseline), normalise };
      return declared({
        builder: door.profile,
        misfits,
        spec: { kind: "profile", ...commonPart(name, call), ...scores },
        checks: () => [
          checkMeasure(known, metric),
          ...checkAcross(known, call),
          ...tasks.map((factor) => checkFactor(known, factor)),
          tasks.includes(across) ? badTasks(across) : [],
          checkWhere(known, whereOf(call)),
        ],
      });
    },
    custom(...args: readonly unknown[]) {
      const { call, misfits } = readCall<
        { name: string; analyze: CustomAnalysis } & Pick<Common, "confidence" | "exploratory">
      >(
        args,
        {
          name: commonShapes.name,
          analyze: callback("a function of the trials' rows: (rows) => ({ estimate })"),
        },
        { confidence: commonShapes.confidence, exploratory: commonShapes.exploratory },
      );
      const { name = "custom" } = call;
      return declared({
        builder: door.custom,
        misfits,
        spec: { kind: "custom", ...commonPart(name, call) },
        checks: () => [],
        // Its rows are made from this experiment's trials, which have the types that the author's function declares.
        custom: call.analyze ?? null,
      });
    },
    chart(...args: readonly unknown[]) {
      const { call, misfits } = readCall<
        { name: string; draw: CustomAnalysis } & Pick<Common, "exploratory">
      >(
        args,
        {
          name: commonShapes.name,
          draw: callback('a function of the trials\' rows: (rows) => ({ mark: "point", encoding: { ... } })'),
        },
        { exploratory: commonShapes.exploratory },
      );
      const { name = "chart" } = call;
      return declared({
        builder: door.chart,
        misfits,
        spec: { kind: "chart", ...commonPart(name, call) },
        checks: () => [],
        custom: call.draw ?? null,
      });
    },
    expect: (...args: readonly unknown[]) => gatesOf(known, args),
    family(...args: readonly unknown[]) {
      const { call, misfits } = readCall<{
        name: string;
        analyses: readonly DeclaredAnalysis[];
        correction?: Correction;
      }>(args, { name: commonShapes.name, analyses: severalAnalyses }, { correction: correctionShape });
      const { name = "", analyses = [], correction = "simultaneous" } = call;
      if (misfits.length > 0) return [refusedFamily(misfits, door.family)];
      return analyses.map((one) => ({ ...one, spec: { ...one.spec, family: { name, correction } } }));
    },
  };
  return door;
}

const severalFactors: Shape = {
  expected: 'a list of at least two different factors, such as ["size", "kind"]',
  fits: (value) => factorNames.fits(value) && Array.isArray(value) && value.length >= 2 && isDistinct(value),
};

const severalAnalyses: Shape = listOf("a list of analyses, such as [compare(...), compare(...)]", isAnalysis);

function isDistinct(members: readonly unknown[]): boolean {
  return new Set(members).size === members.length;
}

/** A family that could not be read stands for one analysis with problems. */
function refusedFamily(misfits: readonly Misfit[], builder: Declaration["builder"]): DeclaredAnalysis {
  const spec: AnalysisSpec = { kind: "custom", ...commonPart("family", {}) };
  return declared({ builder, misfits, spec, checks: () => [] });
}

function testPart(name: string, options: Partial<Test>) {
  const { tests = "estimation", alternative = "two-sided", by = [], block = null, cluster = null } = options;
  const correction = options.correction ?? (tests === "classical" ? "bonferroni" : "simultaneous");
  return {
    ...commonPart(name, options),
    family: { name, correction },
    tests,
    alternative,
    block,
    cluster,
    by: [...by],
    where: whereOf(options),
  };
}

function checkTest(known: KnownNames, options: Partial<Test>): Problems {
  const { by = [], block, cluster } = options;
  const factors = [
    ...by,
    ...(block === undefined ? [] : [block]),
    ...(cluster === undefined ? [] : [cluster]),
  ];
  return [...checkWhere(known, whereOf(options)), ...factors.flatMap((factor) => checkFactor(known, factor))];
}

function checkPrimary(known: KnownNames, metric: string): Problems {
  if (metric !== "") return checkMeasure(known, metric);
  return [problemOf({ code: "no-primary", subject: "analysis", candidates: Object.keys(known.metrics) })];
}

function badBy(factor: string): Problems {
  const found = `by with "${factor}"`;
  const expected = "factors other than those that interact";
  return [problemOf({ code: "bad-option", subject: "analysis", found, expected })];
}

function badTasks(across: string): Problems {
  const found = `tasks with "${across}"`;
  const expected = "factors other than the one across";
  return [problemOf({ code: "bad-option", subject: "analysis", found, expected })];
}
