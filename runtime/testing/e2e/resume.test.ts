// Promise: kill the run whenever you like; the same command ends with the same results, none lost, none twice.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ended, type Project, projectOf, resultOf } from "./project.ts";
import { relay, spin } from "./sample-experiments.ts";

const files = { "relay.experiment.ts": relay, "spin.ts": spin };
/** Kills for each number of workers; every one comes at an event of the run, never after a while. */
const killsEach = 34;
const workerCounts = [1, 2, 4];

interface RunLine {
  readonly type: string;
  readonly stage?: string;
  readonly done?: number;
  readonly text?: string;
}

/** Moments at which a run is killed, in turn: each is in the middle of something that a kill could spoil. */
const moments: readonly { readonly name: string; readonly isNow: (line: RunLine) => boolean }[] = [
  { name: "in a lap, before its state is saved", isNow: ({ text }) => text?.startsWith("in lap") === true },
  { name: "just after a state was saved", isNow: ({ text }) => text?.startsWith("saved lap") === true },
  {
    name: "as the last lap was saved, with the artifact and the record to come",
    isNow: ({ text }) => text === "saved lap 4",
  },
  { name: "as records were committed", isNow: ({ type, done = 0 }) => type === "progress" && done > 0 },
  { name: "as a job's units may run", isNow: ({ type }) => type === "job-started" },
];

/** Everything that is `result` in a run: trials, rows of the series and artifacts, each sorted. */
function resultsOf(project: Project): string {
  const trials = project.lab("export", "json", "relay");
  const laps = project.lab("export", "json", "relay", "--series", "laps");
  const artifacts = project.lab("artifacts", "--json");
  for (const each of [trials, laps, artifacts]) assert.is(each.code, 0, each.all);
  const lines = (json: string): string[] =>
    (JSON.parse(json) as object[]).map((row) => JSON.stringify(resultOf(row))).sort();
  return [...lines(trials.stdout), ...lines(laps.stdout), ...lines(artifacts.stdout)].join("\n");
}

function undisturbed(): { readonly results: string; readonly trials: number } {
  const project = projectOf(files);
  try {
    const run = project.lab("run", "-j", "2", "--quiet");
    assert.is(run.code, 0, run.all);
    const results = resultsOf(project);
    return {
      results,
      trials: results.split("\n").filter((line) => line.includes('"outcome":"measured"')).length,
    };
  } finally {
    project.remove();
  }
}

/** Starts `lab run` and kills its process group at the moment; false when the run ended without it. */
async function killedAt(
  project: Project,
  workers: number,
  isNow: (line: RunLine) => boolean,
): Promise<boolean> {
  const child = project.start(["run", "-j", String(workers), "--json"]);
  const end = ended(child);
  let text = "";
  let isKilled = false;
  child.stdout?.on("data", (bytes) => {
    text += bytes;
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    if (isKilled || !lines.some((line) => line !== "" && isNow(JSON.parse(line)))) return;
    isKilled = true;
    process.kill(-(child.pid ?? 0), "SIGKILL");
  });
  const { code, all } = await end;
  if (!isKilled) assert.is(code, 0, all);
  return isKilled;
}

test("a run killed again and again ends byte-identical to an undisturbed one", async () => {
  const expected = undisturbed();
  assert.is(expected.trials, 24);
  for (const workers of workerCounts) {
    let kills = 0;
    let turn = workers;
    const seen = new Set<string>();
    while (kills < killsEach) {
      const project = projectOf(files);
      try {
        for (let hasEnded = false; !hasEnded && kills < killsEach; ) {
          const { name, isNow } = moments[turn++ % moments.length]!;
          hasEnded = !(await killedAt(project, workers, isNow));
          if (hasEnded) continue;
          kills += 1;
          seen.add(name);
        }
        const last = project.lab("run", "-j", String(workers), "--quiet");
        assert.is(last.code, 0, last.all);
        assert.is(resultsOf(project), expected.results, `with ${workers} workers after ${kills} kills`);
      } finally {
        project.remove();
      }
    }
    assert.equal([...seen].sort(), moments.map(({ name }) => name).sort(), `with ${workers} workers`);
  }
});

test.run();
