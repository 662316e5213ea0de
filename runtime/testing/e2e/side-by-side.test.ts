// Promise: runs on unlike experiments of one project go on side by side and find what they would have found alone, whichever of them is
// killed; two that would record the same trials do not.
import { writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { begun, gatedExperiment, isReady, killGroup, removeLive } from "./live-project.ts";
import { projectOf } from "./project.ts";

test("three runs at once, one of them killed: each is complete with the values of a run by itself", async () => {
  const names = ["one", "two", "three"];
  const project = projectOf(
    Object.fromEntries(names.map((name) => [`${name}.experiment.ts`, gatedExperiment(name)])),
  );
  try {
    const runs = [];
    for (const name of names) {
      const run = begun(project, ["run", name, "-j", "1", "--json"]);
      await run.until(isReady);
      runs.push(run);
    }
    const refused = project.lab("run", "two", "--filter", "arm=a");
    assert.is(refused.code, 2, refused.all);
    assert.match(refused.stderr, /Trials of two are being recorded by another run: run r0002/);
    assert.match(project.lab("run", "three").stderr, /r0003-\S+ is running already/);
    assert.match(project.lab("pause").stderr, /3 runs are under way/);
    killGroup(runs[1]!.child);
    await runs[1]!.end;
    for (const name of names) writeFileSync(project.path(`open-${name}`), "");
    for (const run of [runs[0]!, runs[2]!]) {
      const { code, all } = await run.end;
      assert.is(code, 0, all);
    }
    assert.is(project.lab("run", "two", "--quiet").code, 0);
    const alone = projectOf(
      Object.fromEntries(names.map((name) => [`${name}.experiment.ts`, gatedExperiment(name)])),
    );
    try {
      for (const name of names) alone.write(`open-${name}`, "");
      assert.is(alone.lab("run", "--quiet").code, 0);
      for (const name of names) assert.is(valuesOf(project, name), valuesOf(alone, name), name);
    } finally {
      alone.remove();
    }
    const verified = project.lab("clean", "--yes");
    assert.is(verified.code, 0, verified.all);
    assert.is(project.lab("query", "select count(*) as n from trials", "--run", "two").code, 0);
  } finally {
    removeLive(project);
  }
});

function valuesOf(project: ReturnType<typeof projectOf>, name: string): string {
  const { stdout, code, all } = project.lab("export", "json", name, "--run", name);
  assert.is(code, 0, all);
  const rows = JSON.parse(stdout) as Record<string, unknown>[];
  assert.is(rows.length, 40);
  return JSON.stringify(
    rows.map(({ arm, replicate, value, outcome }) => [arm, replicate, value, outcome]).sort(),
  );
}

test.run();
