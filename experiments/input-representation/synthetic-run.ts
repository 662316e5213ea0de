// A stand-in for one training run of the card-game agents, until the real training replaces it: a learning curve that is drawn,
// not learned. Its numbers say nothing about networks; they only have the shape that the analysis must cope with.
import type { Random } from "labwright";

export const networkTypes = ["boolean", "embedding", "multi_encoder"] as const;

export type NetworkType = (typeof networkTypes)[number];

/** Win rate that the runs of a network level off at, on average. Invented. */
const plateaus: Readonly<Record<NetworkType, number>> = {
  boolean: 0.62,
  embedding: 0.68,
  multi_encoder: 0.74,
};

const firstWinRate = 0.5;
/** Standard deviation of the plateau between runs. Invented. */
const spread = 0.05;
/** Rounds until a run has come 63% of its way. Invented. */
const pace = 5;

/**
 * The win rate measured after each round, a share of `games` validation games in [0, 1]. A run draws its own plateau, approaches it
 * exponentially, and each game is won with the probability of its round.
 *
 * @example
 * syntheticRun({ networkType: "boolean", rounds: 20, games: 125 }, random); // 20 win rates
 */
export function syntheticRun(
  given: { readonly networkType: NetworkType; readonly rounds: number; readonly games: number },
  random: Random,
): number[] {
  const plateau = random.normal(plateaus[given.networkType], spread);
  return Array.from({ length: given.rounds }, (_, round) => {
    const chance = plateau - (plateau - firstWinRate) * Math.exp(-(round + 1) / pace);
    let wins = 0;
    for (let game = 0; game < given.games; game += 1) if (random.float() < chance) wins += 1;
    return wins / given.games;
  });
}
