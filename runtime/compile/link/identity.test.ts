// What changes a job's identity and what does not: rule 2 of the architecture, line by line.
import * as path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Job } from "../../plan/plan.ts";
import { openStaging } from "../build/build-folder.ts";
import { bundle } from "../check/bundle.ts";
import { checkSyntax, cutStages } from "../check/check-syntax.ts";
import { load } from "../load/load.ts";
import { type TemporaryProject, temporaryProject } from "../testing/temporary-project.ts";
import { linkChecked } from "./link-checked.ts";

const experiment = `import { defineExperiment, metric, replicate, sweep } from "labwright";
import rows from "./rows.json" with { type: "json" };
import { scaled, unused } from "./helper.ts";
import { measured } from "measured";

const offset = 2;
const unreached = 7;
interface Shape { readonly size: number }
function area(shape: Shape): number {
  const side = shape.size + offset;
  return side * side;
}

export const other = unused(unreached);

export default defineExperiment({
  name: "shapes",
  description: "Squares",
  question: "Are they large?",
  parameters: { size: sweep([1, 2]), colour: sweep(["red", "blue"]) },
  replicates: replicate(3, { seed: 1 }),
  metrics: { area: metric.number({ description: "Of a square", unit: "cm2" }) },
  stages: ({ stage }) => {
    const factor = 3;
    const prepare = stage({ per: "condition", uses: ["size"], run({ parameters }) { return { start: parameters.size * factor, evaluate: 0 }; } });
    const evaluate = stage({ per: "condition", needs: { prepare }, run({ inputs, parameters }) { return { end: inputs.prepare.start + parameters.size }; } });
    return { prepare, evaluate };
  },
  trial({ parameters, inputs, random }) {
    const shift = measured(random.float());
    return { area: scaled(area(parameters)) + inputs.evaluate.end + rows.length + shift + parameters.colour.length };
  },
  analyses: ({ compare }) => [compare("area", { across: "size", baseline: 1 })],
});
`;

const helper = `const factors = new Map([["unit", 1]]);
export function scaled(value: number): number { return value * 2 + (factors.get("unit") ?? 0); }
export function unused(value: number): number { return value; }
`;

function shapes(): TemporaryProject {
  return temporaryProject({
    "shapes.experiment.ts": experiment,
    "helper.ts": helper,
    "rows.json": "[1, 2, 3]",
    "node_modules/measured/package.json": JSON.stringify({
      name: "measured",
      version: "1.0.0",
      type: "module",
      exports: "./main.js",
    }),
    "node_modules/measured/main.js": `import { inner } from "inner";\nexport const measured = (value) => inner(value);\n`,
    "node_modules/inner/package.json": JSON.stringify({
      name: "inner",
      version: "3.1.4",
      type: "module",
      exports: "./main.js",
    }),
    "node_modules/inner/main.js": `export const inner = (value) => value;\n`,
  });
}

type Identities = Readonly<Record<string, Job>>;

async function identitiesOf({ root }: TemporaryProject): Promise<Identities> {
  const files = ["shapes.experiment.ts"];
  const folder = openStaging(root);
  const bundled = await bundle({ root, files, folder });
  assert.ok(bundled.ok, JSON.stringify(bundled));
  const bundles = bundled.value;
  const items = files.map((file) => ({ file, bundle: bundles.fileOf.get(file) ?? "" }));
  const loaded = await load({ root, folder, bundles: items, overrides: {}, spaces: "spaces" });
  const { located } = checkSyntax({ root, files, bundles });
  const codes = {
    ok: true,
    value: await cutStages({ root, folder, located, unlocated: [], bundles }),
  } as const;
  const linked = await linkChecked({
    root,
    folder,
    files,
    effects: [],
    bundles,
    located,
    codes,
    sources: [],
    diagnostics: [],
    loaded,
  });
  assert.ok(linked.ok, JSON.stringify(linked));
  return Object.fromEntries(linked.value.jobs.map((job) => [job.stage, job]));
}

/** The stages whose identity differs after an edit. */
async function changedBy(
  edit: (project: TemporaryProject) => void,
): Promise<{ readonly stages: readonly string[]; readonly parts: readonly string[] }> {
  const project = shapes();
  try {
    const before = await identitiesOf(project);
    edit(project);
    const after = await identitiesOf(project);
    const stages = Object.keys(after).filter((stage) => before[stage]?.id !== after[stage]?.id);
    const partsOf = (job: Job | undefined): string[] =>
      (job?.identity ?? []).map(({ kind, name, hash }) => `${kind} ${name} ${hash}`);
    const known = new Set(Object.values(before).flatMap(partsOf));
    const parts = Object.values(after)
      .flatMap(partsOf)
      .filter((part) => !known.has(part));
    return { stages, parts: [...new Set(parts.map((part) => part.split(" ").slice(0, 2).join(" ")))].sort() };
  } finally {
    project.remove();
  }
}

const file = "shapes.experiment.ts";
const unchanging: Readonly<Record<string, (project: TemporaryProject) => void>> = {
  comments: (project) => project.edit(file, "const side =", "// The side, with its offset.\n  const side ="),
  formatting: (project) => project.edit(file, "  return side * side;", "  return (side\n     * side)"),
  types: (project) =>
    project.edit(
      file,
      "interface Shape { readonly size: number }",
      "interface Shape { size: number; readonly name?: string }",
    ),
  "names of locals": (project) =>
    project.write(file, experiment.replaceAll("side", "lengthOfTheSide").replaceAll("shift", "s")),
  "names of helpers' parameters": (project) => project.write("helper.ts", helper.replaceAll("value", "v")),
  "a new level": (project) => project.edit(file, "sweep([1, 2])", "sweep([1, 2, 5])"),
  "more replicates": (project) => project.edit(file, "replicate(3,", "replicate(30,"),
  "an edited question": (project) =>
    project.edit(file, "Are they large?", "Are they really as large as they look?"),
  "an edited description": (project) => project.edit(file, '"Squares"', '"Squares of all sizes"'),
  "an edited metric description": (project) => project.edit(file, "Of a square", "Of one square, summed"),
  "an edited analysis": (project) =>
    project.edit(
      file,
      'compare("area", { across: "size", baseline: 1 })',
      'compare("area", { across: "colour", baseline: "red" })',
    ),
  "an unreached constant": (project) => project.edit(file, "unreached = 7", "unreached = 8"),
  "an unreached helper": (project) => project.edit("helper.ts", "return value; }", "return value + 1; }"),
  "a formatted JSON file": (project) => project.write("rows.json", "[\n  1,\n  2,\n  3\n]\n"),
};

for (const [what, edit] of Object.entries(unchanging)) {
  test(`${what} changes no identity`, async () => {
    assert.equal(await changedBy(edit), { stages: [], parts: [] });
  });
}

const changing: readonly (readonly [
  what: string,
  stages: readonly string[],
  part: string,
  edit: (project: TemporaryProject) => void,
])[] = [
  [
    "the trial",
    ["trial"],
    `symbol ${file}#trial`,
    (project) => project.edit(file, "+ rows.length", "- rows.length"),
  ],
  [
    "a reached constant",
    ["trial"],
    `symbol ${file}#offset`,
    (project) => project.edit(file, "offset = 2", "offset = 3"),
  ],
  [
    "an imported helper",
    ["trial"],
    "symbol helper.ts#scaled",
    (project) => project.edit("helper.ts", "value * 2", "value * 3"),
  ],
  [
    "a constant of an imported helper",
    ["trial"],
    "symbol helper.ts#factors",
    (project) => project.edit("helper.ts", '"unit", 1', '"unit", 2'),
  ],
  [
    "a package's version",
    ["trial"],
    "package measured",
    (project) => project.edit("node_modules/measured/package.json", "1.0.0", "1.0.1"),
  ],
  [
    "the version of a package behind a package",
    ["trial"],
    "package inner",
    (project) => project.edit("node_modules/inner/package.json", "3.1.4", "3.1.5"),
  ],
  ["a JSON file", ["trial"], "file rows.json", (project) => project.write("rows.json", "[1, 2, 3, 4]")],
  [
    "what a metric may be",
    ["trial"],
    `symbol ${file}#metrics`,
    (project) => project.edit(file, 'unit: "cm2"', 'unit: "cm2", optional: true'),
  ],
  [
    "the last stage",
    ["evaluate", "trial"],
    `symbol ${file}#evaluate`,
    (project) => project.edit(file, "inputs.prepare.start +", "inputs.prepare.start -"),
  ],
  [
    "the first stage",
    ["prepare", "evaluate", "trial"],
    `symbol ${file}#prepare`,
    (project) => project.edit(file, "parameters.size * factor", "parameters.size / factor"),
  ],
  [
    "a local of the stages' callback",
    ["prepare", "evaluate", "trial"],
    `symbol ${file}#prepare`,
    (project) => project.edit(file, "factor = 3", "factor = 4"),
  ],
  [
    "the root seed",
    ["prepare", "evaluate", "trial"],
    "seed root",
    (project) => project.edit(file, "seed: 1", "seed: 2"),
  ],
  [
    "the pairing",
    ["prepare", "evaluate", "trial"],
    "seed root",
    (project) => project.edit(file, "seed: 1", 'seed: 1, pairing: "common-random-numbers"'),
  ],
  [
    "the experiment's name",
    ["prepare", "evaluate", "trial"],
    "seed names",
    (project) => project.edit(file, '"shapes"', '"squares"'),
  ],
  [
    "what a stage uses",
    ["prepare", "evaluate", "trial"],
    "seed names",
    (project) => project.edit(file, 'uses: ["size"]', 'uses: ["size", "colour"]'),
  ],
];

for (const [what, stages, part, edit] of changing) {
  test(`${what} changes ${stages.join(", ")} and is named`, async () => {
    const changed = await changedBy(edit);
    assert.equal(changed.stages, stages);
    assert.ok(changed.parts.includes(part), `${part} is not among ${changed.parts.join(", ")}`);
  });
}

test("a WebAssembly file that the trial reaches changes the trial, and one that it does not reach changes nothing", async () => {
  const empty = Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  const named = Uint8Array.from([...empty, 0, 2, 1, 0x61]);
  const project = shapes();
  try {
    project.write("kernel.wasm", empty);
    project.write("spare.wasm", empty);
    project.edit(
      file,
      "import { scaled",
      'import kernel from "./kernel.wasm";\nimport spare from "./spare.wasm";\nexport const kept = spare;\nimport { scaled',
    );
    project.edit(file, "rows.length", "kernel.length");
    const first = await identitiesOf(project);
    project.write("spare.wasm", named);
    const second = await identitiesOf(project);
    project.write("kernel.wasm", named);
    const third = await identitiesOf(project);
    assert.is(second.trial?.id, first.trial?.id);
    assert.is.not(third.trial?.id, first.trial?.id);
    assert.is(third.prepare?.id, first.prepare?.id);
  } finally {
    project.remove();
  }
});

test("slices are kept with the build, readable", async () => {
  const project = shapes();
  try {
    const { trial } = await identitiesOf(project);
    const { readdirSync, readFileSync } = await import("node:fs");
    const builds = path.join(project.root, ".lab/builds");
    const folder = path.join(builds, readdirSync(builds)[0] ?? "", "slices");
    const slice = readFileSync(path.join(folder, "shapes.experiment.default.trial.js"), "utf8");
    assert.match(slice, "function area(shape)");
    assert.not.match(slice, "unreached");
    assert.not.match(slice, "Are they large?");
    assert.ok(trial?.identity.some(({ name }) => name === "helper.ts#scaled"));
  } finally {
    project.remove();
  }
});

test.run();
