// Games in which everybody acts once a round and a table says who earns what: the table, and the environment of playing
// it again and again, with noise and an end that is fixed or drawn. Named games are in named-games.ts.
import { z } from "zod";
import { defineEnvironment } from "../environment/environment.ts";
import { newSeatOf } from "./player.ts";
import { type PayoffTable, placeOf, playRounds, slipped } from "./rounds.ts";

/** A two-player game: `payoffs[i][j]` is what row and column earn when row takes its i-th and column its j-th action. */
export interface MatrixGame<R extends string = string, C extends string = R> extends PayoffTable<R, C> {
  readonly name: string;
}

/**
 * A game with a payoff table of your own.
 * @example matrixGame({ name: "prisoners", rows: ["C", "D"], columns: ["C", "D"], payoffs: [[[3, 3], [0, 5]], [[5, 0], [1, 1]]] })
 * @throws RangeError unless there is a row of the table for every action of the row player, and in it a pair of finite numbers for every
 * action of the column player; or where an action has no name or two have the same.
 */
export function matrixGame<const R extends string, const C extends string>(
  game: MatrixGame<R, C>,
): MatrixGame<R, C> {
  const { name, rows, columns, payoffs } = game;
  for (const [player, actions] of Object.entries<readonly string[]>({ rows, columns })) {
    if (
      actions.length === 0 ||
      new Set(actions).size < actions.length ||
      actions.some((action) => action === "")
    ) {
      throw new RangeError(
        `game ${name}: expected ${player} to be different names, got [${actions.join(", ")}]`,
      );
    }
  }
  const isWhole =
    payoffs.length === rows.length &&
    payoffs.every(
      (row) =>
        row.length === columns.length &&
        row.every((pair) => pair.length === 2 && pair.every(Number.isFinite)),
    );
  if (!isWhole) {
    throw new RangeError(`game ${name}: expected ${rows.length} x ${columns.length} pairs of finite payoffs`);
  }
  return game;
}

const repetition = z.object({
  /** Rounds at most. */
  rounds: z.int().min(1).max(100_000).default(200),
  /** Probability that there is another round after each one; 1 for a fixed end. */
  continuation: z.number().min(0).max(1).default(1),
  /** Probability that an action comes out as another one, all of them equally likely. */
  noise: z.number().min(0).max(1).default(0),
});

export interface RepeatedState<R extends string, C extends string> {
  played: number;
  last: { row: R; column: C } | null;
}

/**
 * The environment of playing a matrix game again and again: agents `row` and `column`, each seeing the round before. Chance: streams
 * "noise" and "end". The fixed end truncates, since a reader of the rules is not told that it is near; the drawn one terminates.
 * @example
 * const { returns } = play(repeated(prisonersDilemma), { row: titForTat, column: alternator }, { random, parameters: { rounds: 200 } });
 */
export function repeated<R extends string, C extends string>(game: MatrixGame<R, C>) {
  const { rows, columns, payoffs } = game;
  const action = { row: z.enum(rows), column: z.enum(columns) };
  const pays = payoffs.flat(2);
  // Sums of whole numbers are the same in any order.
  const isWhole = pays.every(Number.isSafeInteger);
  return defineEnvironment({
    name: game.name,
    parameters: repetition,
    agents: ["row", "column"],
    observation: {
      row: z.object({ own: action.row, other: action.column }).nullable(),
      column: z.object({ own: action.column, other: action.row }).nullable(),
    },
    action,
    rewardRange: () => [Math.min(...pays), Math.max(...pays)],
    roundsMax: ({ rounds }) => rounds,
    reset: (): RepeatedState<R, C> => ({ played: 0, last: null }),
    observe({ state, agent }) {
      if (state.last === null) return null;
      const { row, column } = state.last;
      return agent === "row" ? { own: row, other: column } : { own: column, other: row };
    },
    step({ parameters, state, actions, rewards, random }) {
      const { noise, continuation, rounds } = parameters;
      const row = noise === 0 ? actions.row : slipped(rows, actions.row, { noise, random });
      const column = noise === 0 ? actions.column : slipped(columns, actions.column, { noise, random });
      const pair = payoffs[placeOf(rows, row)]![placeOf(columns, column)]!;
      rewards.row = pair[0];
      rewards.column = pair[1];
      state.last = { row, column };
      state.played += 1;
      if (continuation < 1 && !random.stream("end").boolean(continuation)) return "terminated";
      return state.played >= rounds ? "truncated" : "running";
    },
    whole({ parameters, state, random, players, rounds, refuse }) {
      const { noise, continuation } = parameters;
      const [row, column] = [newSeatOf<R, C>(players[0]), newSeatOf<C, R>(players[1])];
      if (row === null || column === null || players[0] === players[1] || !isWhole) return null;
      const turns = Math.min(rounds, parameters.rounds);
      const strategies = { row: row.strategy, column: column.strategy };
      const played = playRounds(game, strategies, { random, turns, noise, continuation, refuse });
      row.player = played.rowPlayer;
      column.player = played.columnPlayer;
      state.played = played.turns;
      state.last = played.last;
      const standing = played.isEndDrawn ? "terminated" : "truncated";
      return { rounds: played.turns, standing, returns: [played.rowScore, played.columnScore] };
    },
    invariants: {
      "rounds are counted up to the last": ({ state, parameters }) => state.played <= parameters.rounds,
    },
  });
}
