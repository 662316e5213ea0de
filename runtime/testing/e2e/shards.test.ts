// Promise: parts of an experiment that ran apart are joined into what one run finds, byte for byte; joining twice changes nothing, conflicts
// are named, and nothing is lost.
import { cpSync, readdirSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Project, projectOf, resultOf } from "./project.ts";
import { relay, spin, walk } from "./sample-experiments.ts";

const files = { "relay.experiment.ts": relay, "spin.ts": spin, "walk.experiment.ts": walk };
const projects: Project[] = [];
test.after(() => {
  for (const project of projects) project.remove();
});

function project(more: Readonly<Record<string, string>> = files): Project {
  const made = projectOf(more);
  projects.push(made);
  return made;
}

function lab(of: Project, ...args: string[]): string {
  const { code, stdout, all } = of.lab(...args);
  assert.is(code, 0, all);
  return stdout;
}

/** Rows without what tells of machine and hour. */
function scienceOf(of: Project, ...args: string[]): readonly unknown[] {
  const rows: Record<string, unknown>[] = JSON.parse(lab(of, "export", "json", ...args));
  return rows.map(resultOf);
}

/** Findings, without provenance and times. */
function findingsOf(of: Project): string {
  lab(of, "report", "latest", "--format", "json", "--output-dir", of.path("out"), "-q");
  const strip = (name: string, value: unknown): unknown =>
    ["provenance", "durationMs", "duration", "timings", "startedAt", "finishedAt", "run", "command"].includes(
      name,
    )
      ? null
      : value;
  return JSON.stringify(JSON.parse(of.read("out/report.json"), strip));
}

const whole = project();
lab(whole, "run", "-q");
const parts = ["1/3", "2/3", "3/3"].map((shard) => {
  const part = project();
  lab(part, "run", "-q", "--shard", shard);
  return part;
});

test("parts divide the trials, and joined they are what one run finds", () => {
  const counts = parts.map((part) => {
    const [run] = JSON.parse(lab(part, "list", "--json")).runs;
    return run.trials;
  });
  assert.is(
    counts.reduce((sum, count) => sum + count, 0),
    JSON.parse(lab(whole, "list", "--json")).runs[0].trials,
  );
  assert.ok(
    counts.every((count) => count > 10),
    counts.join(),
  );
  const joined = project({});
  const first = lab(joined, "merge", parts[0]!.path(".lab"));
  assert.match(first, /is the whole: \d+ of \d+ recorded/);
  const rest = lab(joined, "merge", parts[1]!.root, parts[2]!.root);
  assert.match(rest, /is the whole: [\d,]+ units recorded/);
  for (const args of [["relay"], ["walk"], ["walk", "--series", "path"]])
    assert.equal(scienceOf(joined, ...args), scienceOf(whole, ...args), args.join(" "));
  assert.is(findingsOf(joined), findingsOf(whole));
  assert.equal(artifactsOf(joined), artifactsOf(whole));
  const runs = lab(joined, "list", "--json");
  const again = lab(joined, "merge", ...parts.map(({ root }) => root));
  assert.is(again.match(/everything was here already/g)?.length, 3, again);
  assert.is(lab(joined, "list", "--json"), runs);
});

function artifactsOf(of: Project): readonly string[] {
  return readdirSync(of.path(".lab/artifacts"), { recursive: true })
    .map(String)
    .filter((name) => /[0-9a-f]{64}$/.test(name))
    .sort();
}

test("a part that is missing is run where the others were joined", () => {
  const [one, two] = parts;
  const here = project();
  cpSync(one!.path(".lab"), here.path(".lab"), { recursive: true });
  lab(here, "merge", two!.root);
  const there = project();
  cpSync(here.path(".lab"), there.path(".lab"), { recursive: true });
  const { stderr } = here.lab("run");
  assert.match(stderr, /complete: [\d,]+ run, [\d,]+ reused/);
  assert.equal(scienceOf(here, "relay"), scienceOf(whole, "relay"));
  mergedBackAndForth(here, there);
});

/** The same whole is ended in both projects apart, so that both histories of it stand in each, once. */
function mergedBackAndForth(here: Project, there: Project): void {
  lab(there, "run", "-q");
  const idsOf = (of: Project): readonly string[] =>
    JSON.parse(lab(of, "list", "--json")).runs.map(({ id }: { readonly id: string }) => id);
  assert.equal(idsOf(here), idsOf(there));
  lab(here, "merge", there.root);
  const all = idsOf(here);
  assert.is(all.length, idsOf(there).length + 1);
  for (const [to, from] of [
    [there, here],
    [here, there],
    [there, here],
  ] as const) {
    lab(to, "merge", from.root);
    assert.is(idsOf(to).length, all.length, idsOf(to).join());
  }
  assert.equal(idsOf(here), all);
  for (const of of [here, there]) assert.equal(scienceOf(of, "relay"), scienceOf(whole, "relay"));
}

test("a trial with another result is named, and nothing is taken over unless both are asked for", () => {
  const unsound = walk.replace(
    "const start = 0;",
    "// lab-allow random-in-trial: the test wants two machines that disagree\n    const start = Math.random();",
  );
  const [here, there] = [0, 1].map(() => project({ "walk.experiment.ts": unsound })) as [Project, Project];
  lab(here, "run", "-q", "--limit", "4");
  lab(there, "run", "-q", "--limit", "6");
  const before = lab(here, "export", "csv");
  const [{ id }] = JSON.parse(lab(here, "list", "--json")).runs;
  const { code, stderr } = here.lab("merge", there.root);
  assert.is(code, 5);
  assert.match(stderr, /4 trials have other results/);
  assert.match(stderr, /[0-9a-f]{16} {2}walk: distance, series path/);
  assert.is(JSON.parse(lab(here, "list", "--json")).runs.length, 1);
  lab(here, "merge", there.root, "--keep-both");
  assert.is(JSON.parse(lab(here, "list", "--json")).runs.length, 2);
  assert.is(lab(here, "export", "csv", "--run", id), before);
});

test("what decides by all results is not divided", () => {
  const until = walk.replace(
    'replicate(5, { seed: 7, pairing: "common-random-numbers" })',
    'replicate.until({ metric: "distance", halfWidth: 1, min: 3, max: 9, seed: 7 })',
  );
  const own = project({ "walk.experiment.ts": until });
  const { code, stderr } = own.lab("run", "--shard", "1/2");
  assert.is(code, 2);
  assert.match(stderr, /"walk" cannot be run in parts/);
  assert.is(project().lab("run", "--shard", "3/2").code, 2);
});

test.run();
