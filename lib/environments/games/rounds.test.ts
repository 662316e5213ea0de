// The rounds of a matrix game in one loop against the environment that they are a quick form of.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Random, randomFrom } from "../../random/random.ts";
import { patiently, play } from "../environment/play.ts";
import * as games from "../games.ts";

const { deterministicStrategies, playMatch, repeated, prisonersDilemma, strategyAgent } = games;

function named(name: string): games.Strategy {
  const found = deterministicStrategies.find((strategy) => strategy.name === name);
  assert.ok(found !== undefined, `there is no strategy ${name}`);
  return found;
}

test("the quick match is the environment, with noise and stochastic strategies too", () => {
  const all = [...deterministicStrategies, games.randomly(0.3), games.generousTitForTat(), games.joss()];
  fc.assert(
    fc.property(
      fc.constantFrom(...all),
      fc.constantFrom(...all),
      fc.record({
        turns: fc.integer({ min: 1, max: 60 }),
        noise: fc.constantFrom(0, 0.1, 1),
        seed: fc.nat(),
      }),
      (row, column, { turns, noise, seed }) => {
        const match = playMatch(row, column, { turns, noise, random: randomFrom(seed) });
        const { returns } = play(
          repeated(prisonersDilemma),
          { row: strategyAgent(row), column: strategyAgent(column) },
          { random: randomFrom(seed), parameters: { rounds: turns, noise } },
        );
        assert.equal(returns, { row: match.rowScore, column: match.columnScore });
      },
    ),
    { numRuns: 150 },
  );
});

test("the quick form of any matrix game is its environment, with a drawn end and noise too", () => {
  const side = (name: string, p: number): games.Strategy<"heads" | "tails"> => ({
    name,
    isStochastic: true,
    player: (random) => (own, other) =>
      own !== null && own === other ? own : random.float() < p ? "heads" : "tails",
  });
  const [row, column] = [side("often heads", 0.7), side("often tails", 0.2)];
  fc.assert(
    fc.property(
      fc.record({
        turns: fc.integer({ min: 1, max: 60 }),
        noise: fc.constantFrom(0, 0.1, 1),
        continuation: fc.constantFrom(0, 0.9, 1),
        seed: fc.nat(),
      }),
      ({ turns, noise, continuation, seed }) => {
        const options = { turns, noise, continuation, random: randomFrom(seed) };
        const quick = games.playRepeated(games.matchingPennies, { row, column }, options);
        const { returns, rounds } = play(
          repeated(games.matchingPennies),
          { row: strategyAgent(row), column: strategyAgent(column) },
          { random: randomFrom(seed), parameters: { rounds: turns, noise, continuation } },
        );
        assert.equal(returns, { row: quick.rowScore, column: quick.columnScore });
        assert.is(rounds, quick.turns);
        assert.is(
          quick.counts.flat().reduce((sum, count) => sum + count, 0),
          rounds,
        );
      },
    ),
    { numRuns: 150 },
  );
});

test("play takes the rounds of a matrix game in one loop, and nothing comes out otherwise", () => {
  const own = {
    name: "own",
    act: (seen: games.LastRound<games.Move, games.Move>, { round }: { round: number }) =>
      round % 3 === 2 ? "D" : (seen?.other ?? "C"),
  };
  // Tells one player in two seats, who is asked twice a round, from two.
  const counting: games.Strategy = {
    name: "counting",
    isStochastic: false,
    player: () => {
      let asked = 0;
      return () => (asked++ % 3 === 1 ? "D" : "C");
    },
  };
  const agents = [
    () => own,
    () => strategyAgent(counting),
    () => strategyAgent(named("Win-Stay Lose-Shift")),
    () => ({ ...strategyAgent(named("Defector")), act: own.act }),
    () => strategyAgent(games.generousTitForTat(0.3)),
    () => ({
      name: "drawing",
      act: (_: unknown, { random }: { random: Random }) => random.pick(["C", "D"] as const),
    }),
  ];
  const tableOf = (payoff: fc.Arbitrary<number>) => {
    const row = fc.tuple(fc.tuple(payoff, payoff), fc.tuple(payoff, payoff));
    return fc.tuple(row, row);
  };
  const whole = tableOf(fc.integer({ min: -3, max: 5 }));
  const fractional = tableOf(fc.double({ min: -3, max: 3, noNaN: true }));
  fc.assert(
    fc.property(
      fc.record({
        payoffs: fc.oneof(whole, fractional),
        row: fc.nat(5),
        column: fc.nat(5),
        isOne: fc.boolean(),
        rounds: fc.integer({ min: 1, max: 40 }),
        most: fc.constantFrom(0, 5, 100),
        noise: fc.constantFrom(0, 0.3),
        continuation: fc.constantFrom(0, 0.9, 1),
        seed: fc.nat(),
      }),
      ({ payoffs, row, column, isOne, rounds, most, noise, continuation, seed }) => {
        const game = repeated({ name: "drawn", rows: ["C", "D"], columns: ["C", "D"], payoffs });
        const twice = (way: typeof play) => {
          const random = randomFrom(seed);
          const options = { random, rounds: most, parameters: { rounds, noise, continuation } };
          // The second episode goes on with the streams that the first one left.
          return [1, 2].map(() => {
            const first = agents[row]!();
            return way(game, { row: first, column: isOne ? first : agents[column]!() }, options);
          });
        };
        assert.equal(twice(play), twice(patiently));
      },
    ),
    { numRuns: 150 },
  );
});

test("a move that is none of the game, and options out of range, are refused by name", () => {
  const lost = { name: "lost", isStochastic: false, player: () => () => "left" as "heads" };
  const players = { row: lost, column: lost };
  const random = randomFrom(1);
  assert.throws(
    () => games.playRepeated(games.matchingPennies, players, { turns: 3, random }),
    /matching-pennies, round 0: row gave "left"; expected one of heads, tails/,
  );
  assert.throws(
    () =>
      play(
        repeated(games.matchingPennies),
        { row: strategyAgent(lost), column: strategyAgent(lost) },
        { random },
      ),
    /matching-pennies, round 0: row gave "left"; expected one of its action schema/,
  );
  assert.throws(() => playMatch(named("Bully"), named("Bully"), { turns: 0, random }), /turns to be a whole/);
  assert.throws(
    () => playMatch(named("Bully"), named("Bully"), { turns: 1, noise: 2, random }),
    /noise to be a probability/,
  );
});

test.run();
