// A match of the repeated prisoner's dilemma without the machinery of episodes: the quick form for tournaments. The moves are those of
// `repeated(prisonersDilemma)` with the same players and the same random streams.
import type { Random } from "../../random/random.ts";
import { slipped } from "./matrix-game.ts";
import type { Move, Strategy } from "./strategies.ts";

/** Payoffs of a symmetric dilemma: reward, sucker, temptation, punishment. */
export interface DilemmaPayoffs {
  readonly R: number;
  readonly S: number;
  readonly T: number;
  readonly P: number;
}

export interface MatchOptions {
  /** Rounds, at least 1. */
  readonly turns: number;
  /** The players' streams are its ("agent", "row") and ("agent", "column"), as in `play`. */
  readonly random: Random;
  /** Probability that a move comes out as the other one; 0 unless told. */
  readonly noise?: number;
  /** 3, 0, 5, 1 unless told. */
  readonly payoffs?: DilemmaPayoffs;
}

/** Sums over all turns. */
export interface MatchResult {
  readonly rowScore: number;
  readonly columnScore: number;
  readonly rowCooperations: number;
  readonly columnCooperations: number;
}

const axelrods: DilemmaPayoffs = { R: 3, S: 0, T: 5, P: 1 };
const moves: readonly Move[] = ["C", "D"];

/**
 * Plays a match.
 * @example playMatch(titForTat, defector, { turns: 200, random }) // rowScore 199, columnScore 204
 * @throws RangeError unless turns is a whole number from 1 and noise a probability.
 */
export function playMatch(
  rowStrategy: Strategy,
  columnStrategy: Strategy,
  options: MatchOptions,
): MatchResult {
  const { turns, random, noise = 0, payoffs = axelrods } = options;
  if (!Number.isSafeInteger(turns) || turns < 1) {
    throw new RangeError(`playMatch: expected turns to be a whole number from 1, got ${turns}`);
  }
  if (!(noise >= 0 && noise <= 1)) {
    throw new RangeError(`playMatch: expected noise to be a probability from 0 to 1, got ${noise}`);
  }
  const { R, S, T, P } = payoffs;
  const rowPlayer = rowStrategy.player(random.stream("agent", "row"));
  const columnPlayer = columnStrategy.player(random.stream("agent", "column"));
  const chance = { noise, random: random.stream("environment") };
  let row: Move | null = null;
  let column: Move | null = null;
  const counts = { CC: 0, CD: 0, DC: 0, DD: 0 };
  for (let turn = 0; turn < turns; turn++) {
    const rowMeant: Move = rowPlayer(row, column);
    const columnMeant: Move = columnPlayer(column, row);
    row = noise === 0 ? rowMeant : slipped(moves, rowMeant, chance);
    column = noise === 0 ? columnMeant : slipped(moves, columnMeant, chance);
    if (row === "C") {
      if (column === "C") counts.CC += 1;
      else counts.CD += 1;
    } else if (column === "C") counts.DC += 1;
    else counts.DD += 1;
  }
  const { CC, CD, DC, DD } = counts;
  return {
    rowScore: R * CC + S * CD + T * DC + P * DD,
    columnScore: R * CC + T * CD + S * DC + P * DD,
    rowCooperations: CC + CD,
    columnCooperations: CC + DC,
  };
}
