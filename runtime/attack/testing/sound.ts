// Three environments without a fault: the mutants beside this file are these with one each.
import { z } from "zod";
import { defineEnvironment } from "../../../lib/environments/environment/environment.ts";

/** All act at once, nothing is hidden, no chance. */
export const pennies = defineEnvironment({
  name: "matching-pennies",
  parameters: z.object({
    rounds: z.int().min(1).max(20).default(10),
    stake: z.int().min(1).max(5).default(1),
  }),
  agents: ["even", "odd"],
  observation: z.enum(["nothing", "won", "lost"]),
  action: z.enum(["heads", "tails"]),
  utility: "zero-sum",
  roundsMax: ({ rounds }) => rounds,
  reset: () => ({ played: 0, winner: "" }),
  observe: ({ state, agent }) => (state.winner === "" ? "nothing" : state.winner === agent ? "won" : "lost"),
  step({ state, actions, rewards, parameters }) {
    state.winner = actions.even === actions.odd ? "even" : "odd";
    rewards.even = state.winner === "even" ? parameters.stake : -parameters.stake;
    rewards.odd = -rewards.even;
    state.played += 1;
    return state.played === parameters.rounds ? "truncated" : "running";
  },
  invariants: { "rounds are counted": ({ state, parameters }) => state.played <= parameters.rounds },
  laws: {
    "rewards are the stake": ({ rewards, parameters }) => Math.abs(rewards.even) === parameters.stake,
    "other actions of both change nothing": ({ actions, rewards, had }) => {
      const other = (side: string | undefined) => (side === "heads" ? "tails" : "heads");
      const swapped = had({ even: other(actions.even), odd: other(actions.odd) });
      return swapped?.rewards.even === rewards.even;
    },
  },
});

interface Cards {
  deck: number[];
  hands: Record<"first" | "second", number>;
  scrap: number[];
  moves: number;
}

/** A card each, by turns; the other's card and the deck are hidden. */
export const highCard = defineEnvironment({
  name: "high-card",
  parameters: z.object({ cards: z.int().min(4).max(12).default(8) }),
  agents: ["first", "second"],
  observation: z.object({ own: z.int().min(1), left: z.int().min(0) }),
  // "peek" is in the schema and never allowed.
  action: z.enum(["stay", "change", "peek"]),
  utility: "zero-sum",
  rewardRange: () => [-1, 1],
  roundsMax: () => 6,
  reset({ parameters, random }): Cards {
    const deck = random.stream("deal").shuffle(Array.from({ length: parameters.cards }, (_, i) => i + 1));
    return { hands: { first: deck.pop()!, second: deck.pop()! }, deck, scrap: [], moves: 0 };
  },
  render: ({ state }) => `${state.hands.first} against ${state.hands.second}`,
  turn: ({ state }) => (state.moves % 2 === 0 ? "first" : "second"),
  observe: ({ state, agent }) => ({ own: state.hands[agent], left: state.deck.length }),
  legal: ({ state }) => (state.deck.length > 0 ? ["stay", "change"] : ["stay"]),
  move({ state, agent, action, rewards }) {
    if (action === "change") {
      state.scrap.push(state.hands[agent]);
      state.hands[agent] = state.deck.pop()!;
    }
    state.moves += 1;
    if (state.moves < 6) return "running";
    rewards.first = Math.sign(state.hands.first - state.hands.second);
    rewards.second = -rewards.first;
    return "terminated";
  },
  resample({ state, agent, random }) {
    const other = agent === "first" ? "second" : "first";
    const hidden = random.shuffle([...state.deck, state.hands[other]]);
    const hand = hidden.pop()!;
    return { ...state, deck: hidden, hands: { ...state.hands, [other]: hand } };
  },
  invariants: {
    "cards are conserved": ({ state, parameters }) => {
      const all = [...state.deck, ...state.scrap, ...Object.values(state.hands)];
      return new Set(all).size === parameters.cards && all.length === parameters.cards
        ? true
        : `${all.length} cards are there, ${new Set(all).size} of them different`;
    },
  },
});

type Sitter = "left" | "middle" | "right";
const sitters: readonly Sitter[] = ["left", "middle", "right"];

/** Who stays puts into a pot that those who are there at the end share; anybody may leave. */
export const standOff = defineEnvironment({
  name: "stand-off",
  parameters: z.object({ rounds: z.int().min(1).max(12).default(4) }),
  agents: sitters,
  observation: z.object({ pot: z.int().min(0), others: z.int().min(0).max(2) }),
  action: z.enum(["add", "wait"]),
  rewardRange: ({ rounds }) => [-1, 3 * rounds],
  roundsMax: ({ rounds }) => rounds,
  reset: (): { pot: number; played: number; out: Sitter[] } => ({ pot: 0, played: 0, out: [] }),
  alive: ({ state }) => sitters.filter((sitter) => !state.out.includes(sitter)),
  observe: ({ state }) => ({ pot: state.pot, others: Math.max(0, 2 - state.out.length) }),
  step({ state, actions, rewards, parameters }) {
    const there = sitters.filter((sitter) => !state.out.includes(sitter));
    for (const sitter of there) {
      if (actions[sitter] !== "add") continue;
      state.pot += 1;
      rewards[sitter] -= 1;
    }
    state.played += 1;
    if (state.played < parameters.rounds) return "running";
    for (const sitter of there) rewards[sitter] += state.pot / there.length;
    return "terminated";
  },
  forfeit({ state, agent }) {
    state.out.push(agent);
    return state.out.length < sitters.length ? "running" : "terminated";
  },
  invariants: {
    "nobody is out twice": ({ state }) => new Set(state.out).size === state.out.length,
  },
});
