// The module that a plan file stands for: what `lab import` writes, and what is checked, bundled and cut out when the plan file itself is
// built. Being one text, both have the same trials.

import { code, key, nodeText, separated } from "./code-text.ts";
import { type MarkedText, markedText, type Part } from "./module-text.ts";
import { withAllows } from "./plan-allows.ts";
import type { Noted } from "./plan-document.ts";
import type { PlanMetric } from "./plan-metrics.ts";
import type { PlanOrchestrator } from "./plan-orchestrator.ts";
import type { PlanProgram } from "./plan-program.ts";
import { sequenceKey } from "./plan-sequence.ts";
import type { PlanSeries } from "./plan-series.ts";
import type { PlanFile } from "./read-plan.ts";

/** The module of a plan, as if it stood in the plan's folder; `specifier` leads to the trial's module from elsewhere. */
export function planModule(plan: PlanFile, specifier?: string): MarkedText {
  const body = withAllows(definitionMembers(plan), plan.allows);
  const words = importedWords(body);
  return markedText([
    `import { ${words.join(", ")} } from "labwright";\n`,
    ...plan.series
      .slice(0, 1)
      .map(({ place }): Part => ({ of: place, parts: ['import { z } from "zod";\n'] })),
    ...trialImport(plan, specifier),
    "\n",
    "export default ",
    { of: plan.name.place, parts: ["defineExperiment({\n"] },
    ...body,
    "});\n",
  ]);
}

const exported = [
  "checkpointFolder",
  "command",
  "configFile",
  "configFlags",
  "defineExperiment",
  "env",
  "grpc",
  "metric",
  "parameter",
  "replicate",
  "space",
  "sweep",
  "trialSeed",
];

/** What the module uses of labwright: words outside of its texts. */
function importedWords(body: readonly Part[]): readonly string[] {
  const text = `defineExperiment${markedText(body).text}`.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  return exported.filter((word) => new RegExp(`(?<![\\w$.])${word}(?![\\w$:])`).test(text));
}

function trialImport({ runs }: PlanFile, specifier?: string): readonly Part[] {
  if (runs.kind !== "module") return [];
  const { exportName, place } = runs;
  const named =
    exportName === "default" ? "trial" : exportName === "trial" ? "{ trial }" : `{ ${exportName} as trial }`;
  return [{ of: place, parts: [`import ${named} from ${code(specifier ?? runs.specifier)};\n`] }];
}

/** The members of the definition, each in parts. */
function definitionMembers(plan: PlanFile): readonly (readonly Part[])[] {
  const { name, description, question, tags, replicates, seed, timeout, metrics, primary, runs } = plan;
  const seeded = seed === null ? "" : `, { seed: ${seed.value} }`;
  const counted = replicates ?? seed;
  const member = (from: Noted<unknown> | null, text: string): readonly Part[] =>
    from === null ? [] : [{ of: from.place, parts: [`  ${text},\n`] }];
  return [
    member(name, `name: ${code(name.value)}`),
    description === null ? [] : [`  description: ${code(description)},\n`],
    question === null ? [] : [`  question: ${code(question)},\n`],
    member(tags, `tags: ${code(tags?.value)}`),
    ["  parameters: ", ...spaceParts(plan), ",\n"],
    member(counted, `replicates: replicate(${replicates?.value ?? 1}${seeded})`),
    member(timeout, `limits: { timeout: ${code(timeout?.value)} }`),
    [
      "  metrics: {\n",
      ...metrics.map(
        (each): Part => ({ of: each.place, parts: [`    ${key(each.name)}: `, each.code, ",\n"] }),
      ),
      "  },\n",
    ],
    seriesParts(plan.series),
    primaryParts(plan),
    [{ of: runs.place, parts: trialParts(plan) }],
    analysisParts(plan, primary?.value ?? metrics[0]?.name ?? ""),
  ];
}

function seriesParts(series: readonly PlanSeries[]): readonly Part[] {
  if (series.length === 0) return [];
  const members = series.map(
    (each): Part => ({ of: each.place, parts: [`    ${key(each.name)}: `, each.code, ",\n"] }),
  );
  return ["  series: {\n", ...members, "  },\n"];
}

/** Where a trial's rows are, as an option of what runs it. */
function rowsParts(series: readonly PlanSeries[]): readonly Part[] {
  const members = series.flatMap(({ name, place, from }): readonly Part[] => {
    if (from === null) return [];
    const source = from.kind === "field" ? code(from.name) : `{ ${from.kind}: ${code(from.name)} }`;
    return [{ of: place, parts: [`      ${key(name)}: `, { of: from.place, parts: [source] }, ",\n"] }];
  });
  return members.length === 0 ? [] : ["    series: {\n", ...members, "    },\n"];
}

function primaryParts({ primary, metrics }: PlanFile): readonly Part[] {
  if (primary !== null) return [{ of: primary.place, parts: [`  primary: ${code(primary.value)},\n`] }];
  return metrics.length > 1 ? [`  primary: ${code(metrics[0]?.name)},\n`] : [];
}

function spaceParts({ space: { grid, combinations }, constants }: PlanFile): readonly Part[] {
  const members = [...grid, ...constants].map(
    (each): Part => ({ of: each.place, parts: [`    ${key(each.name)}: `, each.code, ",\n"] }),
  );
  const crossed: readonly Part[] = ["{\n", ...members, "  }"];
  if (combinations === null) return crossed;
  const listed: readonly Part[] = [
    {
      of: combinations.place,
      parts: [
        "space.conditions([\n",
        ...combinations.rows.map(
          ({ place, values, places, nodes }): Part => ({
            of: place,
            parts: [
              "    { ",
              ...combinations.parameters.map((each, index): Part => {
                const node = nodes.get(each.path);
                const value = node === undefined ? code(values.get(each.path)) : nodeText(node);
                const written = `${index === 0 ? "" : ", "}${key(each.name)}: `;
                return { of: places.get(each.path) ?? place, parts: [written, value] };
              }),
              " },\n",
            ],
          }),
        ),
        "  ])",
      ],
    },
  ];
  return members.length === 0 ? listed : ["space.cross(", ...crossed, ", ", ...listed, ")"];
}

function trialParts(plan: PlanFile): readonly Part[] {
  const { runs } = plan;
  if (runs.kind === "module") return ["  trial,\n"];
  return runs.kind === "program" ? commandParts(plan, runs) : orchestratorParts(plan, runs);
}

function orchestratorParts(plan: PlanFile, runs: PlanOrchestrator): readonly Part[] {
  const { base, metrics, series } = plan;
  const { metricsPath } = runs;
  const names = [...metrics.map(({ path }) => path), ...series.flatMap(({ from }) => from?.name ?? [])];
  const tracked: readonly Part[] =
    metricsPath === null
      ? []
      : [{ of: metricsPath.place, parts: [`        ${key(metricsPath.value)}: ${code(names)},\n`] }];
  const renamed = metrics.filter(({ path, name }) => path !== name);
  return [
    "  trial: grpc({\n",
    ...runs.options.map(
      ({ name, code: value, place }): Part => ({ of: place, parts: [`    ${name}: ${value},\n`] }),
    ),
    "    configuration: {\n",
    ...(base === null ? [] : [{ of: base.place, parts: [`      base: ${code(base.file)},\n`] }]),
    ...setParts(plan, runs.seed),
    ...tracked,
    "      },\n    },\n",
    ...(renamed.length === 0 ? [] : ["    metrics: { ", ...separated(renamed.map(renamedPart)), " },\n"]),
    ...rowsParts(series),
    "  }),\n",
  ];
}

function renamedPart({ name, path, place }: PlanMetric): Part {
  return { of: place, parts: [`${key(name)}: ${code(path)}`] };
}

/** What each trial sets in its configuration; the object is left open. */
function setParts({ space, sequence }: PlanFile, seed: Noted<string>): readonly Part[] {
  const own = [...space.grid, ...(space.combinations?.parameters ?? [])];
  return [
    "      set: {\n",
    ...own.map(
      ({ path, name, place }): Part => ({
        of: place,
        parts: [`        ${key(path)}: parameter(${code(name)}),\n`],
      }),
    ),
    { of: seed.place, parts: [`        ${key(seed.value)}: trialSeed,\n`] },
    ...(sequence === null
      ? []
      : [{ of: sequence.place, parts: [`        ${sequenceKey}: `, nodeText(sequence.node), ",\n"] }]),
  ];
}

function commandParts(plan: PlanFile, program: PlanProgram): readonly Part[] {
  const { base } = plan;
  const config = [
    ...(program.config === null ? [] : [`file: ${code(program.config)}`]),
    ...(base === null ? [] : [`base: ${code(base.file)}`]),
  ];
  return [
    "  trial: command({\n    run: [\n",
    ...program.run.map((each): Part => ({ of: each.place, parts: [`      ${each.code},\n`] })),
    "    ],\n    config: {\n",
    ...config.map(
      (line): Part => (base === null ? `      ${line},\n` : { of: base.place, parts: [`      ${line},\n`] }),
    ),
    ...setParts(plan, program.seed),
    "      },\n    },\n",
    { of: program.metrics.place, parts: [`    metrics: ${sourceCode(plan, program)},\n`] },
    ...rowsParts(plan.series),
    ...program.options.map(
      ({ name, code: value, place }): Part => ({ of: place, parts: [`    ${name}: ${value},\n`] }),
    ),
    "  }),\n",
  ];
}

/** A file's keys are the metrics' paths; where a path is no name, the source says which key it is. */
function sourceCode({ metrics }: PlanFile, { metrics: source }: PlanProgram): string {
  if (source.file === null) return source.code;
  const renamed = metrics.filter(({ path, name }) => path !== name);
  const names = renamed.map(({ path, name }) => `${key(name)}: ${code(path)}`).join(", ");
  return `{ ${source.file.kind}: ${code(source.file.name)}${names === "" ? "" : `, names: { ${names} }`} }`;
}

/** The primary metric between the levels of each factor of the grid. */
function analysisParts({ space, metrics }: PlanFile, primary: string): readonly Part[] {
  const measured = metrics.find(({ name }) => name === primary);
  const factors = space.grid.filter(({ levels }) => levels !== null && levels > 1);
  if (measured === undefined || measured.type === "category" || factors.length === 0) return [];
  return [
    "  analyses: ({ compare }) => [\n",
    ...factors.map(
      ({ name, place }): Part => ({
        of: place,
        parts: [`    compare(${code(primary)}, { across: ${code(name)} }),\n`],
      }),
    ),
    "  ],\n",
  ];
}
