import { defineExperiment, metric, replicate, space, sweep } from "labwright";
import {
  deterministicStrategies,
  generousTitForTat,
  joss,
  playMatch,
  randomly,
  type Strategy,
  zeroDeterminant,
} from "labwright/environments/games";

/** The strategies of the noisy tournament: the fifteen, and four that draw random numbers. */
const all: readonly Strategy[] = [
  ...deterministicStrategies,
  randomly(),
  generousTitForTat(),
  joss(),
  zeroDeterminant({ slope: 0.5, baseline: 1, phi: 1 / 9 }),
];
const byName = new Map(all.map((strategy) => [strategy.name, strategy]));
const fifteen = deterministicStrategies.map(({ name }) => name);

function strategyOf(name: string): Strategy {
  const found = byName.get(name);
  if (found === undefined) throw new Error(`there is no strategy ${name}`);
  return found;
}

/** Every strategy against every one, without noise: what Axelrod-Python's matrix is held against. */
export const axelrod = defineExperiment({
  name: "axelrod",
  question: "Which of fifteen strategies does best in a round robin of the repeated prisoner's dilemma?",
  parameters: { row: sweep(fifteen), column: sweep(fifteen), turns: 200 },
  metrics: {
    rowScore: metric.integer({ unit: "points of the row player", direction: "maximize" }),
    columnScore: metric.integer({ unit: "points of the column player" }),
    rowCooperations: metric.integer({ unit: "moves" }),
  },
  primary: "rowScore",
  trial({ parameters: { row, column, turns }, random }) {
    const match = playMatch(strategyOf(row), strategyOf(column), { turns, random });
    return {
      rowScore: match.rowScore,
      columnScore: match.columnScore,
      rowCooperations: match.rowCooperations,
    };
  },
});

/** What noise does to them: one move in fifty comes out wrong. */
export const noisyTournament = defineExperiment({
  name: "noisy-tournament",
  question: "Does forgiveness pay once moves go wrong?",
  parameters: space.cross(
    { row: sweep(["Tit For Tat", "Generous Tit For Tat", "Win-Stay Lose-Shift", "Grudger"]) },
    { column: sweep(all.map(({ name }) => name)), noise: sweep([0, 0.02]), turns: 200 },
  ),
  replicates: replicate(20, { seed: 1, pairing: "common-random-numbers" }),
  metrics: {
    points: metric.number({ unit: "points a turn of the row player", range: [0, 5], direction: "maximize" }),
  },
  trial({ parameters: { row, column, noise, turns }, random }) {
    const { rowScore } = playMatch(strategyOf(row), strategyOf(column), { turns, noise, random });
    return { points: rowScore / turns };
  },
  analyses: ({ compare, interaction }) => [
    compare("points", { across: "row", baseline: "Tit For Tat", by: ["noise"] }),
    interaction(["row", "noise"]),
  ],
});
