// Games against their known solutions, strategies against the scores of Axelrod-Python.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { randomFrom } from "../../random/random.ts";
import { play } from "../environment/play.ts";
import * as games from "../games.ts";

const { deterministicStrategies, playMatch, repeated, prisonersDilemma } = games;

interface Reference {
  readonly turns: number;
  readonly players: readonly string[];
  readonly score: readonly (readonly number[])[];
  readonly cooperations: readonly (readonly number[])[];
}
// Written by Axelrod-Python 4.13.0 (deterministic, noise-free); the file names its source.
const reference = JSON.parse(
  readFileSync(new URL("reference/axelrod.json", import.meta.url), "utf8"),
) as Reference;

function named(name: string): games.Strategy {
  const found = deterministicStrategies.find((strategy) => strategy.name === name);
  assert.ok(found !== undefined, `there is no strategy ${name}`);
  return found;
}

test("every score and every count of cooperations of the reference matrix comes out exactly", () => {
  reference.players.forEach((rowName, i) => {
    reference.players.forEach((columnName, j) => {
      const match = playMatch(named(rowName), named(columnName), {
        turns: reference.turns,
        random: randomFrom(0),
      });
      const pair = `${rowName} and ${columnName}`;
      assert.is(match.rowScore, reference.score[i]![j], pair);
      assert.is(match.columnScore, reference.score[j]![i], pair);
      assert.is(match.rowCooperations, reference.cooperations[i]![j], pair);
    });
  });
});

/** The moves of a strategy against a given course of the other. */
function movesAgainst(strategy: games.Strategy, other: string): string {
  const player = strategy.player(randomFrom(0));
  let own: games.Move | null = null;
  let last: games.Move | null = null;
  let moves = "";
  for (const move of other) {
    own = player(own, last);
    last = move as games.Move;
    moves += own;
  }
  return moves;
}

test("some strategies move for move, as their definitions say", () => {
  assert.is(movesAgainst(games.cyclerCCD, "CCCCCCC"), "CCDCCDC");
  assert.is(movesAgainst(games.hardTitForTat, "CDCCCDC"), "CCDDDCD");
  assert.is(movesAgainst(games.bully, "CCDDC"), "DDDCC");
  assert.is(movesAgainst(games.antiTitForTat, "CCDDC"), "CDDCC");
  // One defection in two moves: 10 rounds of punishment after the first answer.
  assert.is(movesAgainst(games.punisher, "CDCCCCCCCCCCCCC"), `CC${"D".repeat(11)}CC`);
});

test("an end that is drawn comes after 1 / (1 - continuation) rounds on average, and terminates", () => {
  const game = repeated(games.stagHunt);
  const stag = { name: "stag", act: () => "stag" as const };
  let rounds = 0;
  const episodes = 4000;
  for (let seed = 0; seed < episodes; seed++) {
    const played = play(
      game,
      { row: stag, column: stag },
      {
        random: randomFrom(seed),
        parameters: { rounds: 10_000, continuation: 0.9 },
      },
    );
    assert.is(played.standing, "terminated");
    rounds += played.rounds;
  }
  // Geometric: mean 10, standard deviation sqrt(90).
  assert.ok(Math.abs(rounds / episodes - 10) < (4 * Math.sqrt(90)) / Math.sqrt(episodes));
});

test("zero-determinant players hold the line that they enforce", () => {
  const { zeroDeterminant, randomly } = games;
  const slope = 0.5;
  for (const [baseline, phi] of [
    [1, 1 / 9],
    [3, 0.25],
  ] as const) {
    const turns = 400_000;
    const match = playMatch(zeroDeterminant({ slope, baseline, phi }), randomly(0.6), {
      turns,
      random: randomFrom(5),
    });
    const [own, other] = [match.rowScore / turns, match.columnScore / turns];
    assert.ok(Math.abs(slope * (own - baseline) - (other - baseline)) < 0.02, `${own}, ${other}`);
  }
  assert.throws(() => zeroDeterminant({ slope: 0.5, baseline: 1, phi: 3 }), /expected a probability/);
});

function rounded(equilibria: readonly games.Equilibrium[]) {
  const digits = (values: readonly number[]) => values.map((value) => Math.round(value * 1e6) / 1e6 + 0);
  return equilibria.map(({ row, column, payoffs }) => [digits(row), digits(column), digits(payoffs)]);
}

test("the equilibria of the named games are the known ones", () => {
  const third = 0.333333;
  const twoThirds = 0.666667;
  assert.equal(rounded(games.nashEquilibria(prisonersDilemma)), [
    [
      [0, 1],
      [0, 1],
      [1, 1],
    ],
  ]);
  assert.equal(rounded(games.nashEquilibria(games.matchingPennies)), [
    [
      [0.5, 0.5],
      [0.5, 0.5],
      [0, 0],
    ],
  ]);
  assert.equal(rounded(games.nashEquilibria(games.battleOfTheSexes)), [
    [
      [1, 0],
      [1, 0],
      [2, 1],
    ],
    [
      [0, 1],
      [0, 1],
      [1, 2],
    ],
    [
      [twoThirds, third],
      [third, twoThirds],
      [twoThirds, twoThirds],
    ],
  ]);
  assert.equal(rounded(games.nashEquilibria(games.stagHunt)), [
    [
      [1, 0],
      [1, 0],
      [3, 3],
    ],
    [
      [0, 1],
      [0, 1],
      [1, 1],
    ],
    [
      [third, twoThirds],
      [third, twoThirds],
      [1, 1],
    ],
  ]);
  assert.equal(rounded(games.nashEquilibria(games.chicken)), [
    [
      [1, 0],
      [0, 1],
      [0, 2],
    ],
    [
      [0, 1],
      [1, 0],
      [2, 0],
    ],
    [
      [twoThirds, third],
      [twoThirds, third],
      [0, 0],
    ],
  ]);
  const rps = games.matrixGame({
    name: "rock-paper-scissors",
    rows: ["rock", "paper", "scissors"],
    columns: ["rock", "paper", "scissors"],
    payoffs: [0, 1, 2].map((i) =>
      [0, 1, 2].map((j) => ([0, -1, 1] as const)[(j - i + 3) % 3]!).map((pay) => [pay, -pay] as const),
    ),
  });
  assert.equal(rounded(games.nashEquilibria(rps)), [
    [
      [third, third, third],
      [third, third, third],
      [0, 0],
    ],
  ]);
});

test("in every equilibrium that is found nobody gains by any one action, and there is one", () => {
  const pay = fc.integer({ min: -20, max: 20 });
  const table = fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
    .chain(([m, n]) =>
      fc.array(fc.array(fc.tuple(pay, pay), { minLength: n, maxLength: n }), { minLength: m, maxLength: m }),
    );
  fc.assert(
    fc.property(table, (payoffs) => {
      const rows = payoffs.map((_, i) => `r${i}`);
      const columns = payoffs[0]!.map((_, j) => `c${j}`);
      const equilibria = games.nashEquilibria(games.matrixGame({ name: "drawn", rows, columns, payoffs }));
      for (const { row, column, payoffs: values } of equilibria) {
        const byRow = payoffs.map((line) => line.reduce((sum, [own], j) => sum + own * column[j]!, 0));
        const byColumn = columns.map((_, j) =>
          payoffs.reduce((sum, line, i) => sum + line[j]![1] * row[i]!, 0),
        );
        assert.ok(Math.max(...byRow) <= values[0] + 1e-6 && Math.max(...byColumn) <= values[1] + 1e-6);
      }
      // Without ties (a nondegenerate game) there is at least one, and their number is odd (Wilson 1971).
      const all = payoffs.flat(2);
      if (new Set(all).size === all.length) assert.is(equilibria.length % 2, 1);
    }),
    { numRuns: 300 },
  );
});

test("backward induction plays the sequential games as theory says", () => {
  const { subgamePerfectPlay } = games;
  assert.equal(subgamePerfectPlay(games.escalation), {
    path: ["withdraw"],
    payoffs: [0, 0],
    plan: { "": "withdraw", escalate: "escalate", "escalate, escalate": "escalate" },
    isUnique: true,
  });
  const ultimatum = subgamePerfectPlay(games.ultimatum);
  assert.equal(
    [ultimatum.path, ultimatum.payoffs],
    [
      ["unfair", "accept"],
      [8, 2],
    ],
  );
  const entry = subgamePerfectPlay(games.marketEntry);
  assert.equal(
    [entry.path, entry.payoffs],
    [
      ["enter", "share"],
      [2, 1],
    ],
  );
  for (const length of [2, 3, 7, 12])
    assert.equal(subgamePerfectPlay(games.centipede(length)).path, ["take"]);
  const trust = subgamePerfectPlay(games.trustGame());
  assert.equal(
    [trust.path, trust.payoffs],
    [
      ["send 0", "return 0"],
      [10, 0],
    ],
  );
});

test("a tree is played as its places say", () => {
  const accepting = { name: "accepting", act: () => "accept" };
  const unfair = { name: "unfair", act: () => "unfair" };
  const { returns, standing } = play(
    games.sequential(games.ultimatum),
    { proposer: unfair, responder: accepting },
    { random: randomFrom(1) },
  );
  assert.equal([returns, standing], [{ proposer: 8, responder: 2 }, "terminated"]);
});

test("a public good pays everybody the same from the pot", () => {
  const giving = (gift: number) => ({ name: `gives ${gift}`, act: () => gift });
  const { returns } = play(games.publicGoods, (player) => giving(player === "player-1" ? 0 : 20), {
    random: randomFrom(1),
    parameters: { rounds: 1 },
  });
  assert.equal(returns, { "player-1": 44, "player-2": 24, "player-3": 24, "player-4": 24 });
});

test("a game that is none is refused by name", () => {
  const rows = ["a", "b"] as const;
  assert.throws(
    () => games.matrixGame({ name: "half", rows, columns: rows, payoffs: [[[1, 1]]] }),
    /game half: expected 2 x 2 pairs of finite payoffs/,
  );
  assert.throws(
    () => games.matrixGame({ name: "twice", rows: ["a", "a"], columns: rows, payoffs: [] }),
    /game twice: expected rows to be different names/,
  );
  assert.throws(
    () => games.sequentialGame({ name: "empty", players: ["one"], root: { player: "one", moves: {} } }),
    /game empty, after nothing: there is no move/,
  );
});

test.run();
