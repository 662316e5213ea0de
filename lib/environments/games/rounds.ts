// The rounds of a repeated matrix game between strategies in one loop, without the machinery of episodes: what `playRepeated` and `play(repeated(game), ...)`
// both run. Moves and draws are those of the environment's `step`, in its order. It makes the players itself, so that the engine can draw them into it.
import type { Random } from "../../random/random.ts";
import type { Player, Strategy } from "./player.ts";

/** `payoffs[i][j]` is what row and column earn when row takes its i-th and column its j-th action. */
export interface PayoffTable<R extends string, C extends string> {
  readonly rows: readonly R[];
  readonly columns: readonly C[];
  readonly payoffs: readonly (readonly (readonly [row: number, column: number])[])[];
}

export interface RoundsInput {
  /** The players' streams are its ("agent", "row") and ("agent", "column"); the game's own chance is its "environment". */
  readonly random: Random;
  /** Rounds at most, at least 1. */
  readonly turns: number;
  readonly noise: number;
  readonly continuation: number;
  /** Throws what is wrong with a move that is none of the game. */
  refuse(seat: 0 | 1, turn: number, move: unknown): never;
}

export interface RoundsPlayed<R extends string, C extends string> {
  readonly turns: number;
  /** Whether the end was drawn, and not that of the turns. */
  readonly isEndDrawn: boolean;
  readonly rowScore: number;
  readonly columnScore: number;
  /** How often row took its i-th and column its j-th action: `counts[i][j]`. */
  readonly counts: readonly (readonly number[])[];
  readonly last: { readonly row: R; readonly column: C };
  readonly rowPlayer: Player<R, C>;
  readonly columnPlayer: Player<C, R>;
}

export function playRounds<R extends string, C extends string>(
  { rows, columns, payoffs }: PayoffTable<R, C>,
  players: { readonly row: Strategy<R, C>; readonly column: Strategy<C, R> },
  { random, turns, noise, continuation, refuse }: RoundsInput,
): RoundsPlayed<R, C> {
  const rowPlayer = players.row.player(random.stream("agent", "row"));
  const columnPlayer = players.column.player(random.stream("agent", "column"));
  const chance = random.stream("environment");
  const width = columns.length;
  const counts = new Float64Array(rows.length * width);
  let row: R | null = null;
  let column: C | null = null;
  let turn = 0;
  let isEndDrawn = false;
  while (turn < turns) {
    const rowMeant: R = rowPlayer(row, column);
    const columnMeant: C = columnPlayer(column, row);
    const from = placeOf(rows, rowMeant);
    const to = placeOf(columns, columnMeant);
    if (from < 0 || to < 0) throw refuse(from < 0 ? 0 : 1, turn, from < 0 ? rowMeant : columnMeant);
    row = noise === 0 ? rowMeant : slipped(rows, rowMeant, { noise, random: chance });
    column = noise === 0 ? columnMeant : slipped(columns, columnMeant, { noise, random: chance });
    const cell = noise === 0 ? from * width + to : placeOf(rows, row) * width + placeOf(columns, column);
    counts[cell]! += 1;
    turn += 1;
    if (continuation < 1 && !chance.stream("end").boolean(continuation)) {
      isEndDrawn = true;
      break;
    }
  }
  const table = rows.map((_, i) => Array.from(counts.subarray(i * width, (i + 1) * width)));
  const sum = (seat: 0 | 1) =>
    table
      .flat()
      .reduce((score, count, at) => score + count * payoffs[Math.floor(at / width)]![at % width]![seat], 0);
  return {
    ...{ turns: turn, isEndDrawn, rowScore: sum(0), columnScore: sum(1), counts: table },
    // At least one round was played.
    last: { row: row!, column: column! },
    ...{ rowPlayer, columnPlayer },
  };
}

/** Where an action stands in its list, -1 where it is none. Lists are short: looking through them is quicker than a map. */
export function placeOf(actions: readonly string[], action: string): number {
  for (let at = 0; at < actions.length; at++) if (actions[at] === action) return at;
  return -1;
}

/** The action that comes out: with probability `noise` one of the others. */
export function slipped<T>(
  actions: readonly T[],
  meant: T,
  { noise, random }: { readonly noise: number; readonly random: Random },
): T {
  const slips = random.stream("noise");
  if (actions.length < 2 || !slips.boolean(noise)) return meant;
  return slips.pick(actions.filter((action) => action !== meant));
}
