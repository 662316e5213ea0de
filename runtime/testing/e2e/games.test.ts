// Promise: the tournament, run as an experiment, gives the scores of Axelrod-Python's matrix under the names of its players; and games that chat models
// play run as one series, through faults, with their report saying who answered.
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { scriptedPlayer } from "../../../experiments/games/scripted-players.ts";
import { faultsAt, startFakeLlm } from "../fake-llm.ts";
import { ended, projectOf } from "./project.ts";

const read = (file: string) => readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8");
const reference = JSON.parse(read("lib/environments/games/reference/axelrod.json")) as {
  readonly players: readonly string[];
  readonly score: readonly (readonly number[])[];
  readonly cooperations: readonly (readonly number[])[];
};

test("every pair of the reference matrix scores exactly so in a run", () => {
  const file = "experiments/games/axelrod.experiment.ts";
  const project = projectOf({ [file]: read(file) });
  try {
    const ran = project.lab("run", "axelrod");
    assert.is(ran.code, 0, ran.all);
    const { stdout } = project.lab("export", "csv", "axelrod");
    const [head = "", ...lines] = stdout.trim().split("\n");
    const columns = head.split(",");
    const trials = new Map(
      lines.map((line) => {
        const cells = Object.fromEntries(line.split(",").map((cell, i) => [columns[i]!, cell]));
        return [`${cells.row}/${cells.column}`, cells];
      }),
    );
    assert.is(trials.size, 225);
    reference.players.forEach((row, i) => {
      reference.players.forEach((column, j) => {
        const trial = trials.get(`${row}/${column}`);
        assert.is(Number(trial?.rowScore), reference.score[i]![j], `${row} against ${column}`);
        assert.is(Number(trial?.columnScore), reference.score[j]![i], `${row} against ${column}`);
        assert.is(Number(trial?.rowCooperations), reference.cooperations[i]![j], `${row} against ${column}`);
      });
    });
  } finally {
    project.remove();
  }
});

test("games by models and personas are one series with a folder an arm; a game that no answer can be had in plays on with counted fallbacks", async () => {
  const names = ["game-models.experiment.ts", "model-games.ts", "who-answered.ts"];
  const files = names.map((name) => `experiments/games/${name}`);
  const project = projectOf(Object.fromEntries(files.map((file) => [file, read(file)])));
  const spoilt = faultsAt(0.2, [
    "429 with retry-after",
    "500",
    "reset",
    "fenced JSON",
    "wrong schema",
    "refusal",
  ]);
  const server = await startFakeLlm({
    answer: scriptedPlayer,
    // In one game the first player is never understood.
    fault: (request) =>
      request.messages[1]?.content.startsWith("Game: Escalation_Game") === true ? "refusal" : spoilt(request),
  });
  try {
    const small = [
      "-S",
      "persona=none,angry",
      "-S",
      "rounds=3",
      "--limit",
      "28",
      "--name",
      "games",
      "--folder",
      "results",
    ];
    const at = { LLM_URL: server.endpoint, LLM_KEY: "scripted" };
    const run = await ended(project.start(["run", "game-models", ...small, "-j", "2"], at));
    assert.is(run.code, 0, run.all);
    const query =
      "select sum(fallbacks) > 0 as replaced, sum(repairs) > 0 as mended, count(*) as n from trials where game";
    const [stubborn] = JSON.parse(project.lab("query", `${query} = 'Escalation_Game'`, "--json").stdout);
    assert.equal([stubborn.replaced, stubborn.mended, Number(stubborn.n)], [true, true, 4]);
    const [others] = JSON.parse(project.lab("query", `${query} <> 'Escalation_Game'`, "--json").stdout);
    assert.equal([others.mended, Number(others.n)], [true, 24]);
    const [, folder = ""] = /the series is in (\S+)/.exec(run.all) ?? [];
    const { experiments } = JSON.parse(project.read(`${folder}/experiment_report.json`));
    assert.is(Object.keys(experiments).length, 28);
    const one = experiments.Escalation_Game_kind_none;
    assert.equal(
      [one.game_name, one.model_name, one.status],
      ["Escalation_Game", "scripted/kind", "completed"],
    );
    assert.ok(JSON.parse(project.read(`${one.output_dir}/stats_analysis.json`)).metrics.fallbacks.mean >= 1);
    assert.match(project.lab("report").all, /scripted: a scripted server answered in \d+ of 28 trials/);
  } finally {
    project.remove();
    await server.close();
  }
});

test.run();
