// What is wrong with the programs of an experiment, at the line of their command: names that the definition does not have, files that lie
// outside the trial's folder, expressions and exit codes that mean nothing.
import { type Command, type CommandOptions, isToken } from "./command.ts";
import type { CommandStage, ExperimentDefinition } from "./definition.ts";
import { optionProblems, readOptions, record, required, type Shape } from "./option-shapes.ts";
import { type DefinitionProblem, type DefinitionProblemCode, problemOf } from "./problem.ts";

/** What is wrong with the programs of an experiment, given the names of its parameters. */
export function checkCommands(
  definition: Pick<ExperimentDefinition, "stages" | "metrics" | "series">,
  parameters: readonly string[],
): readonly DefinitionProblem[] {
  return definition.stages.flatMap((stage) => {
    if (stage.kind !== "command") return [];
    const misshapen = shapeProblems(stage.command);
    if (misshapen.length > 0) return misshapen;
    const metrics = Object.keys((stage.hands ?? definition).metrics);
    const seen = stage.uses === "all" ? parameters : stage.uses;
    return [
      ...nameProblems(stage.command, { parameters: seen, metrics, series: Object.keys(definition.series) }),
      ...valueProblems(stage, metrics),
    ];
  });
}

const isText = (value: unknown): boolean => typeof value === "string" && value !== "";
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);

const shapes: { readonly [K in keyof Required<CommandOptions<string, string, string>>]: Shape } = {
  run: required({
    expected: 'a list of words, such as ["python3", "train.py", configFile]',
    fits: (value) =>
      Array.isArray(value) &&
      isText(value[0]) &&
      value.every((one) => typeof one === "string" || isToken(one)),
  }),
  files: { expected: 'a list of files, such as ["data.csv"]', fits: isTexts },
  config: record('an object, such as { base: "base.json", set: { rate: parameter("rate") } }'),
  environment: {
    expected: 'an object of texts, such as { OMP_NUM_THREADS: "1" }',
    fits: (value) =>
      typeof value === "object" &&
      value !== null &&
      Object.values(value).every((one) => typeof one === "string"),
  },
  metrics: required({
    expected: '{ json: "metrics.json" }, { jsonLines }, { csv } or { output: { loss: "loss=(.*)" } }',
    fits: (value) => typeof value === "object" && value !== null && (isFileOf(value) || "output" in value),
  }),
  series: {
    expected: 'an object, such as { rounds: { jsonLines: "rounds.jsonl" } }',
    fits: (value) => typeof value === "object" && value !== null && Object.values(value).every(isFileOf),
  },
  artifacts: { expected: 'a list of globs, such as ["models/*"]', fits: isTexts },
  exits: record('an object, such as { 3: "refused" }'),
};

function isFileOf(value: unknown): boolean {
  return ["json", "jsonLines", "csv"].some((key) => isText(Reflect.get(Object(value), key)));
}

function shapeProblems({ options, site }: Command): readonly DefinitionProblem[] {
  const { misfits } = readOptions<CommandOptions<string, string, string>>(options, shapes);
  return optionProblems(misfits, { code: "bad-command", subject: "the command" }).map((problem) => ({
    ...problem,
    site,
  }));
}

function nameProblems(
  { options, site }: Command,
  known: {
    readonly parameters: readonly string[];
    readonly metrics: readonly string[];
    readonly series: readonly string[];
  },
): readonly DefinitionProblem[] {
  const { run, config, metrics: source, series = {}, exits = {} } = options;
  const unknown = (code: DefinitionProblemCode, names: readonly string[], candidates: readonly string[]) =>
    [...new Set(names)]
      .filter((name) => !candidates.includes(name))
      .map((found) => problemOf({ code, subject: "the command", found, candidates, site }));
  const tokens = [...run, ...Object.values(config?.set ?? {})].filter(isToken);
  const named = tokens.flatMap((token) => (token.token === "parameter" ? [token.name] : []));
  const read = "output" in source ? Object.keys(source.output) : Object.keys(source.names ?? {});
  const censored = Object.values(exits).flatMap((exit) => (exit === "refused" ? [] : [exit.censored]));
  return [
    ...unknown("unknown-parameter", named, known.parameters),
    ...unknown("unknown-metric", [...read, ...censored], known.metrics),
    ...unknown("unknown-series", Object.keys(series), known.series),
  ];
}

function valueProblems(
  { command, hands }: CommandStage,
  metrics: readonly string[],
): readonly DefinitionProblem[] {
  const { config, metrics: source, series = {}, artifacts = [], exits = {} } = command.options;
  const problems: DefinitionProblem[] = [];
  const bad = (found: string, expected: string): number =>
    problems.push(
      problemOf({ code: "bad-command", subject: "the command", found, expected, site: command.site }),
    );
  const files = [
    ...("output" in source ? [] : [fileOf(source)]),
    ...Object.values(series).map(fileOf),
    ...Object.values(hands?.contents ?? {}).map((one) => ("json" in one ? one.json : one.text)),
    ...(config?.file === undefined ? [] : [config.file]),
    ...artifacts,
  ];
  for (const file of files)
    if (!isInside(file))
      bad(JSON.stringify(file), "a file in the trial's own folder, below which the program runs");
  if ("output" in source) {
    for (const [name, pattern] of Object.entries(source.output)) {
      const wrong = expressionProblem(pattern);
      if (wrong !== null) bad(`the expression of "${name}"`, `a regular expression: ${wrong}`);
    }
    for (const name of metrics.filter((one) => !Object.hasOwn(source.output, one)))
      bad(
        `no expression for the metric "${name}"`,
        `one a metric, such as output: { ${name}: "${name}=(.*)" }`,
      );
  }
  for (const [code, meaning] of Object.entries(exits)) {
    if (!/^[1-9]\d{0,2}$/.test(code) || Number(code) > 255)
      bad(`exit code ${code}`, "a whole number from 1 to 255");
    if (meaning !== "refused" && !Number.isFinite(meaning.bound))
      bad(`exit code ${code}`, '"refused" or { censored: "metric", bound: 1000 }');
    if (hands !== null) bad(`exits of a stage`, "none: only a trial is refused or censored");
  }
  return problems;
}

function fileOf(source: { readonly [kind: string]: unknown }): string {
  return String(source.json ?? source.jsonLines ?? source.csv);
}

/** No name that leads out of the folder, whatever the system separates names with. */
function isInside(file: string): boolean {
  return !/^([A-Za-z]:|[/\\])/.test(file) && !file.split(/[/\\]/).includes("..");
}

function expressionProblem(pattern: unknown): string | null {
  try {
    new RegExp(String(pattern), "m");
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
