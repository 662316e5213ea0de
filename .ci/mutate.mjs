// `npm run mutate [-- options] [folder...]`: mutation testing. Changes one thing at a time in a copy of the checkout (an operator, a
// condition, a constant, a returned value, a call left out), runs the tests that reach the changed file, nearest first, and reports the
// changes that no test noticed. A seeded sample a folder; what is known already is not run again.
//
//     --sample 25     changes a folder           --seed 1       which ones
//     --minutes 60    stop after so long         --fresh        forget earlier results
//     --list          what is known, without running anything
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { mutationsOf } from "./mutations.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const resultsPath = join(root, "mutation-results.jsonl");
const allFolders = [
  "runtime/record",
  "runtime/schedule",
  "runtime/store",
  "runtime/execute",
  "reports/analysis",
];

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: "string", default: "25" },
    seed: { type: "string", default: "1" },
    minutes: { type: "string", default: "60" },
    fresh: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
  },
});
const folders = positionals.length > 0 ? positionals : allFolders;

/** Files of the checkout, whether or not they are committed. */
const files = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .stdout.split("\n")
  .filter((name) => name !== "" && existsSync(join(root, name)));

function isMutated(name, folder) {
  return (
    name.startsWith(`${folder}/`) &&
    /[.]ts$/.test(name) &&
    !/[.](test|test-d|bench)[.]ts$|[/]testing[/]/.test(name)
  );
}

/** The same sample for the same seed, whatever was added elsewhere: ordered by a hash of seed and change. */
function sampleOf(folder) {
  const all = files
    .filter((name) => isMutated(name, folder))
    .flatMap((file) => mutationsOf(file, readFileSync(join(root, file), "utf8")));
  const keyed = all.map((mutation) => {
    const of = `${mutation.file}\0${mutation.line}\0${mutation.before}\0${mutation.after}\0${mutation.ordinal}`;
    const hash = (text) => createHash("sha256").update(text).digest("hex");
    return { ...mutation, folder, id: hash(of).slice(0, 12), order: hash(`${options.seed}\0${of}`) };
  });
  keyed.sort((a, b) => (a.order < b.order ? -1 : 1));
  return { count: all.length, chosen: keyed.slice(0, Number(options.sample)) };
}

/** For each test file, the modules that it reaches. */
async function reachOf(tests) {
  const reach = new Map();
  for (const test of tests) {
    const { metafile } = await build({
      entryPoints: [join(root, test)],
      bundle: true,
      write: false,
      metafile: true,
      platform: "node",
      format: "esm",
      packages: "external",
      logLevel: "silent",
      absWorkingDir: root,
      outdir: "unused",
      loader: { ".wasm": "empty", ".node": "empty" },
    });
    reach.set(test, new Set(Object.keys(metafile.inputs)));
  }
  return reach;
}

function runTest(folder, test, limitMs) {
  const started = Date.now();
  const { status } = spawnSync(process.execPath, ["--import", "tsx", test], {
    cwd: folder,
    stdio: "ignore",
    timeout: limitMs,
    killSignal: "SIGKILL",
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { passed: status === 0, ms: Date.now() - started };
}

/** Modules that a process of its own runs are named in no import: their tests are those of the folder. */
function testsFor(mutation, reach) {
  const reaching = [...reach].filter(([, modules]) => modules.has(mutation.file)).map(([test]) => test);
  const near = [...reach.keys()].filter((test) => test.startsWith(`${mutation.folder}/`));
  return [...new Set([...reaching, ...(reaching.length === 0 ? near : [])])];
}

function known() {
  if (options.fresh || !existsSync(resultsPath)) return new Map();
  const lines = readFileSync(resultsPath, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  return new Map(lines.map((line) => JSON.parse(line)).map((result) => [result.id, result]));
}

function report(samples, results) {
  for (const [folder, { count, chosen }] of samples) {
    const done = chosen.flatMap(({ id }) => results.get(id) ?? []);
    const survived = done.filter(({ outcome }) => outcome === "survived");
    console.log(
      `${folder}: ${done.length} of ${count} changes tried, ${done.length - survived.length} noticed`,
    );
    for (const { file, line, before, after } of survived)
      console.log(`  survived ${file}:${line}  ${before}  ->  ${after}`);
  }
}

const samples = new Map(folders.map((folder) => [folder, sampleOf(folder)]));
const results = known();
if (options.fresh) rmSync(resultsPath, { force: true });
if (!options.list) await run();
report(samples, results);

async function run() {
  const copy = mkdtempSync(join(tmpdir(), "labwright-mutate-"));
  const deadline = Date.now() + Number(options.minutes) * 60_000;
  try {
    for (const name of files) {
      mkdirSync(dirname(join(copy, name)), { recursive: true });
      cpSync(join(root, name), join(copy, name));
    }
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "dir");
    const tests = files.filter(
      (name) => /^(lib|runtime|reports)\/.*[.]test[.]ts$/.test(name) && !name.includes("/e2e/"),
    );
    const reach = await reachOf(tests);
    const baseline = new Map();
    // Folder by folder in turn, so that a run that is cut short has looked at all of them.
    const turns = Array.from({ length: Number(options.sample) }, (_, turn) =>
      [...samples.values()].flatMap(({ chosen }) => chosen[turn] ?? []),
    ).flat();
    for (const mutation of turns) {
      if (Date.now() > deadline) break;
      if (results.has(mutation.id)) continue;
      const result = outcomeOf(mutation, { copy, reach, baseline });
      results.set(mutation.id, result);
      appendFileSync(resultsPath, `${JSON.stringify(result)}\n`);
      console.log(
        `${result.outcome.padEnd(9)}${mutation.file}:${mutation.line}  ${mutation.before}  ->  ${mutation.after}`,
      );
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function outcomeOf(mutation, { copy, reach, baseline }) {
  const { id, folder, file, line, before, after, from, to } = mutation;
  const timeOf = (test) => {
    if (!baseline.has(test)) baseline.set(test, runTest(copy, test, 600_000));
    return baseline.get(test);
  };
  // A test that fails untouched says nothing of a change.
  const tests = testsFor(mutation, reach)
    .filter((test) => timeOf(test).passed)
    .sort((a, b) => timeOf(a).ms - timeOf(b).ms);
  const text = readFileSync(join(copy, file), "utf8");
  writeFileSync(join(copy, file), text.slice(0, from) + after + text.slice(to));
  try {
    const killer = tests.find((test) => !runTest(copy, test, timeOf(test).ms * 4 + 10_000).passed);
    const outcome = killer === undefined ? "survived" : "noticed";
    return { id, folder, file, line, before, after, outcome, by: killer ?? null, tests: tests.length };
  } finally {
    writeFileSync(join(copy, file), text);
  }
}
