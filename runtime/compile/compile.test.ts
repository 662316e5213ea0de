// What `lab build` promises: a correct plan, the same id for the same content, everything that is wrong at once, and no work when
// nothing has changed.
import { existsSync, readdirSync, readFileSync, utimesSync } from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { type CompiledBuild, compile } from "./compile.ts";
import { type TemporaryProject, temporaryProject } from "./testing/temporary-project.ts";

const market = `import { defineExperiment, metric, replicate, sweep } from "labwright";
import { z } from "zod";

export default defineExperiment({
  name: "market",
  question: "What pays?",
  parameters: { firms: sweep([2, 3]), discount: sweep([0, 0.5, 0.95]), memory: 1 },
  replicates: replicate(4, { seed: 7 }),
  metrics: { gain: metric.number(), periods: metric.integer() },
  series: { rounds: z.object({ period: z.int(), price: z.number() }) },
  stages: ({ stage }) => ({
    nash: stage({ per: "condition", uses: ["firms"], run: ({ parameters }) => ({ price: 1 / parameters.firms }) }),
  }),
  trial({ parameters, inputs, random, record }) {
    record("rounds", { period: 1, price: inputs.nash.price });
    return { gain: random.float() * parameters.discount + parameters.firms, periods: parameters.memory };
  },
  analyses: ({ compare }) => [compare("gain", { across: "discount", baseline: 0.95 })],
});
`;

/** A sound experiment with little in it; `extra` goes into the definition. */
function small(name: string, extra = "parameters: { x: sweep([1, 2]) },"): string {
  return `import { defineExperiment, metric, replicate, space, sweep } from "labwright";
export default defineExperiment({
  name: "${name}",
  ${extra}
  replicates: replicate(2, { seed: 1 }),
  metrics: { score: metric.number() },
  trial: ({ parameters }) => ({ score: parameters.x }),
});
`;
}

async function withProject(
  files: Readonly<Record<string, string>>,
  use: (project: TemporaryProject) => Promise<void>,
): Promise<void> {
  const project = temporaryProject(files);
  try {
    await use(project);
  } finally {
    project.remove();
  }
}

async function built(project: TemporaryProject, paths?: readonly string[]): Promise<CompiledBuild> {
  const result = await compile({ root: project.root, paths });
  if (!result.ok) throw new Error(JSON.stringify(result.error, null, 1));
  return result.value;
}

async function refused(project: TemporaryProject, paths?: readonly string[]): Promise<readonly Diagnostic[]> {
  const result = await compile({ root: project.root, paths });
  if (result.ok) throw new Error("the build was accepted");
  return result.error;
}

const shown = ({ code, place }: Diagnostic): string =>
  place === null ? code : `${code} ${place.file}:${place.line}:${place.column}`;

test("a plan has every job, its conditions and its needs", () =>
  withProject({ "market.experiment.ts": market }, async (project) => {
    const { plan, folder, warnings, reused } = await built(project);
    assert.is(reused, false);
    assert.equal(warnings, []);
    assert.is(folder, path.join(project.root, ".lab/builds", plan.build));
    assert.match(plan.build, /^[0-9a-f]{12}$/);
    assert.equal(plan, JSON.parse(readFileSync(path.join(folder, "plan.json"), "utf8")));
    const [experiment] = plan.experiments;
    const { name, file, exportName, line, conditions, admittedCount, admitted } = experiment!;
    assert.equal(
      { name, file, exportName, line, conditions, admittedCount, admitted },
      {
        name: "market",
        file: "market.experiment.ts",
        exportName: "default",
        line: 4,
        conditions: 6,
        admittedCount: 6,
        admitted: null,
      },
    );
    assert.equal(Object.keys(experiment!.series), ["rounds"]);
    assert.equal(
      experiment!.analyses.map(({ kind }) => kind),
      ["compare"],
    );
    assert.ok(existsSync(path.join(folder, experiment!.bundle)));
    const [nash, trial] = plan.jobs;
    assert.equal(
      [nash!.stage, nash!.per, nash!.uses, nash!.conditions, nash!.replicates],
      ["nash", "condition", ["firms"], 2, 1],
    );
    assert.equal(nash!.projected, [{ firms: 2 }, { firms: 3 }]);
    assert.equal(
      [trial!.stage, trial!.conditions, trial!.replicates, trial!.projected],
      ["trial", 6, 4, null],
    );
    assert.equal(trial!.needs, [{ input: "nash", job: nash!.id, kind: "stage" }]);
    assert.equal(experiment!.jobs, [nash!.id, trial!.id]);
  }));

test("building twice gives the same id, with or without the first build", () =>
  withProject(
    { "market.experiment.ts": market, "sub/other.experiment.ts": small("other") },
    async (project) => {
      const first = await built(project);
      const second = await built(project);
      assert.is(second.reused, true);
      assert.equal(second.plan, first.plan);
      const { rmSync } = await import("node:fs");
      rmSync(path.join(project.root, ".lab"), { recursive: true });
      const third = await built(project);
      assert.is(third.reused, false);
      assert.is(third.plan.build, first.plan.build);
      assert.is(readFileSync(path.join(project.root, ".lab/builds/latest"), "utf8").trim(), first.plan.build);
      assert.equal(
        readdirSync(path.join(project.root, ".lab/builds")).filter((name) => name.startsWith(".staging")),
        [],
      );
    },
  ));

test("a touched file is the same file; an edited, added or newly governed one is not", () =>
  withProject(
    {
      "a.experiment.ts": `import { one } from "./one.ts";\n${small("a").replace("parameters.x }", "parameters.x + one }")}`,
      "one.ts": "export const one = 1;\n",
    },
    async (project) => {
      await built(project);
      utimesSync(path.join(project.root, "one.ts"), new Date(1e12), new Date(1e12));
      assert.is((await built(project)).reused, true);
      project.write("one.ts", "export const one = 2;\n");
      assert.is((await built(project)).reused, false);
      project.write("b.experiment.ts", small("b"));
      assert.is((await built(project)).reused, false);
      project.write("package-lock.json", "{}");
      assert.is((await built(project)).reused, false);
      assert.is((await built(project)).reused, true);
    },
  ));

test("every mistake is found at once, each with its place", () =>
  withProject(
    {
      "a.experiment.ts": `${small("same")}const wrong: number = "text";\n`,
      "b.experiment.ts": small("same").replace("parameters.x }", "parameters.x + Math.random() }"),
      "c.experiment.ts": small("c", "parameters: { x: sweep([]) },"),
    },
    async (project) => {
      const found = (await refused(project)).map(shown);
      assert.equal(found.slice(0, 3), [
        "type-error a.experiment.ts:9:7",
        "duplicate-experiment b.experiment.ts:2:16",
        "random-in-trial b.experiment.ts:7:55",
      ]);
      assert.ok(found.includes("empty-sweep c.experiment.ts:4:20"), found.join("\n"));
      assert.not.ok(existsSync(path.join(project.root, ".lab/builds/latest")));
    },
  ));

test("a type error keeps TypeScript's code and underlines the word", () =>
  withProject(
    { "a.experiment.ts": small("a").replace("score: parameters.x", "score: parameters.y") },
    async (project) => {
      const error = (await refused(project)).find(({ code }) => code === "type-error");
      assert.equal(error!.place, { file: "a.experiment.ts", line: 7, column: 51, length: 1 });
      assert.match(error!.message, "TS2339");
      assert.not.match(error!.message, "\n");
    },
  ));

test("errors in files that no experiment reaches are not reported", () =>
  withProject(
    { "a.experiment.ts": small("a"), "scratch.ts": 'export const broken: number = "text";\n' },
    async (project) => {
      assert.is((await built(project)).plan.experiments.length, 1);
    },
  ));

test("paths select; a path outside, missing, misnamed or empty is refused", () =>
  withProject(
    { "one/a.experiment.ts": small("a"), "two/experiments.ts": small("b"), "notes/x.ts": "export {};\n" },
    async (project) => {
      assert.equal(
        (await built(project, ["one"])).plan.experiments.map(({ name }) => name),
        ["a"],
      );
      assert.equal(
        (await built(project, ["two/experiments.ts"])).plan.experiments.map(({ name }) => name),
        ["b"],
      );
      assert.equal(
        (await built(project)).plan.experiments.map(({ name }) => name),
        ["a", "b"],
      );
      assert.is((await built(project, ["one"])).reused, true);
      const codes = (await refused(project, ["..", "on", "notes", "notes/x.ts"])).map(({ code }) => code);
      assert.equal(codes, [
        "path-outside-project",
        "path-missing",
        "no-experiments",
        "path-not-an-experiment",
      ]);
      assert.is((await refused(project, ["on"]))[0]!.hint, 'Did you mean "one"?');
    },
  ));

test("several exports of a file are several experiments, and one definition under two names is one", () =>
  withProject(
    {
      "experiments.ts": `${small("first").replace("export default", "export const first =")}
export const second = defineExperiment({ ...{ name: "second" }, parameters: { x: sweep([3]) }, replicates: replicate(1, { seed: 2 }), metrics: { score: metric.number() }, trial: ({ parameters }) => ({ score: parameters.x }) });
export default second;\n`,
    },
    async (project) => {
      const { plan } = await built(project);
      assert.equal(
        plan.experiments.map(({ name, exportName }) => [name, exportName]),
        [
          ["first", "first"],
          ["second", "default"],
        ],
      );
    },
  ));

test("where becomes a bitmap and derived values a column", () =>
  withProject(
    {
      "a.experiment.ts": small(
        "a",
        "parameters: space.where(space.derive({ x: sweep([1, 2, 3]), y: sweep([1, 2, 3]) }, { sum: ({ x, y }) => x + y }), ({ x, y }) => x <= y),",
      ),
    },
    async (project) => {
      const { plan, folder } = await built(project);
      const { conditions, admittedCount, admitted, derived } = plan.experiments[0]!;
      assert.equal([conditions, admittedCount], [9, 6]);
      // Conditions 0 1 2, 4 5, 8 in the order 11 12 13 21 22 23 31 32 33.
      assert.equal([...readFileSync(path.join(folder, admitted!))], [0b00110111, 0b1]);
      const column = JSON.parse(readFileSync(path.join(folder, derived!), "utf8")) as unknown[];
      assert.equal(column, [
        { sum: 2 },
        { sum: 3 },
        { sum: 4 },
        null,
        { sum: 4 },
        { sum: 5 },
        null,
        null,
        { sum: 6 },
      ]);
    },
  ));

test("ten million conditions are planned without a walk", () =>
  withProject(
    {
      "a.experiment.ts": `${small("a", "parameters: { x: sweep.range(0, 10_000_000) },")}`,
    },
    async (project) => {
      const { plan, folder } = await built(project);
      assert.is(plan.jobs[0]!.conditions, 10_000_000);
      assert.ok(readFileSync(path.join(folder, "plan.json")).length < 10_000);
    },
  ));

const unsound: Readonly<Record<string, readonly [source: string, code: string]>> = {
  "two equal conditions": [
    small("a", "parameters: space.conditions([{ x: 1 }, { x: 2 }, { x: 1 }]),"),
    "equal-conditions",
  ],
  "a space without conditions": [
    small("a", "parameters: space.where({ x: sweep([1, 2]) }, () => false),"),
    "empty-space",
  ],
  "a predicate that throws": [
    small("a", 'parameters: space.where({ x: sweep([1, 2]) }, () => { throw new Error("no"); }),'),
    "condition-threw",
  ],
  "a metric named as a parameter": [
    small("a", "parameters: { x: 1, score: sweep([1, 2]) },").replace(
      "score: parameters.x",
      "score: parameters.x + parameters.score",
    ),
    "metric-named-as-parameter",
  ],
  "more trials than can be numbered": [
    small("a", "parameters: { x: sweep([1, 2]) },").replace("replicate(2,", "replicate(4_000_000_000,"),
    "too-many-trials",
  ],
  "a module that throws": [`${small("a")}throw new Error("at the top");\n`, "load-failed"],
  "a module that exits": [`${small("a")}process.exit(3);\n`, "load-ended"],
  "a promise that fails behind the module's back": [
    `${small("a")}void Promise.reject(new Error("late"));\n`,
    "load-failed",
  ],
  "an import that is not there": [
    `import { gone } from "./gone.ts";\n${small("a").replace("parameters.x }", "parameters.x + gone }")}`,
    "type-error",
  ],
};

for (const [what, [source, code]] of Object.entries(unsound)) {
  test(`${what} is refused as ${code}, and the sound experiment beside it is not`, () =>
    withProject({ "a.experiment.ts": source, "z.experiment.ts": small("z") }, async (project) => {
      const found = await refused(project);
      assert.ok(
        found.some((diagnostic) => diagnostic.code === code),
        found.map(shown).join("\n"),
      );
      assert.not.ok(
        found.some(({ place }) => place?.file === "z.experiment.ts"),
        found.map(shown).join("\n"),
      );
    }));
}

test("what threw while loading is shown at the author's line", () =>
  withProject(
    {
      "a.experiment.ts": `import { fail } from "./deep.ts";\nfail();\n${small("a")}`,
      "deep.ts": '// A comment.\nexport function fail(): void {\n  throw new Error("deep down");\n}\n',
    },
    async (project) => {
      const found = await refused(project);
      assert.equal(found.map(shown), ["load-failed deep.ts:3:9"]);
      assert.match(found[0]!.message, "deep down");
    },
  ));

test("an experiment may need another, and comes after it", () =>
  withProject(
    {
      "a.experiment.ts": `import source from "./z.experiment.ts";
${small("a").replace("metrics:", "needs: { source },\n  metrics:").replace("({ parameters }) => ({ score: parameters.x })", "({ parameters, inputs }) => ({ score: parameters.x + inputs.source.length })")}`,
      "z.experiment.ts": small("z"),
    },
    async (project) => {
      const { plan } = await built(project);
      assert.equal(
        plan.experiments.map(({ name }) => name),
        ["z", "a"],
      );
      const [z, a] = plan.jobs;
      assert.equal(a!.needs, [{ input: "source", job: z!.id, kind: "experiment" }]);
      const only = await built(project, ["a.experiment.ts"]);
      assert.equal(
        only.plan.experiments.map(({ name }) => name),
        ["z", "a"],
        "what it needs is built with it",
      );
      project.edit("z.experiment.ts", "sweep([1, 2])", "sweep([1, 2, 3])");
      const wider = await built(project);
      assert.is(wider.plan.jobs[0]!.id, z!.id, "a new level keeps the needed experiment's trials");
      assert.is.not(wider.plan.jobs[1]!.id, a!.id, "but its rows are other rows");
    },
  ));

test("levels from the command line replace the declared ones without a new build", () =>
  withProject({ "market.experiment.ts": market }, async (project) => {
    const declared = await built(project);
    const result = await compile({ root: project.root, overrides: { discount: [0.1, 0.2], firms: [5] } });
    assert.ok(result.ok, JSON.stringify(result));
    const { plan, reused } = result.value;
    assert.is(reused, true);
    assert.is(plan.build, declared.plan.build);
    assert.equal(plan.experiments[0]!.overrides, { discount: [0.1, 0.2], firms: [5] });
    assert.equal([plan.experiments[0]!.conditions, plan.jobs[1]!.conditions], [2, 2]);
    assert.equal(plan.jobs[0]!.projected, [{ firms: 5 }]);
    assert.equal(
      plan.jobs.map(({ id }) => id),
      declared.plan.jobs.map(({ id }) => id),
      "levels are no part of a job's identity",
    );
    const wrong = await compile({ root: project.root, overrides: { discuont: [1], firms: [2, 2] } });
    assert.ok(!wrong.ok);
    assert.equal(wrong.error.map(({ code }) => code).sort(), ["duplicate-level", "unknown-override"]);
  }));

test("files that hold no experiment are refused where nothing else does, and are a warning beside one that does", async () => {
  const empty = { "a.experiment.ts": "", "b.experiment.ts": "export const b = 1;\n" };
  await withProject(empty, async (project) => {
    const diagnostics = await refused(project);
    assert.equal(diagnostics.map(shown), ["no-export a.experiment.ts:1:1", "no-export b.experiment.ts:1:1"]);
    assert.ok(diagnostics.every(({ severity }) => severity === "error"));
  });
  await withProject({ ...empty, "c.experiment.ts": small("c") }, async (project) => {
    const { warnings } = await built(project);
    assert.equal(
      warnings.map(({ code }) => code),
      ["no-export", "no-export"],
    );
  });
});

test.run();
