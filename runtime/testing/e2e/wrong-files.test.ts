// Promise: whatever stands in the place of a file of the store, every command says so in words, goes on where it can, and never shows
// a stack or a system's error code. Kinds of file by kinds of wrongness, through five commands.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { projectOf } from "./project.ts";

const seen = `import { defineExperiment, metric, replicate, sweep } from "labwright";
import { z } from "zod";
export default defineExperiment({
  name: "seen",
  parameters: { x: sweep([1, 2]) },
  replicates: replicate(2, { seed: 1 }),
  metrics: { value: metric.number() },
  series: { steps: z.object({ at: z.int() }) },
  trial({ parameters, random, record }) {
    record("steps", { at: parameters.x });
    return { value: parameters.x + random.float() };
  },
});
`;

/** Files of the store, as patterns under .lab. */
const targets = [
  "runs/*/segments/0001.wal",
  "runs/*/run.json",
  "runs/*/plan.json",
  "runs/*/seen/trials.parquet",
  "runs/*/seen/series/steps/part-00001.parquet",
  "builds/latest",
  "builds/*/plan.json",
  "builds/*/bundles/*.mjs",
  "registrations/*.json",
  "accepted.jsonl",
  "lock",
] as const;

const wrongs: Readonly<Record<string, (path: string) => void>> = {
  "a folder": (path) => mkdirSync(path),
  "a link to itself": (path) => symlinkSync(path, path),
  "a link to nowhere": (path) => symlinkSync(`${path}.gone`, path),
  "a pipe": (path) => void spawnSync("mkfifo", [path]),
  null: (path) => writeFileSync(path, "null"),
  garbage: (path) =>
    writeFileSync(
      path,
      Uint8Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256),
    ),
};

const readers = [["status"], ["report"], ["clean", "--dry-run"]] as const;
/** What builds first, and so takes longer, meets the kinds that a system call refuses. */
const commands = [...readers, ["plan"], ["run", "-q"]] as const;
const refused: readonly string[] = ["a folder", "a link to itself", "a pipe", "null"];

/** Runs commands one after the other in one process, each as the command line would, and prints what each said as JSON. */
const driver = `
  const [, base, asked] = process.argv;
  const { buildProgram } = await import(base + "/cli/program.js");
  const { reportFailure } = await import(base + "/cli/report-failure.js");
  const said = [];
  let text = "";
  for (const stream of [process.stdout, process.stderr])
    stream.write = (data, ...rest) => { text += data; for (const each of rest) if (typeof each === "function") each(); return true; };
  for (const args of JSON.parse(asked)) {
    text = "";
    process.exitCode = undefined;
    try { await buildProgram().parseAsync(["node", "lab", ...args]); }
    catch (error) { process.exitCode = reportFailure(error); }
    said.push({ args, code: process.exitCode ?? 0, text });
  }
  (await import("node:fs")).writeSync(3, JSON.stringify(said));
  process.exit(0);
`;
const base = new URL("../../../dist/runtime", import.meta.url).href;

interface Said {
  readonly args: readonly string[];
  readonly code: number;
  readonly text: string;
}

function saidBy(root: string, asked: readonly (readonly string[])[]): readonly Said[] {
  const done = spawnSync(
    process.execPath,
    ["--input-type=module", "-e", driver, "--", base, JSON.stringify(asked)],
    {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      timeout: 60_000,
      env: { ...process.env, NO_COLOR: "1" },
    },
  );
  assert.is(done.status, 0, `${done.error ?? ""}${done.stdout}${done.stderr}`);
  return JSON.parse(String(done.output[3]));
}

const project = projectOf({ "seen.experiment.ts": seen });
test.after(() => project.remove());
const kept = project.path(".kept");
{
  const run = project.lab("run", "-q");
  assert.is(run.code, 0, run.all);
  const registered = project.lab("build", "--register");
  assert.is(registered.code, 0, registered.all);
  cpSync(project.path(".lab"), kept, { recursive: true });
}

for (const target of targets) {
  test(`${target}: whatever is in its place is told in words`, () => {
    const pattern = new RegExp(`^${target.replaceAll(".", "[.]").replaceAll("*", "[^/]+")}$`);
    const found =
      readdirSync(kept, { recursive: true, encoding: "utf8" }).find((name) => pattern.test(name)) ?? target;
    for (const [what, makeWrong] of Object.entries(wrongs)) {
      rmSync(project.path(".lab"), { recursive: true, force: true });
      cpSync(kept, project.path(".lab"), { recursive: true });
      const path = join(project.path(".lab"), found);
      rmSync(path, { recursive: true, force: true });
      makeWrong(path);
      for (const { args, code, text } of saidBy(project.root, refused.includes(what) ? commands : readers)) {
        const about = `${what} as ${found}, lab ${args.join(" ")}: ${code}\n${text}`;
        assert.not.match(text, /has a bug|TypeError|E[A-Z]{4,}:|\n\s+at .*:\d+:\d+/, about);
        assert.ok([0, 2, 3].includes(code), about);
      }
    }
  });
}

test("the untouched store has nothing to say", () => {
  rmSync(project.path(".lab"), { recursive: true, force: true });
  cpSync(kept, project.path(".lab"), { recursive: true });
  for (const { args, code, text } of saidBy(project.root, commands)) {
    assert.is(code, 0, `lab ${args.join(" ")}\n${text}`);
    assert.not.match(text, /warning/, args.join(" "));
  }
});

test.run();
