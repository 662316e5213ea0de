// The mistakes that show only when the parts of a definition are seen together: names, sizes, stopping rule, stages against space.
// Pure: a definition in, problems out.
import { checkFactor, checkLevel, checkMeasure, type KnownNames } from "./check-names.ts";
import { type ExperimentDefinition, isExperiment } from "./definition.ts";
import { type DefinitionProblem, type DefinitionProblemCode, problemOf } from "./problem.ts";
import { parameterNamesOf } from "./space/space-input.ts";
import { spaceSizeOf } from "./space/space-size.ts";

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
    ...checkSize(definition),
    ...(misfits.has("parameters") ? [] : checkStages(definition)),
    ...checkNeeds(definition),
    ...(areNamesKnown ? checkStoppingRule(definition, known) : []),
    ...checkAnalysisNames(definition),
  ].map((problem) => ({ ...problem, site: problem.site ?? site }));
}

function checkTexts({ name }: ExperimentDefinition): readonly DefinitionProblem[] {
  if (typeof name === "string" && usableName.test(name)) return [];
  return [problemOf({ code: "bad-name", subject: `experiment ${JSON.stringify(name)}`, expected: nameRule })];
}

function checkMetrics({
  metrics,
  primary,
  series,
  sites,
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
  if (primary !== null && names.length > 0 && !names.includes(primary)) {
    problems.push(
      problemOf({ code: "unknown-metric", subject: "primary", found: primary, candidates: names }),
    );
  }
  return problems;
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
    return first === i
      ? []
      : [problemOf({ code: "duplicate-analysis", subject: `analysis "${name}"`, site })];
  });
}
