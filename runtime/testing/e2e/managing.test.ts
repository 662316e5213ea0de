// Promise: runs are listed, chosen, tagged, noted, renamed, archived, restored and cleaned by name, and their results never change by it.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { projectOf } from "./project.ts";
import { troubled, walk } from "./sample-experiments.ts";

const tagged = walk.replace('name: "walk",', 'name: "walk",\n  tags: ["short"],');
const project = projectOf({ "walk.experiment.ts": tagged, "troubled.experiment.ts": troubled });
test.after(() => project.remove());

interface Listed {
  readonly id: string;
  readonly name: string | null;
  readonly status: string;
  readonly trials: number;
  readonly done: number;
  readonly failed: number;
  readonly tags: readonly string[];
  readonly bytes: number;
  readonly isSelected: boolean;
}

function listed(...args: string[]): readonly Listed[] {
  const { code, stdout, all } = project.lab("list", "--json", ...args);
  assert.is(code, 0, all);
  return JSON.parse(stdout).runs;
}

function lab(...args: string[]): string {
  const { code, stdout, all } = project.lab(...args);
  assert.is(code, 0, all);
  return stdout;
}

test("runs are listed with what became of their trials, filtered and sorted", () => {
  assert.is(project.lab("run", "--tag", "short", "-q").code, 0);
  assert.is(project.lab("run", "troubled", "-q", "--filter", "mode=fine,throws", "--name", "bad").code, 3);
  const [bad, good] = listed();
  assert.is(bad!.name, "bad");
  assert.ok(bad!.failed > 0 && bad!.done === bad!.trials && bad!.bytes > 1000);
  assert.is(good!.failed, 0);
  assert.equal(
    listed("--status", "failed").map(({ id }) => id),
    [bad!.id],
  );
  assert.equal(
    listed("--experiment", "walk").map(({ id }) => id),
    [good!.id],
  );
  assert.equal(
    listed("--tag", "short").map(({ id }) => id),
    [good!.id],
  );
  assert.is(JSON.parse(lab("status", "--tag", "short", "--json")).run, good!.id);
  assert.is(JSON.parse(lab("report", "--tag", "short", "--format", "json", "--json")).run, good!.id);
  const exported = lab("export", "manifest-jsonl", "--tag", "short").split("\n")[0] ?? "";
  assert.is(JSON.parse(exported).experiment, "walk");
  const none = project.lab("status", "troubled", "--tag", "short");
  assert.is(none.code, 2, none.all);
  assert.match(none.all, /no run of troubled has the tag "short"/);
  assert.is(listed("--since", "2d").length, 2);
  assert.is(listed("--status", "stopped").length, 0);
  assert.equal(
    listed("--sort", "trials").map(({ trials }) => trials),
    [bad!.trials, good!.trials].sort((a, b) => b - a),
  );
  assert.match(lab("list", "--limit", "1"), /and 1 more/);
});

test("a tag of the definition chooses experiments, and a wrong one is answered with the nearest", () => {
  const built = lab("build", "--tag", "short");
  assert.match(built, /^walk /);
  assert.not.match(built, /troubled/);
  const { experiments } = JSON.parse(lab("build", "--json"));
  assert.equal(
    experiments.map(({ name, tags }: { name: string; tags: readonly string[] }) => [name, tags]),
    [
      ["troubled", []],
      ["walk", ["short"]],
    ],
  );
  assert.not.match(lab("plan", "--tag", "short,long"), /troubled/);
  const wrong = project.lab("run", "--tag", "shot");
  assert.is(wrong.code, 2, wrong.all);
  assert.match(wrong.stderr, /no experiment has the tag "shot"[\s\S]*short/);
  assert.is(project.lab("run", "troubled", "--tag", "short").code, 2);
  assert.equal(lab("completion", "words", "--", "lab run --tag sh"), "short\n");
});

test("tags, notes and names are kept with who and when, and results stay as they were", () => {
  const before = lab("export", "csv", "walk");
  assert.match(lab("tag", "walk", "+pilot", "+old", "second"), /old pilot second/);
  assert.match(lab("tag", "walk", "-old"), /: pilot second\n/);
  assert.equal(listed("--tag", "pilot").length, 1);
  assert.equal(listed("--tag", "old").length, 0);
  lab("note", "walk", "levels", "look", "odd");
  assert.match(
    lab("show", "walk"),
    /tags: pilot second[\s\S]*\d{4}-\d\d-\d\d \d\d:\d\d \S+@\S+ {2}levels look odd/,
  );
  assert.match(lab("rename", "walk", "first"), /is called "first"/);
  assert.match(lab("status", "first"), /"first"/);
  const taken = project.lab("rename", "bad", "first");
  assert.is(taken.code, 2);
  assert.match(taken.stderr, /is called "first" already/);
  assert.match(project.lab("status", "frist").stderr, /Did you mean first\?/);
  assert.is(project.lab("tag", "first", "+no tag").code, 2);
  assert.is(lab("export", "csv", "walk"), before);
});

test("a run in full says when, where, what and how much, and the next is foretold from it", () => {
  const shown = lab("show", "first");
  for (const line of [
    /^r0001-\S+ "first": complete$/m,
    /^when {5}started \d{4}-\d\d-\d\d \d\d:\d\d, ended .* \(.*s\)$/m,
    /^command {2}lab run --tag short -q$/m,
    /^machine .* cores?, [\d.]+ GB, .*, Node v\d+/m,
    /^code {5}build [0-9a-f]{12}, .*labwright \d/m,
    /^design {3}walk \(walk.experiment.ts\): 4 conditions, 5 replicates, seed 7$/m,
    /^disk {5}[\d.]+ kB$/m,
    /^walk +20 +20 +0 +0 +0$/m,
    /^walk +steps=10, bias=0.2 +5 /m,
  ])
    assert.match(shown, line);
  assert.match(lab("show", "bad"), /^only {5}mode="fine","throws"$/m);
  const told = JSON.parse(lab("show", "first", "--json"));
  assert.equal([told.arms.length, told.arms[0].trials, told.took.calls, told.acts], [4, 5, 0, []]);
  const dry = lab("run", "walk", "--force", "-n", "-j", "3");
  assert.match(dry, /20 units to run; .* on 3 workers, .* kB of disk \(from 20 measured units\)/);
  const [run] = listed("--experiment", "walk");
  const { estimate } = JSON.parse(lab("run", "walk", "--force", "-n", "--json"));
  assert.ok(
    estimate.lowBytes < estimate.highBytes && estimate.highBytes < run!.bytes,
    JSON.stringify(estimate),
  );
  assert.ok(estimate.lowMs < estimate.highMs);
});

test("the selected run is taken where none is named, and latest stays the newest", () => {
  lab("select", "first");
  assert.match(lab("status"), /"first"/);
  assert.match(lab("status", "latest"), /"bad"/);
  assert.equal(
    listed().map(({ name, isSelected }) => [name, isSelected]),
    [
      ["bad", false],
      ["first", true],
    ],
  );
  assert.match(lab("select", "--none"), /none is selected/);
  assert.match(lab("status"), /"bad"/);
});

test("an archived run is reported elsewhere; torn, changed and hostile files restore nothing", () => {
  const elsewhere = projectOf({});
  try {
    const file = elsewhere.path("walk.lab.tar.gz");
    assert.match(lab("archive", "first", "-o", file), /1 run, \d+ files/);
    assert.is(listed("--archived").length, 1);
    const torn = elsewhere.path("torn.gz");
    writeFileSync(torn, readFileSync(file).subarray(0, 3000));
    const plain = gunzipSync(readFileSync(file));
    const changed = elsewhere.path("changed.gz");
    const at = plain.indexOf("LABWSEG");
    writeFileSync(
      changed,
      gzipSync(Buffer.concat([plain.subarray(0, at + 40), Buffer.from("x"), plain.subarray(at + 41)])),
    );
    for (const bad of [torn, changed]) {
      const { code, stderr, all } = elsewhere.lab("restore", bad);
      assert.is(code, 2, all);
      assert.match(stderr, /archive cannot be believed[\s\S]*Nothing was restored/);
      assert.is(existsSync(elsewhere.path(".lab/runs")), false);
    }
    assert.match(elsewhere.lab("restore", file).stdout, /is restored/);
    assert.match(elsewhere.lab("restore", file).stdout, /was here already/);
    const exported = elsewhere.lab("export", "csv", "walk");
    assert.is(exported.stdout, lab("export", "csv", "walk"), exported.stderr);
    assert.is(elsewhere.lab("report", "first", "-q").code, 0);
    assert.match(elsewhere.lab("show", "first").stdout, /tags: pilot second/);
  } finally {
    elsewhere.remove();
  }
});

test.run();
