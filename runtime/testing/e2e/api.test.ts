// Promise: a program can do what the command line does, through the package's own doors.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { gatedExperiment } from "./live-project.ts";
import { projectOf } from "./project.ts";
import { walk } from "./sample-experiments.ts";

const program = `import { run } from "labwright/run";
import { openResults } from "labwright/results";
import { welch } from "labwright/stats";

const events = [];
const first = await run({ filter: { bias: [0] }, threads: 2, listener: (event) => events.push(event.type) });
const whole = await run({ experiments: ["walk"] });
const again = await run({});
const results = await openResults(".", whole.run);
const distances = (bias) => [...results.experiment("walk").rows({ measured: true })].filter((row) => row.parameters.bias === bias).map((row) => row.metrics.distance);
const { estimate } = welch({ x: distances(0.2), y: distances(0) });
const rows = await results.query("select count(*) as n from trials");
let wrong = null;
try {
  await run({ experiments: ["wlak"] });
} catch (error) {
  wrong = error.message;
}
console.log(JSON.stringify({ events: [...new Set(events)], first: first.done, whole: whole.done, again: again.done, reused: again.reused, estimate: estimate.value, n: Number(rows[0].n), wrong }));
`;

test("run, openResults and the statistics from a program", () => {
  const project = projectOf({ "walk.experiment.ts": walk, "main.mjs": program });
  try {
    const { stdout, stderr, status } = spawnSync(process.execPath, ["main.mjs"], {
      cwd: project.root,
      encoding: "utf8",
    });
    assert.is(status, 0, stderr);
    const told = JSON.parse(stdout);
    assert.equal([told.first, told.whole, told.again, told.reused, told.n], [10, 10, 0, 20, 20]);
    assert.ok(told.events.includes("run-started") && told.events.includes("run-finished"));
    assert.match(told.wrong, /no experiment "wlak"/);
    const rows = JSON.parse(project.lab("export", "json", "walk").stdout) as {
      bias: number;
      distance: number;
    }[];
    const mean = (bias: number): number =>
      rows.filter((row) => row.bias === bias).reduce((sum, row) => sum + row.distance, 0) / 10;
    assert.ok(Math.abs(told.estimate - (mean(0.2) - mean(0))) < 1e-12);
  } finally {
    project.remove();
  }
});

test("the types of every door of the package hold in a user's project", () => {
  const project = projectOf({
    "walk.experiment.ts": walk,
    "use.ts": `import { run, type RunOutcome } from "labwright/run";
import { openResults } from "labwright/results";
import { describe } from "labwright/stats";
import { logitMarket } from "labwright/environments/pricing";
import { qLearning } from "labwright/agents/q-learning";
import { memoryStore } from "labwright/testing/memory-store";

export const outcome: Promise<RunOutcome> = run();
export const mean: number = describe([1, 2, 3]).mean;
export const market = logitMarket({ firms: 2 });
export const doors = [openResults, qLearning, memoryStore];
// @ts-expect-error threads is a number
void run({ threads: "two" });
`,
  });
  try {
    const compiler = project.path("node_modules/labwright/node_modules/ts7/bin/tsc");
    const { stdout, status } = spawnSync(process.execPath, [compiler, "--noEmit", "-p", project.root], {
      encoding: "utf8",
    });
    assert.is(status, 0, stdout);
  } finally {
    project.remove();
  }
});

const page = readFileSync(new URL("../../../docs/programs.md", import.meta.url), "utf8");

test("the program of docs/programs.md hears rows while trials go on, stops the run, and the next goes on", () => {
  const [experiment = "", program = ""] = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(
    (match) => match[1],
  );
  const project = projectOf({ "rounds.experiment.ts": experiment, "main.mjs": program });
  try {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["main.mjs"], {
      cwd: project.root,
      encoding: "utf8",
    });
    assert.is(status, 0, stderr);
    assert.match(stdout, /r0001-\S+ stopped 8 true\n$/);
    // Before any trial had ended there was news of one.
    assert.match(stdout.split("trials")[0]!, /^0\.[15] \d [\d.]+$/m);
    assert.match(project.lab("run").stderr, /complete: [1-6] run, [2-7] reused/);
    const lines = project.lab("run", "--force", "--json", "--rows").stdout.trim().split("\n");
    const rows = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === "rows");
    const recorded = JSON.parse(project.lab("export", "json", "rounds", "--series", "rounds").stdout);
    const told = rows.flatMap((event) =>
      event.rows.map((row: object, at: number) => ({ at: event.first + at, row, ...event })),
    );
    assert.is(told.length, 240);
    for (const { at, row, condition, replicate } of told) {
      assert.is(row.round, at);
      const same = recorded.find(
        (each: { rate: number; replicate: number; round: number }) =>
          each.rate === condition.rate && each.replicate === replicate && each.round === at,
      );
      assert.is(same?.loss, row.loss);
    }
    assert.not.match(project.lab("run", "--force", "--json").stdout, /"type":"rows"/);
  } finally {
    project.remove();
  }
});

const steering = `import { writeFileSync } from "node:fs";
import { run } from "labwright/run";

const gated = run({ experiments: ["gate"], threads: 2 });
await gated.pause();
const paused = gated.state().phase;
const refusals = [];
const refused = (why) => { refusals.push(why.message); };
await gated.pause().catch(refused);
await gated.cancel({ arm: "arm=c" }).catch(refused);
await gated.workers(0).catch(refused);
await gated.retry({ trial: "0123456789abcdef" }).catch(refused);
await gated.priority("gate", 3);
await gated.workers(3);
await gated.unpause();
const left = await gated.cancel({ arm: "arm=b" });
writeFileSync("open", "");
const acts = [];
const types = new Set();
for await (const event of gated) {
  types.add(event.type);
  if (event.type === "act") acts.push(event.act.do);
  if (event.type === "progress") break;
}
const outcome = await gated;
await gated.stop().catch(refused);
const wrong = run({ experiments: ["gaet"] });
let thrown = null;
try {
  for await (const _ of wrong);
} catch (error) {
  thrown = error.message;
}
const abort = new AbortController();
abort.abort("enough");
const misfits = [];
for (const options of [
  { shard: { index: 3, of: 2 } },
  { replicates: [0], filter: { replicate: [1] } },
  { maxHours: 0 },
  { priorities: { gaet: 1 } },
])
  await run({ experiments: ["gate"], ...options }).catch(({ message }) => misfits.push(message));
const parts = [];
for (const index of [1, 2])
  parts.push(await run({ experiments: ["gate"], set: { arm: ["c", "d"] }, replicates: [0, 2], shard: { index, of: 2 }, priorities: { gate: 2 }, maxHours: 1 }));
const late = await run({ experiments: ["gate"], set: { arm: ["e"] }, maxHours: 1e-9 });
const aborted = await run({ experiments: ["gate"], set: { arm: ["a"] }, force: true, signal: abort.signal });
console.log(JSON.stringify({ paused, refusals, left, types: [...types], done: outcome.done, status: outcome.status, thrown, misfits, parts: parts.map(({ done }) => done), late: late.status, aborted: aborted.status, none: aborted.done }));
`;

test("a program pauses, cancels, changes and stops its run, and what it did is kept", () => {
  const project = projectOf({ "gate.experiment.ts": gatedExperiment("gate"), "main.mjs": steering });
  try {
    const { stdout, stderr, status } = spawnSync(process.execPath, ["main.mjs"], {
      cwd: project.root,
      encoding: "utf8",
    });
    assert.is(status, 0, stderr);
    const told = JSON.parse(stdout);
    assert.is(told.paused, "paused");
    assert.match(told.refusals[0], /paused already/);
    assert.match(told.refusals[1], /arm/);
    assert.match(told.refusals[2], /from 1 to 1024/);
    assert.match(told.refusals[3], /0123456789abcdef/);
    assert.match(told.refusals[4], /has ended/);
    assert.is(told.refusals.length, 5);
    assert.ok(told.left >= 18 && told.left <= 20, String(told.left));
    assert.is(told.status, "complete");
    assert.ok(told.done >= 20 && told.done <= 22, String(told.done));
    assert.match(told.thrown, /no experiment "gaet"/);
    assert.match(told.misfits[0], /shard takes a part such as/);
    assert.match(told.misfits[1], /both choose replicates/);
    assert.match(told.misfits[2], /hours above 0/);
    assert.match(told.misfits[3], /no experiment "gaet"/);
    assert.equal([told.misfits.length, told.parts, told.late], [4, [2, 2], "budget"]);
    assert.equal([told.aborted, told.none], ["stopped", 0]);
    const [run] = JSON.parse(project.lab("list", "--json").stdout).runs.filter(
      ({ done }: { done: number }) => done > 4,
    );
    const acts = project
      .read(`.lab/runs/${run.id}/acts.jsonl`)
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.equal(
      acts.map(({ act, origin }) => `${act.do} ${origin}`),
      ["pause", "priority", "workers", "unpause", "cancel"].map((act) => `${act} program`),
    );
  } finally {
    project.remove();
  }
});

test("docs/programs.md names every event with every field", () => {
  const file = fileURLToPath(new URL("../../event/event.ts", import.meta.url));
  const program = ts.createProgram([file], { strict: true, noEmit: true, allowImportingTsExtensions: true });
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
  const union = checker.getDeclaredTypeOfSymbol(
    checker.getExportsOfModule(module).find(({ name }) => name === "RunEvent")!,
  );
  const declared = (union.isUnion() ? union.types : []).map((event) => {
    const [type, ...fields] = event.getProperties();
    return [
      checker.typeToString(checker.getTypeOfSymbol(type!)).replaceAll('"', ""),
      fields.map(({ name }) => name).sort(),
    ];
  });
  assert.ok(declared.length > 10);
  const rows = page.slice(page.indexOf("## Events")).matchAll(/^\| `([\w-]+)` \|[^|]*\| (.*) \|$/gm);
  const described = [...rows].map(([, type, fields = ""]) => [
    type,
    // What stands in parentheses says more of a field.
    [...fields.replaceAll(/\([^()]*\)/g, "").matchAll(/`(\w+)`/g)].map((match) => match[1]!).sort(),
  ]);
  const byType = (a: readonly unknown[], b: readonly unknown[]): number =>
    String(a[0]).localeCompare(String(b[0]));
  assert.equal(described.sort(byType), declared.sort(byType));
});

test.run();
