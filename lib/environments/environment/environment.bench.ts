// What the interface of environments costs: an episode through `play` against a hand-written loop over the same model and the same agents,
// and the repeated dilemma as `playRepeated` plays it, which is the form for matrix games, as well. Prints nanoseconds a round and the ratio of
// the two, lower quartiles of alternating turns of processor time, and writes them as JSON to the path in BENCH_OUT, if any.
import { writeFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { z } from "zod";
import { randomFrom } from "../../random/random.ts";
import { playMatch } from "../games/match.ts";
import { repeated } from "../games/matrix-game.ts";
import { prisonersDilemma } from "../games/named-games.ts";
import { type Move, strategyAgent } from "../games/player.ts";
import { titForTat, winStayLoseShift } from "../games/strategies.ts";
import { logitMarket } from "../pricing.ts";
import { pricingMarket } from "../pricing-market.ts";
import { defineEnvironment } from "./environment.ts";
import { play } from "./play.ts";

// As in the processes that run trials.
setFlagsFromString("--max-inlined-bytecode-size-cumulative=3000");

const rounds = 10_000;
let sink = 0;

/** What a firm sees, by hand as in the environment. */
interface Seen {
  readonly prices: readonly number[] | null;
  readonly quantity: number | null;
  readonly profit: number | null;
}
/** Half way between the rivals' mean price and a price of its own. */
const answer = (seat: number, { prices }: Seen): number => {
  if (prices === null) return 1.6 + 0.1 * seat;
  let others = 0;
  for (let i = 0; i < prices.length; i++) if (i !== seat) others += prices[i]!;
  return 0.5 * (1.5 + 0.1 * seat) + (0.5 * others) / (prices.length - 1);
};

const market = logitMarket({ firms: 2 });
function pricingByHand(): number {
  let seen: readonly Seen[] = [0, 1].map(() => ({ prices: null, quantity: null, profit: null }));
  const returns = [0, 0];
  for (let round = 0; round < rounds; round++) {
    const prices = [answer(0, seen[0]!), answer(1, seen[1]!)];
    const quantities = market.demand(prices);
    seen = prices.map((price, i) => {
      const profit = (price - 1) * quantities[i]!;
      returns[i]! += profit;
      return { prices: [...prices], quantity: quantities[i]!, profit };
    });
  }
  return returns[0]!;
}
function pricingPlayed(): number {
  const agents = (firm: string) => {
    const seat = Number(firm.slice(5)) - 1;
    return { name: "answering", act: (seen: Seen) => answer(seat, seen) };
  };
  return play(pricingMarket, agents, { random: randomFrom(1), parameters: { rounds } }).returns["firm-1"]!;
}

const ways = { north: [0, 1], south: [0, -1], east: [1, 0], west: [-1, 0] } as const;
type Way = keyof typeof ways;
const compass: readonly Way[] = ["north", "south", "east", "west"];
const size = 50;
const grid = defineEnvironment({
  name: "grid-world",
  parameters: z.object({ rounds: z.int().min(1).max(rounds).default(rounds) }),
  agents: ["walker"],
  observation: z.object({ x: z.int().min(0), y: z.int().min(0) }),
  action: z.enum(["north", "south", "east", "west"]),
  reset: () => ({ x: 0, y: 0 }),
  observe: ({ state }) => ({ x: state.x, y: state.y }),
  step({ state, actions, rewards, random, round, parameters }) {
    const [east, north] = ways[random.float() < 0.1 ? "north" : actions.walker];
    state.x = Math.min(Math.max(state.x + east, 0), size - 1);
    state.y = Math.min(Math.max(state.y + north, 0), size - 1);
    rewards.walker = -1;
    return round + 1 === parameters.rounds ? "truncated" : "running";
  },
});
const wander = ({ x, y }: { readonly x: number; readonly y: number }, drawn: number): Way =>
  x + y < size && drawn < 0.5 ? "east" : compass[Math.floor(drawn * 4)]!;
function gridByHand(): number {
  const wind = randomFrom(1).stream("environment");
  const choice = randomFrom(1).stream("agent", "walker");
  const state = { x: 0, y: 0 };
  let reward = 0;
  for (let round = 0; round < rounds; round++) {
    const chosen = wander({ x: state.x, y: state.y }, choice.float());
    const [east, north] = ways[wind.float() < 0.1 ? "north" : chosen];
    state.x = Math.min(Math.max(state.x + east, 0), size - 1);
    state.y = Math.min(Math.max(state.y + north, 0), size - 1);
    reward -= 1;
  }
  return reward + state.x;
}
function gridPlayed(): number {
  const walker = {
    name: "wandering",
    act: (
      seen: { readonly x: number; readonly y: number },
      { random }: { readonly random: { float(): number } },
    ) => wander(seen, random.float()),
  };
  const { returns, state } = play(grid, { walker }, { random: randomFrom(1) });
  return returns.walker + state.x;
}

function dilemmaByHand(): number {
  const [one, other] = [titForTat.player(randomFrom(1)), winStayLoseShift.player(randomFrom(1))];
  const { payoffs } = prisonersDilemma;
  let row: Move | null = null;
  let column: Move | null = null;
  let score = 0;
  for (let round = 0; round < rounds; round++) {
    const next: Move = one(row, column);
    column = other(column, row);
    row = next;
    score += payoffs[row === "C" ? 0 : 1]![column === "C" ? 0 : 1]![0];
  }
  return score;
}
const dilemma = repeated(prisonersDilemma);
function dilemmaPlayed(): number {
  const agents = { row: strategyAgent(titForTat), column: strategyAgent(winStayLoseShift) };
  return play(dilemma, agents, { random: randomFrom(1), parameters: { rounds } }).returns.row;
}
const dilemmaMatch = () =>
  playMatch(titForTat, winStayLoseShift, { turns: rounds, random: randomFrom(1) }).rowScore;

const pairs: Readonly<Record<string, readonly [hand: () => number, ours: () => number, times: number]>> = {
  "pricing market": [pricingByHand, pricingPlayed, 1],
  "grid world": [gridByHand, gridPlayed, 10],
  "dilemma, playRepeated": [dilemmaByHand, dilemmaMatch, 20],
  "dilemma, play": [dilemmaByHand, dilemmaPlayed, 20],
};

/** What a busy machine delays least. */
const lowerQuartile = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 4)]!;
/** Time of the processor, in nanoseconds a round: others may use the machine meanwhile. */
function timeOf(run: () => number, times: number): number {
  const started = process.cpuUsage();
  for (let i = 0; i < times; i++) sink += run();
  const { user, system } = process.cpuUsage(started);
  return ((user + system) * 1000) / (rounds * times);
}
const results: Record<string, { readonly handNs: number; readonly oursNs: number; readonly ratio: number }> =
  {};
for (const [name, [hand, ours, times]] of Object.entries(pairs)) {
  const turns = Array.from({ length: 60 }, () => [timeOf(hand, times), timeOf(ours, times)] as const).slice(
    5,
  );
  const handNs = lowerQuartile(turns.map(([byHand]) => byHand));
  const oursNs = lowerQuartile(turns.map(([, played]) => played));
  results[name] = { handNs, oursNs, ratio: oursNs / handNs };
  console.log(
    `${name.padEnd(22)} by hand ${handNs.toFixed(1).padStart(7)} ns, ours ${oursNs.toFixed(1).padStart(7)} ns a round, ratio ${(oursNs / handNs).toFixed(2)}`,
  );
}
if (!Number.isFinite(sink)) console.log(sink);
if (process.env.BENCH_OUT !== undefined)
  writeFileSync(process.env.BENCH_OUT, JSON.stringify(results, null, 2));
