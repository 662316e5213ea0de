// Matches of repeated matrix games without the machinery of episodes: the quick form for tournaments. The moves are those of
// `play(repeated(game), ...)` with the same players and the same random streams.
import type { Random } from "../../random/random.ts";
import type { MatrixGame } from "./matrix-game.ts";
import { dilemmaOf, prisonersDilemma } from "./named-games.ts";
import type { Move, Strategy } from "./player.ts";
import { playRounds } from "./rounds.ts";

/** Payoffs of a symmetric dilemma: reward, sucker, temptation, punishment. */
export interface DilemmaPayoffs {
  readonly R: number;
  readonly S: number;
  readonly T: number;
  readonly P: number;
}

export interface RepeatedOptions {
  /** Rounds at most, at least 1. */
  readonly turns: number;
  /** The players' streams are its ("agent", "row") and ("agent", "column"), as in `play`. */
  readonly random: Random;
  /** Probability that an action comes out as another one; 0 unless told. */
  readonly noise?: number;
  /** Probability that there is another round after each one; 1, a fixed end, unless told. */
  readonly continuation?: number;
}

export interface MatchOptions extends RepeatedOptions {
  /** 3, 0, 5, 1 unless told. */
  readonly payoffs?: DilemmaPayoffs;
}

/** Sums over all turns. */
export interface RepeatedResult {
  readonly rowScore: number;
  readonly columnScore: number;
  readonly turns: number;
  /** How often row took its i-th and column its j-th action: `counts[i][j]`. */
  readonly counts: readonly (readonly number[])[];
}

/** A match of the dilemma: sums over all turns. */
export interface MatchResult extends RepeatedResult {
  readonly rowCooperations: number;
  readonly columnCooperations: number;
}

/**
 * Plays a match of the repeated prisoner's dilemma.
 * @example playMatch(titForTat, defector, { turns: 200, random }) // rowScore 199, columnScore 204
 * @throws RangeError unless turns is a whole number from 1, noise and continuation are probabilities.
 */
export function playMatch(
  rowStrategy: Strategy,
  columnStrategy: Strategy,
  options: MatchOptions,
): MatchResult {
  const game = options.payoffs === undefined ? prisonersDilemma : dilemmaOf(options.payoffs);
  const played = playRepeated<Move, Move>(game, { row: rowStrategy, column: columnStrategy }, options);
  const [[CC, CD], [DC]] = played.counts as readonly [readonly [number, number], readonly [number, number]];
  return { ...played, rowCooperations: CC + CD, columnCooperations: CC + DC };
}

/**
 * Plays a matrix game again and again: what `play(repeated(game), ...)` pays, in the time of a loop that is written by hand.
 * @example
 * const stubborn = { name: "stubborn", isStochastic: false, player: () => () => "opera" as const };
 * playRepeated(battleOfTheSexes, { row: stubborn, column: stubborn }, { turns: 10, random }).rowScore // 20
 * @throws RangeError unless turns is a whole number from 1, noise and continuation are probabilities; for a move that is none of the game.
 */
export function playRepeated<R extends string, C extends string>(
  game: MatrixGame<R, C>,
  players: { readonly row: Strategy<R, C>; readonly column: Strategy<C, R> },
  options: RepeatedOptions,
): RepeatedResult {
  const { turns, random, noise = 0, continuation = 1 } = options;
  assertOptions({ turns, noise, continuation });
  const {
    rowScore,
    columnScore,
    turns: played,
    counts,
  } = playRounds(game, players, {
    ...{ random, turns, noise, continuation },
    refuse(seat, turn, move) {
      throw wrongMove(game, { seat, turn, move });
    },
  });
  return { rowScore, columnScore, turns: played, counts };
}

function assertOptions({
  turns,
  ...probabilities
}: Readonly<Record<"turns" | "noise" | "continuation", number>>) {
  if (!Number.isSafeInteger(turns) || turns < 1) {
    throw new RangeError(`match: expected turns to be a whole number from 1, got ${turns}`);
  }
  for (const [name, p] of Object.entries(probabilities)) {
    if (!(p >= 0 && p <= 1))
      throw new RangeError(`match: expected ${name} to be a probability from 0 to 1, got ${p}`);
  }
}

function wrongMove(
  { name, rows, columns }: MatrixGame<string, string>,
  { seat, turn, move }: { readonly seat: 0 | 1; readonly turn: number; readonly move: unknown },
): RangeError {
  const [player, moves] = seat === 0 ? ["row", rows] : ["column", columns];
  return new RangeError(
    `${name}, round ${turn}: ${player} gave ${JSON.stringify(move)}; expected one of ${moves.join(", ")}`,
  );
}
