// Promise: what a disk did to the files of a project is named, and costs only what stood there.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Project, projectOf } from "./project.ts";
import { walk } from "./sample-experiments.ts";

function recorded(): Project {
  const project = projectOf({ "walk.experiment.ts": walk });
  const run = project.lab("run", "--quiet");
  assert.is(run.code, 0, run.all);
  return project;
}

function runFolder(project: Project): string {
  return project.path(".lab/runs", readdirSync(project.path(".lab/runs"))[0]!);
}

function edit(path: string, change: (bytes: Buffer) => Buffer): void {
  writeFileSync(path, change(readFileSync(path)));
}

for (const [what, words, change] of [
  [
    "a flipped bit",
    /is damaged from byte \d+ to \d+/,
    (bytes: Buffer) => {
      bytes[bytes.length - 200]! ^= 4;
      return bytes;
    },
  ],
  ["a torn tail", /ended in a half-written entry/, (bytes: Buffer) => bytes.subarray(0, bytes.length - 100)],
  [
    "a segment of another version",
    /written in segment format 9/,
    (bytes: Buffer) => {
      bytes.writeUInt32LE(9, 8);
      bytes.writeUInt32LE(crc32(bytes.subarray(0, 20)), 20);
      return bytes;
    },
  ],
] as const) {
  test(`${what} is named by plan, status and run, and what stood there runs again`, () => {
    const project = recorded();
    try {
      edit(`${runFolder(project)}/segments/0001.wal`, change);
      assert.match(project.lab("plan").all, words, "plan");
      // To a run that has ended, whose manifest says how long the file was, a lost tail is damage.
      assert.match(project.lab("status").stderr, /^warning: .*0001[.]wal (?:is damaged|was written)/m);
      const run = project.lab("run");
      assert.is(run.code, 0, run.all);
      assert.match(run.stderr, words);
      assert.is(JSON.parse(project.lab("export", "json").stdout).length, 20);
    } finally {
      project.remove();
    }
  });
}

test("Parquet files that are damaged are read from the ledger instead", () => {
  const project = recorded();
  try {
    writeFileSync(`${runFolder(project)}/walk/trials.parquet`, "no Parquet");
    const query = project.lab("query", "--format", "csv", "select count(*) from trials");
    assert.is(query.code, 0, query.all);
    assert.match(query.stdout, /\n20\r?\n/);
    assert.match(
      query.stderr,
      /^warning: .*trials[.]parquet was changed after it was written[.] The tables were made again/m,
    );
  } finally {
    project.remove();
  }
});

test("verify runs the code of the sources, says which code it ran, and never an edited build", () => {
  const project = recorded();
  try {
    const [build] = readdirSync(project.path(".lab/builds")).filter((name) => /^[0-9a-f]{12}$/.test(name));
    const bundle = project.path(".lab/builds", build!, "bundles/walk.experiment.mjs");
    const frozen = readFileSync(bundle, "utf8");
    const spoil = (): void =>
      writeFileSync(bundle, frozen.replace("Math.abs(position)", "2 * Math.abs(position)"));
    spoil();
    const again = project.lab("verify", "--sample", "4");
    assert.is(again.code, 0, again.all);
    assert.match(again.stdout, /4 trials run again with the code of the sources, every result the same/);
    assert.is(readFileSync(bundle, "utf8"), frozen, "the build is made again on the way");
    project.write("walk.experiment.ts", walk.replace("const start = 0;", "const start = 1;"));
    const older = project.lab("verify", "--sample", "4");
    assert.is(older.code, 0, older.all);
    assert.match(
      older.stdout,
      /with the frozen code of its build [(]the sources have changed[)], every result/,
    );
    spoil();
    const refused = project.lab("verify", "--sample", "4");
    assert.is(refused.code, 2, refused.all);
    assert.match(
      refused.stderr,
      /cannot be trusted: of build \w+, its bundles\/walk[.]experiment[.]mjs was changed/,
    );
  } finally {
    project.remove();
  }
});

test("long text in series is compacted and read", () => {
  const project = projectOf({
    "texts.experiment.ts": `import { defineExperiment, metric, replicate } from "labwright";
import { z } from "zod";
export default defineExperiment({
  name: "texts",
  parameters: { rows: 20 },
  replicates: replicate(6000, { seed: 1 }),
  metrics: { value: metric.number() },
  series: { said: z.object({ text: z.string() }) },
  trial({ parameters, random, record }) {
    for (let row = 0; row < parameters.rows; row += 1) record("said", { text: String(random.float()).repeat(40) });
    return { value: 1 };
  },
});
`,
  });
  try {
    const run = project.lab("run");
    assert.is(run.code, 0, run.all);
    assert.not.match(run.all, /warning/);
    const query = project.lab("query", "--format", "csv", "select count(*) from series_said");
    assert.match(query.stdout, /\n120000\r?\n/, query.all);
  } finally {
    project.remove();
  }
});

test.run();
