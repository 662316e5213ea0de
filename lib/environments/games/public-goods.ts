// The public goods game: what everybody gives is multiplied and shared equally, so all gain when all give and each gains by not giving.
import { z } from "zod";
import { defineEnvironment } from "../environment/environment.ts";

/**
 * n players, rounds of giving 0 to `endowment`. A player earns endowment - own + multiplier x sum / n. Giving nothing is the only
 * equilibrium where multiplier < n, everything the common good where multiplier > 1 (Isaac and Walker 1988). Everybody sees what each
 * gave in the round before.
 */
export const publicGoods = defineEnvironment({
  name: "public-goods",
  parameters: z.object({
    players: z.int().min(2).max(20).default(4),
    endowment: z.int().min(1).max(100).default(20),
    multiplier: z.number().min(0).max(20).default(1.6),
    rounds: z.int().min(1).max(1000).default(10),
  }),
  agents: ({ players }) => seats(players),
  // One number a player, in their order; null in the first round.
  observation: z.array(z.int().min(0)).nullable(),
  action: z.int().min(0).max(100),
  // Giving all alone, and giving nothing where all others give all.
  rewardRange: ({ players, endowment, multiplier }) => [
    Math.min(endowment, (multiplier * endowment) / players) - 1e-9,
    endowment * Math.max(1, multiplier, 1 + (multiplier * (players - 1)) / players) + 1e-9,
  ],
  roundsMax: ({ rounds }) => rounds,
  reset: (): { played: number; gave: number[] | null } => ({ played: 0, gave: null }),
  observe: ({ state }) => (state.gave === null ? null : [...state.gave]),
  legal: ({ parameters }) => Array.from({ length: parameters.endowment + 1 }, (_, gift) => gift),
  step({ parameters, state, actions, rewards }) {
    const { endowment, multiplier, players, rounds } = parameters;
    const gave = seats(players).map((player) => actions[player]!);
    const sum = sumOf(gave);
    for (const player of seats(players)) {
      rewards[player] = endowment - actions[player]! + (multiplier * sum) / players;
    }
    state.gave = gave;
    state.played += 1;
    return state.played === rounds ? "truncated" : "running";
  },
  laws: {
    "what is paid is what was kept and what the pot gave": ({ parameters, actions, rewards }) => {
      const { endowment, multiplier, players } = parameters;
      const sum = sumOf(seats(players).map((player) => actions[player] ?? 0));
      const paid = sumOf(seats(players).map((player) => rewards[player]!));
      const expected = endowment * players - sum + multiplier * sum;
      return Math.abs(paid - expected) <= 1e-9 * (1 + Math.abs(expected))
        ? true
        : `${paid} were paid, not ${expected}`;
    },
  },
});

function seats(players: number): readonly `player-${number}`[] {
  return Array.from({ length: players }, (_, i): `player-${number}` => `player-${i + 1}`);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
