// Makes the door's functions: options with their defaults filled in become a spec, and every name is checked on the way.
// Nothing here throws; what is wrong is kept on the analysis.
import type { AnalysisDoor, CommonOptions, DeclaredAnalysis, Gates, TestOptions } from "./analyses.ts";
import type { AnalysisSpec, Baseline, Family, GateClaim } from "./analysis-spec.ts";
import { callSiteOf } from "./call-site.ts";
import {
  type Checked,
  checkFactor,
  checkLevel,
  checkMeasure,
  checkNumericFactor,
  checkSeries,
  checkWhere,
  type KnownNames,
} from "./check-names.ts";
import type { CustomAnalysis } from "./custom-analysis.ts";
import type { Json } from "./json.ts";
import { type DefinitionProblem, problemOf } from "./problem.ts";

type Conditions = Readonly<Record<string, Json>>;
type Values = Readonly<Record<string, number>>;
type Series = Readonly<Record<string, never>>;
type Common = CommonOptions<Conditions, string>;
type Test = TestOptions<Conditions, string>;

/** The door with its types erased; defineExperiment hands it out under the experiment's own types. */
export type ErasedDoor = AnalysisDoor<Conditions, string, Values, Series, string>;

interface Declaration {
  readonly spec: AnalysisSpec;
  readonly checks: readonly Checked[];
  readonly builder: (...args: never[]) => unknown;
  readonly custom?: CustomAnalysis;
}

/** The functions of the door for an experiment with these names. */
export function analysisDoorOf(known: KnownNames): ErasedDoor {
  const door: ErasedDoor = {
    compare(metric, options) {
      const { across, baseline } = options;
      const name = options.name ?? `compare ${metric} across ${across}${suffixOf(options)}`;
      return declared({
        spec: { kind: "compare", ...testPart(name, options), metric, across, baseline: baselineOf(baseline) },
        checks: [
          checkMeasure(known, metric),
          checkFactor(known, across),
          checkBaseline(known, across, baseline),
          checkTest(known, options),
        ],
        builder: door.compare,
      });
    },
    mainEffect(factor, options = {}) {
      const metric = options.metric ?? known.primary ?? "";
      const name = options.name ?? `main effect of ${factor} on ${metric}${suffixOf(options)}`;
      return declared({
        spec: { kind: "mainEffect", ...testPart(name, options), metric, factor },
        checks: [checkPrimary(known, metric), checkFactor(known, factor), checkTest(known, options)],
        builder: door.mainEffect,
      });
    },
    interaction(factors, options = {}) {
      const metric = options.metric ?? known.primary ?? "";
      const name = options.name ?? `interaction of ${factors.join(" and ")} on ${metric}${suffixOf(options)}`;
      const repeated = factors.find((factor, i) => factors.indexOf(factor) !== i);
      return declared({
        spec: { kind: "interaction", ...testPart(name, options), metric, factors: [...factors] },
        checks: [
          checkPrimary(known, metric),
          ...factors.map((factor) => checkFactor(known, factor)),
          repeated === undefined && factors.length >= 2
            ? []
            : bad("factors", factors.join(", "), "at least two different factors"),
          checkTest(known, options),
        ],
        builder: door.interaction,
      });
    },
    equivalent(metric, options) {
      const { across, baseline, margin } = options;
      const name = options.name ?? `equivalence of ${metric} across ${across}${suffixOf(options)}`;
      return declared({
        spec: {
          kind: "equivalent",
          ...testPart(name, options),
          metric,
          across,
          baseline: baselineOf(baseline),
          margin,
        },
        checks: [
          checkMeasure(known, metric),
          checkFactor(known, across),
          checkBaseline(known, across, baseline),
          margin > 0 && Number.isFinite(margin) ? [] : bad("margin", String(margin), "a number above 0"),
          checkTest(known, options),
        ],
        builder: door.equivalent,
      });
    },
    curve(
      series: string,
      options: Common & {
        x: string;
        y: string;
        across?: string;
        summary?: "mean";
        band?: "interval";
        impulseAt?: number;
      },
    ) {
      const { x, y, across = null, summary = "mean", band = "interval", impulseAt } = options;
      const impulse = impulseAt === undefined ? {} : { impulseAt };
      const by = across === null ? "" : ` across ${across}`;
      const name = options.name ?? `curve of ${y} over ${x} in ${series}${by}${suffixOf(options)}`;
      const where = whereOf(options);
      return declared({
        spec: {
          kind: "curve",
          ...commonPart(name, options),
          ...{ series, x, y, across, summary, band },
          ...impulse,
          where,
        },
        checks: [
          impulseAt === undefined || Number.isFinite(impulseAt)
            ? []
            : bad("impulseAt", String(impulseAt), `a finite value of ${x}`),
          checkSeries(known, series, [x, y]),
          across === null ? [] : checkFactor(known, across),
          checkCommon(known, options),
        ],
        builder: door.curve,
      });
    },
    relation(metric, factor, options = {}) {
      const name = options.name ?? `relation of ${metric} to ${factor}${suffixOf(options)}`;
      const { scale = "linear" } = options;
      const where = whereOf(options);
      return declared({
        spec: { kind: "relation", ...commonPart(name, options), metric, factor, scale, where },
        checks: [checkMeasure(known, metric), checkNumericFactor(known, factor), checkCommon(known, options)],
        builder: door.relation,
      });
    },
    profile(metric, options) {
      const { across, tasks = [], baseline, normalise = null } = options;
      const name = options.name ?? `profile of ${metric} across ${across}${suffixOf(options)}`;
      return declared({
        spec: {
          kind: "profile",
          ...commonPart(name, options),
          metric,
          across,
          tasks: [...tasks],
          baseline: baselineOf(baseline),
          normalise,
        },
        checks: [
          checkMeasure(known, metric),
          ...[across, ...tasks].map((factor) => checkFactor(known, factor)),
          tasks.includes(across) ? bad("tasks", across, "factors other than the one across") : [],
          checkBaseline(known, across, baseline),
          normalise === null || normalise.low < normalise.high
            ? []
            : bad("normalise", JSON.stringify(normalise), "low below high"),
          checkCommon(known, options),
        ],
        builder: door.profile,
      });
    },
    custom(name, analyze, options = {}) {
      return declared({
        spec: { kind: "custom", ...commonPart(name, options) },
        checks: [checkCommon(known, options)],
        builder: door.custom,
        // Its rows are made from this experiment's trials, which have the types that the author's function declares.
        custom: analyze as CustomAnalysis,
      });
    },
    expect: (metric) => gatesOf(known, metric),
    family(name, analyses, { correction = "holm" } = {}) {
      return analyses.map((one) => ({ ...one, spec: { ...one.spec, family: { name, correction } } }));
    },
  };
  return door;
}

function gatesOf(known: KnownNames, metric: string): Gates<Conditions, string> {
  const gate = (
    claim: GateClaim,
    words: string,
    { options, checks, builder }: { options: Common; checks: Checked; builder: Declaration["builder"] },
  ): DeclaredAnalysis => {
    const name = options.name ?? `expect ${metric} ${words}${suffixOf(options)}`;
    const where = whereOf(options);
    return declared({
      spec: { kind: "expect", ...commonPart(name, options), metric, claim, where },
      checks: [checkMeasure(known, metric), checks, checkCommon(known, options)],
      builder,
    });
  };
  const finite = (...bounds: readonly number[]): Checked =>
    bounds.every(Number.isFinite) ? [] : bad("bound", bounds.join(" and "), "finite numbers");
  const gates: Gates<Conditions, string> = {
    toBeAbove: (bound, options = {}) =>
      gate({ kind: "above", bound }, `above ${bound}`, {
        options,
        checks: finite(bound),
        builder: gates.toBeAbove,
      }),
    toBeBelow: (bound, options = {}) =>
      gate({ kind: "below", bound }, `below ${bound}`, {
        options,
        checks: finite(bound),
        builder: gates.toBeBelow,
      }),
    toBeWithin: ([low, high], options = {}) =>
      gate({ kind: "within", low, high }, `from ${low} to ${high}`, {
        options,
        checks: low < high ? finite(low, high) : bad("bounds", `${low}, ${high}`, "the lower first"),
        builder: gates.toBeWithin,
      }),
    toDiffer: (options) =>
      gate(
        { kind: "differ", across: options.across, baseline: baselineOf(options.baseline) },
        `to differ across ${options.across}`,
        {
          options,
          checks: [
            ...checkFactor(known, options.across),
            ...checkBaseline(known, options.across, options.baseline),
          ],
          builder: gates.toDiffer,
        },
      ),
  };
  return gates;
}

function declared({ spec, checks, builder, custom }: Declaration): DeclaredAnalysis {
  const site = callSiteOf(builder);
  const problems = checks
    .flat()
    .map((problem) => ({ ...problem, site, subject: subjectOf(problem, spec.name) }));
  return { kind: "labwright/analysis", spec, custom: custom ?? null, problems, site };
}

function subjectOf(problem: DefinitionProblem, name: string): string {
  return problem.subject === "analysis" ? `analysis "${name}"` : problem.subject;
}

function commonPart(name: string, { confidence = 0.95, exploratory = false }: Common) {
  const family: Family = { name, correction: "none" };
  return { name, family, confidence, exploratory };
}

function testPart(name: string, options: Test) {
  const { tests = "estimation", alternative = "two-sided", by = [], block = null, cluster = null } = options;
  const correction = options.correction ?? (tests === "classical" ? "bonferroni" : "holm");
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

function checkCommon(known: KnownNames, options: Common): Checked {
  const { confidence = 0.95 } = options;
  const level =
    confidence > 0.5 && confidence < 1 ? [] : bad("confidence", String(confidence), "above 0.5 and below 1");
  return [...level, ...checkWhere(known, whereOf(options))];
}

function checkTest(known: KnownNames, options: Test): Checked {
  const { by = [], block, cluster } = options;
  // No type offers it; JavaScript and habits of other programs do.
  const unit = "unit" in options ? options.unit : "replicate";
  const factors = [
    ...by,
    ...(block === undefined ? [] : [block]),
    ...(cluster === undefined ? [] : [cluster]),
  ];
  const rounds: Checked =
    unit === "replicate"
      ? []
      : [
          problemOf({
            code: "rounds-as-replicates",
            subject: "analysis",
            found: String(unit),
            expected: "replicate",
          }),
        ];
  return [
    ...checkCommon(known, options),
    ...factors.flatMap((factor) => checkFactor(known, factor)),
    ...rounds,
  ];
}

function checkPrimary(known: KnownNames, metric: string): Checked {
  if (metric !== "") return checkMeasure(known, metric);
  return [problemOf({ code: "no-primary", subject: "analysis", candidates: Object.keys(known.metrics) })];
}

function checkBaseline(known: KnownNames, across: string, baseline: Json | undefined): Checked {
  return baseline === undefined ? [] : checkLevel(known, across, baseline);
}

function baselineOf(level: Json | undefined): Baseline | null {
  return level === undefined ? null : { level };
}

/** The levels of `where`, without those left undefined. */
function whereOf({ where = {} }: Common): Conditions {
  return Object.fromEntries(
    Object.entries(where).flatMap(([name, level]) => (level === undefined ? [] : [[name, level] as const])),
  );
}

function bad(name: string, found: string, expected: string): Checked {
  return [problemOf({ code: "bad-option", subject: "analysis", found: `${name} ${found}`, expected })];
}

/** Tells apart two analyses that differ in their conditions only. */
function suffixOf(options: Common): string {
  const parts = Object.entries(whereOf(options)).map(([name, level]) => `${name}=${JSON.stringify(level)}`);
  return parts.length === 0 ? "" : ` where ${parts.join(", ")}`;
}
