// What an experiment may be written in and may import: plain JavaScript without a tsconfig, helpers beside it, packages without
// types, text and CSV. All of it is part of what decides whether a trial is run again.
import { rmSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Project, projectOf } from "./project.ts";

function ran(project: Project, ...args: string[]): string {
  const done = project.lab(...args);
  assert.is(done.code, 0, done.all);
  return done.all;
}

const walk = `import { defineExperiment, metric, replicate, sweep } from "labwright";
import double from "untyped-numbers";
import { carry } from "./helper.js";

export default defineExperiment({
  name: "walk",
  parameters: { step: sweep([1, 2]) },
  replicates: replicate(3, { seed: 1 }),
  metrics: { distance: metric.number() },
  trial: ({ parameters, random }) => ({ distance: carry(double(parameters.step), random.normal()) }),
  analyses: ({ compare }) => [compare("distance", { across: "step", baseline: 1 })],
});
`;

test("plain JavaScript runs without a tsconfig: experiment, helper and a package without types", () => {
  const project = projectOf({
    "experiments/walk.experiment.js": walk,
    "experiments/helper.js":
      'import { rough } from "./rough.mjs";\nexport const carry = (step, noise) => rough(step * noise);\n',
    // Declarations of its own stand for a JavaScript file, whatever is called in it.
    "experiments/rough.mjs":
      "const known = { of: (x) => x };\nexport function rough(x) { known.of(x); return x; }\n",
    "experiments/rough.d.mts": "export declare function rough(x: number): number;\n",
    "experiments/half.experiment.mjs": walk.replace('"walk"', '"half"').replace("double(", "("),
    "node_modules/untyped-numbers/package.json":
      '{ "name": "untyped-numbers", "version": "1.0.0", "main": "index.js" }',
    "node_modules/untyped-numbers/index.js": "module.exports = (x) => 2 * x;\n",
  });
  try {
    rmSync(project.path("tsconfig.json"));
    assert.match(ran(project, "run", "-q"), /^\$/);
    assert.match(ran(project, "plan", "walk"), /walk +trial +6 +0 +6 /);
    ran(project, "report", "--format", "json");
    project.write(
      "experiments/helper.js",
      "export const carry = (step, noise) => step * noise + 1; // edited\n",
    );
    const plan = ran(project, "plan", "walk");
    assert.match(plan, /carry in experiments\/helper\.js changed/);
  } finally {
    project.remove();
  }
});

test("the rules read JavaScript too, and a mistake is at its line", () => {
  const project = projectOf({
    "walk.experiment.js": walk
      .replace('import double from "untyped-numbers";\n', "")
      .replace("double(parameters.step)", "Math.random() * parameters.stepp"),
    "helper.js": "export const carry = (step, noise) => step * noise;\n",
  });
  try {
    const { code, all } = project.lab("build");
    assert.is(code, 2, all);
    assert.match(all, /walk\.experiment\.js:9:\d+ error random-in-trial/);
    assert.match(all, /walk\.experiment\.js:6:\d+ error unread-parameter/);
  } finally {
    project.remove();
  }
});

const typed = `import { defineExperiment, csv, metric, sweep } from "labwright";
import double from "untyped-numbers";
import { z } from "zod";
import prompt from "./prompt.txt";
import regions from "./regions.csv";

const people: readonly { region: string; people: number }[] = csv(
  regions,
  z.object({ region: z.string(), people: z.int() }),
);

export default defineExperiment({
  name: "regions",
  parameters: { row: sweep([0, 1]) },
  metrics: { people: metric.number(), letters: metric.integer() },
  primary: "people",
  trial: ({ parameters }) => ({
    people: double(people[parameters.row]!.people) as number,
    letters: prompt.length,
  }),
});
`;

test("text and CSV are typed, rows by their schema, and an edited row runs again", () => {
  const project = projectOf({
    "regions.experiment.ts": typed,
    "prompt.txt": "You sell apples.",
    "regions.csv": "region,people\nnorth,12\nsouth,30\n",
    "node_modules/untyped-numbers/package.json":
      '{ "name": "untyped-numbers", "version": "1.0.0", "main": "index.js" }',
    "node_modules/untyped-numbers/index.js": "module.exports = (x) => 2 * x;\n",
  });
  try {
    assert.match(ran(project, "build"), /regions\.experiment\.ts:2:\d+ warning untyped-package/);
    ran(project, "run", "-q");
    assert.match(ran(project, "export", "csv", "regions"), /60/);
    project.write("regions.csv", "region,people\nnorth,12\nsouth,31\n");
    assert.match(ran(project, "plan"), /file regions\.csv changed/);
    project.write("regions.csv", "region,people\nnorth,12\nsouth,many\n");
    const broken = project.lab("build");
    assert.is(broken.code, 2, broken.all);
    assert.match(broken.all, /regions\.experiment\.ts:7:\d+ error load-failed/);
    assert.match(broken.all, /line 3 of\s+the CSV, column "people"/);
  } finally {
    project.remove();
  }
});

test("fetch, timers and process are known without any setting, and a project's own declarations stand", () => {
  const project = projectOf({
    "walk.experiment.ts": typed
      .replace('import double from "untyped-numbers";\n', 'import flag from "./flag.csv";\n')
      .replace(
        "double(people[parameters.row]!.people) as number",
        "people[parameters.row]!.people + flag.length",
      ),
    "flag.csv": "x",
    "flags.d.ts": 'declare module "*.csv" {\n  const text: string;\n  export default text;\n}\n',
    "tool.experiment.ts": `import { defineExperiment, metric } from "labwright";
export const address = (): Promise<Response> => fetch("http://localhost");
export const later = (): NodeJS.Timeout => setTimeout(() => process.stdout.write(""), 1);
export default defineExperiment({
  name: "tool",
  parameters: { scale: 1 },
  metrics: { score: metric.number() },
  trial: ({ parameters }) => ({ score: parameters.scale }),
});
`,
    "prompt.txt": "You sell apples.",
    "regions.csv": "region,people\nnorth,12\nsouth,30\n",
    "tsconfig.json": '{ "compilerOptions": { "strict": true, "module": "NodeNext", "target": "ES2023" } }',
  });
  try {
    ran(project, "build");
  } finally {
    project.remove();
  }
});

test.run();
