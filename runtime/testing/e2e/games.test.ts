// Promise: the tournament, run as an experiment, gives the scores of Axelrod-Python's matrix under the names of its players.
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { projectOf } from "./project.ts";

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

test.run();
