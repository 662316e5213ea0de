// The mistakes that show only when the parts of a definition are seen together: names, sizes, stopping rule, stages against space.
// Pure: a definition in, problems out.
import { checkCommands } from "./check-command.ts";
import { checkFactor, checkLevel, checkMeasure, type KnownNames } from "./check-names.ts";
import { checkProposed } from "./check-proposed.ts";
import { checkSimulation } from "./check-simulation.ts";
import { type ExperimentDefinition, isExperiment, type MetricSpec } from "./definition.ts";
import { type DefinitionProblem, type DefinitionProblemCode, problemOf } from "./problem.ts";
import { parameterNamesOf } from "./space/space-input.ts";
import { spaceSizeOf } from "./space/space-size.ts";
import { columnTakenBy } from "./trial-columns.ts";

const usableName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const columnName = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u;
const nameRule = "letters, digits, -, _ and ., the first a letter or digit";
const columnRule = "a letter, then letters, digits, _ or -";

export interface ReadBefore {
  readonly known: KnownNames;
  /** False where parameters, metrics or series could not be read: then no name is unknown. */
  readonly areNamesKnown: boolean;
  /** Keys that have a problem of their own already. */
  readonly misfits: ReadonlySet<string>;
}

export function checkExperiment(
  definition: ExperimentDefinition,
  { known, areNamesKnown, misfits }: ReadBefore,
): readonly DefinitionProblem[] {
  const { site } = definition;
  return [
    ...(misfits.has("name") ? [] : checkTexts(definition)),
    ...(misfits.has("metrics") ? [] : checkMetrics(definition)),
    ...checkColumns(definition),
    ...checkSize(definition),
    ...(misfits.has("parameters") ? [] : checkStages(definition)),
    ...(misfits.has("parameters") ? [] : checkProposed(definition)),
    ...checkNeeds(definition),
    ...checkCommands(definition, parameterNamesOf(definition.space)),
    ...checkSimulation(definition, parameterNamesOf(definition.space)),
    ...(areNamesKnown ? checkStoppingRule(definition, known) : []),
    ...checkAnalysisNames(definition),
  ].map((problem) => ({ ...problem, site: problem.site ?? site }));
}

/** Names that Windows keeps for devices, with any ending, and those of the files in a run's folder. */
const takenNames =
  /^((con|prn|aux|nul|com\d|lpt\d)([.]|$)|(run[.]json|plan[.]json|segments|effects|logs|report|uncommitted[.]diff|proposals[.]jsonl|spending[.]jsonl)$)|[.]$/i;
/** Of an experiment, parameter, metric, series or stage, and of an analysis, in characters. */
const nameLengthMax = 100;
const analysisNameLengthMax = 250;
const controls = /\p{Cc}/u;

function checkTexts({ name }: ExperimentDefinition): readonly DefinitionProblem[] {
  const subject = `experiment ${JSON.stringify(name)}`;
  const bad = (expected: string): DefinitionProblem => problemOf({ code: "bad-name", subject, expected });
  if (!usableName.test(name)) return [bad(nameRule)];
  if (name.length > nameLengthMax) return [bad(`at most ${nameLengthMax} characters`)];
  if (!takenNames.test(name)) return [];
  return [bad("another name: file systems or the run's folder keep this one for themselves")];
}

/** Parameters and metrics are columns: they may be no longer than a name, nor have the name of a column that is there already. */
function checkColumns({
  space,
  metrics,
  series,
  stages,
  effects,
}: ExperimentDefinition): readonly DefinitionProblem[] {
  const columns = [
    ...parameterNamesOf(space).map((name) => ({ kind: "parameter", name })),
    ...Object.keys(metrics).map((name) => ({ kind: "metric", name })),
  ];
  const others = [
    ...Object.keys(series).map((name) => ({ kind: "series", name })),
    ...stages.map(({ name }) => ({ kind: "stage", name })),
    ...Object.keys(effects).map((name) => ({ kind: "effect", name })),
  ];
  const long = [...columns, ...others].filter(({ name }) => name.length > nameLengthMax);
  const bad = (kind: string, name: string, expected: string): DefinitionProblem =>
    problemOf({ code: "bad-name", subject: `${kind} "${name}"`, expected });
  const unusable = Object.keys(effects).filter((name) => !columnName.test(name));
  return [
    ...unusable.map((name) => bad("effect", name, columnRule)),
    ...long.map(({ kind, name }) => bad(kind, name, `at most ${nameLengthMax} characters`)),
    ...columns.flatMap(({ kind, name }) => {
      const column = columnTakenBy(name);
      const expected = `another name: every table of trials has a column "${column}" already`;
      return column === null ? [] : [bad(kind, name, expected)];
    }),
  ];
}

function checkMetrics({
  metrics,
  primary,
  series,
  sites,
  space,
}: ExperimentDefinition): readonly DefinitionProblem[] {
  const names = Object.keys(metrics);
  const problems: DefinitionProblem[] = [];
  if (names.length === 0) problems.push(problemOf({ code: "no-metrics", subject: "metrics" }));
  for (const name of names.filter((one) => !columnName.test(one))) {
    const site = sites.metrics[name] ?? null;
    problems.push(problemOf({ code: "bad-name", subject: `metric "${name}"`, expected: columnRule, site }));
  }
  for (const name of Object.keys(series).filter((one) => !columnName.test(one))) {
    problems.push(problemOf({ code: "bad-name", subject: `series "${name}"`, expected: columnRule }));
  }
  problems.push(...checkEstimates({ metrics, space, sites }));
  for (const [name, { count }] of Object.entries(metrics)) {
    const candidates = [...names.filter((one) => isMeasured(metrics[one]!)), ...parameterNamesOf(space)];
    const exposure = count?.exposure ?? null;
    if (exposure === null || (candidates.includes(exposure) && exposure !== name)) continue;
    const subject = `exposure of metric "${name}"`;
    const site = sites.metrics[name] ?? null;
    problems.push(problemOf({ code: "unknown-exposure", subject, found: exposure, candidates, site }));
  }
  if (primary !== null && names.length > 0 && !names.includes(primary)) {
    problems.push(
      problemOf({ code: "unknown-metric", subject: "primary", found: primary, candidates: names }),
    );
  }
  return problems;
}

/** The truth of an estimate is a parameter, its standard error another metric. */
function checkEstimates({
  metrics,
  space,
  sites,
}: Pick<ExperimentDefinition, "metrics" | "space" | "sites">): readonly DefinitionProblem[] {
  const parameters = parameterNamesOf(space);
  const measured = Object.keys(metrics).filter((one) => isMeasured(metrics[one]!));
  return Object.entries(metrics).flatMap(([name, { estimate }]) => {
    if (estimate === undefined) return [];
    const { truth, standardError } = estimate;
    const site = sites.metrics[name] ?? null;
    const others = measured.filter((one) => one !== name);
    const missing = (part: string, found: string, candidates: readonly string[]) =>
      candidates.includes(found)
        ? []
        : [
            problemOf({
              code: "unknown-truth",
              subject: `${part} of metric "${name}"`,
              found,
              candidates,
              expected:
                part === "truth"
                  ? "the name of a parameter, or a number"
                  : "the name of a metric with numbers",
              site,
            }),
          ];
    return [
      ...(typeof truth === "string" ? missing("truth", truth, parameters) : []),
      ...(standardError === null ? [] : missing("standard error", standardError, others)),
    ];
  });
}

function isMeasured({ type }: MetricSpec): boolean {
  return type === "number" || type === "integer";
}

function checkSize({ space, replicates }: ExperimentDefinition): readonly DefinitionProblem[] {
  const conditions = spaceSizeOf(space);
  if (conditions * replicates.count < 2 ** 32) return [];
  const found = `${conditions} conditions x ${replicates.count} replicates`;
  const expected = "fewer than 4294967296 trials";
  return [problemOf({ code: "too-many-trials", subject: "parameters", found, expected })];
}

function checkStages({ stages, space, needs }: ExperimentDefinition): readonly DefinitionProblem[] {
  const candidates = parameterNamesOf(space);
  return stages.flatMap(({ name, uses, site }) => {
    const problems: DefinitionProblem[] = [];
    const add = (code: DefinitionProblemCode, parts: Partial<DefinitionProblem>): number =>
      problems.push(problemOf({ code, subject: `stage "${name}"`, site, ...parts }));
    for (const used of uses === "all" ? [] : uses) {
      if (!candidates.includes(used)) add("unknown-parameter", { found: used, candidates });
    }
    if (Object.hasOwn(needs, name)) add("duplicate-stage", { found: "a need of the same name" });
    if (!columnName.test(name)) add("bad-name", { expected: columnRule });
    return problems;
  });
}

function checkNeeds({ needs }: ExperimentDefinition): readonly DefinitionProblem[] {
  return Object.entries(needs)
    .filter(([, need]) => !isExperiment(need))
    .map(([name]) => problemOf({ code: "not-an-experiment", subject: `need "${name}"` }));
}

function checkStoppingRule(
  { replicates: { until }, metrics }: ExperimentDefinition,
  known: KnownNames,
): readonly DefinitionProblem[] {
  if (until === null) return [];
  const subject = "replicate.until";
  if (until.metric === "")
    return [problemOf({ code: "no-primary", subject, candidates: Object.keys(metrics) })];
  const { goal } = until;
  const factor =
    goal.kind === "decided-between"
      ? [
          ...checkFactor(known, goal.across),
          ...(goal.baseline === null ? [] : checkLevel(known, goal.across, goal.baseline.level)),
        ]
      : [];
  return [...checkMeasure(known, until.metric), ...factor].map((problem) =>
    problem.subject === "analysis" ? { ...problem, subject } : problem,
  );
}

function checkAnalysisNames({ analyses, sites }: ExperimentDefinition): readonly DefinitionProblem[] {
  return analyses.flatMap(({ name }, i) => {
    const first = analyses.findIndex((other) => other.name === name);
    const site = sites.analyses[i] ?? null;
    if (name === "" || name.length > analysisNameLengthMax || controls.test(name)) {
      const expected = `1 to ${analysisNameLengthMax} characters, no line breaks or other control characters: give it a name of its own, name: "..."`;
      return [problemOf({ code: "bad-name", subject: `analysis ${JSON.stringify(name)}`, expected, site })];
    }
    return first === i
      ? []
      : [problemOf({ code: "duplicate-analysis", subject: `analysis "${name}"`, site })];
  });
}
