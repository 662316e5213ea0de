// Promise: kill the run whenever you like; the same command ends with the same results, none lost, none twice.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ended, type Project, projectOf } from "./project.ts";
import { relay, spin } from "./sample-experiments.ts";

const files = { "relay.experiment.ts": relay, "spin.ts": spin };
/** Kills in all, over the three worker counts. */
const killsWanted = 100;
/** How many of them must come in the middle of trials. */
const midTrialWanted = 80;
const workerCounts = [1, 2, 4];

/** Everything that is `result` in a run: trials, rows of the series and artifacts, each sorted. */
function resultsOf(project: Project): string {
  const trials = project.lab("export", "json", "relay");
  const laps = project.lab("export", "json", "relay", "--series", "laps");
  const artifacts = project.lab("artifacts", "--json");
  for (const each of [trials, laps, artifacts]) assert.is(each.code, 0, each.all);
  const telemetry = new Set(["duration_ms", "started_at", "attempt", "worker"]);
  const lines = (json: string): string[] =>
    (JSON.parse(json) as Record<string, unknown>[])
      .map((row) => JSON.stringify(Object.entries(row).filter(([key]) => !telemetry.has(key))))
      .sort();
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
      trials: results.split("\n").filter((line) => line.includes('"outcome","measured"')).length,
    };
  } finally {
    project.remove();
  }
}

/** Numbers below one from a seed, so that the moments of the kills can be repeated. */
function momentsFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Starts `lab run`, kills its process group some time after trials began, and says whether work was under way. */
async function killOnce(
  project: Project,
  workers: number,
  delayMs: number,
): Promise<"mid-trial" | "between" | "finished"> {
  const child = project.start(["run", "-j", String(workers), "--json"]);
  let remaining: number | null = null;
  let text = "";
  const started = new Promise<void>((resolve) => {
    child.stdout?.on("data", (bytes) => {
      text += bytes;
      const newline = text.lastIndexOf("\n");
      for (const line of text.slice(0, Math.max(0, newline)).split("\n")) {
        if (line === "") continue;
        const event = JSON.parse(line) as { type: string; done?: number; total?: number };
        if (event.type === "progress") remaining = (event.total ?? 0) - (event.done ?? 0);
        if (event.type === "job-started") resolve();
      }
      text = text.slice(newline + 1);
    });
    child.on("close", () => resolve());
  });
  const end = ended(child);
  await started;
  await Promise.race([end, new Promise((resolve) => setTimeout(resolve, delayMs))]);
  if (child.exitCode !== null) return "finished";
  const underWay = remaining === null || remaining > 0;
  process.kill(-(child.pid ?? 0), "SIGKILL");
  await end;
  return underWay ? "mid-trial" : "between";
}

test("a run killed again and again ends byte-identical to an undisturbed one", async () => {
  const expected = undisturbed();
  assert.is(expected.trials, 24);
  const moment = momentsFrom(20_261_121);
  let kills = 0;
  let midTrial = 0;
  // Each number of workers gets its share of the kills, however many of them a project takes to finish on this machine.
  const share = Math.ceil(killsWanted / workerCounts.length);
  const midTrialShare = Math.ceil(midTrialWanted / workerCounts.length);
  for (const workers of workerCounts) {
    const enough = { kills: kills + share, midTrial: midTrial + midTrialShare, atMost: kills + 3 * share };
    const isEnough = (): boolean =>
      (kills >= enough.kills && midTrial >= enough.midTrial) || kills >= enough.atMost;
    while (!isEnough()) {
      const project = projectOf(files);
      try {
        let finished = false;
        for (let attempt = 0; attempt < 40 && !finished && !isEnough(); attempt += 1) {
          const how = await killOnce(project, workers, 20 + moment() * 250);
          finished = how === "finished";
          if (finished) continue;
          kills += 1;
          if (how === "mid-trial") midTrial += 1;
        }
        const last = project.lab("run", "-j", String(workers), "--quiet");
        assert.is(last.code, 0, last.all);
        assert.is(resultsOf(project), expected.results, `with ${workers} workers after kills`);
      } finally {
        project.remove();
      }
    }
  }
  assert.ok(kills >= killsWanted, `${kills} kills`);
  assert.ok(midTrial >= midTrialWanted, `only ${midTrial} of ${kills} kills came in the middle of trials`);
});

test.run();
