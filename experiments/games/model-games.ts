// The games that chat models play: what a player is told of each, which of its moves are cooperative, and how a game is played. A matrix game is
// played again and again, a sequential one once.
import { type Agent, playAsync, type Random } from "labwright";
import {
  battleOfTheSexes,
  centipede,
  escalation,
  type LastRound,
  type MatrixGame,
  prisonersDilemma,
  repeated,
  type SequentialGame,
  sequential,
  stagHunt,
  trustGame,
  ultimatum,
} from "labwright/environments/games";

/** Makes the player of a seat: 0 for the first, 1 for the second. */
export type PlayerOf = <O>(
  seat: 0 | 1,
  of: { readonly actions: readonly string[]; readonly told: (seen: O) => string },
) => Agent<O, string, Promise<string>>;

export interface ModelGame {
  readonly rules: string;
  isCooperative(seat: 0 | 1, action: string): boolean;
  /** Points a round of the first and of the second player. */
  play(
    playerOf: PlayerOf,
    of: { readonly random: Random; readonly rounds: number },
  ): Promise<readonly [number, number]>;
}

export const modelGames = {
  Prisoners_Dilemma: matrix(prisonersDilemma, [["C"], ["C"]]),
  Stag_Hunt: matrix(stagHunt, [["stag"], ["stag"]]),
  Battle_of_the_Sexes: matrix(battleOfTheSexes, [["football"], ["opera"]]),
  Escalation_Game: tree(escalation, ["withdraw"]),
  Ultimatum_Game: tree(ultimatum, ["fair", "accept"]),
  Centipede: tree(centipede(6), ["pass"]),
  Trust_Game: tree(trustGame(4, 2), [
    "send 2",
    "send 3",
    "send 4",
    "return 2",
    "return 3",
    "return 4",
    "return 5",
    "return 6",
    "return 7",
    "return 8",
  ]),
} as const satisfies Readonly<Record<string, ModelGame>>;

/** Points for each pair of moves; in the battle of the sexes to give way is cooperative. */
function matrix(game: MatrixGame, cooperative: readonly [readonly string[], readonly string[]]): ModelGame {
  const { rows, columns, payoffs } = game;
  const lines = rows.flatMap((row, i) =>
    columns.map((column, j) => `first ${row}, second ${column}: ${payoffs[i]![j]!.join(" and ")} points`),
  );
  const told = (seen: LastRound<string, string>): string =>
    seen === null
      ? "This is the first round."
      : `In the last round you played ${seen.own}, the other ${seen.other}.`;
  return {
    rules: `Both players move at once, again and again.\n${lines.join("\n")}`,
    isCooperative: (seat, action) => cooperative[seat].includes(action),
    async play(playerOf, { random, rounds }) {
      const seats = {
        row: playerOf(0, { actions: rows, told }),
        column: playerOf(1, { actions: columns, told }),
      };
      const { returns, rounds: played } = await playAsync(repeated(game), seats, {
        random,
        parameters: { rounds },
      });
      return [returns.row / played, returns.column / played];
    },
  };
}

function tree(game: SequentialGame, cooperative: readonly string[]): ModelGame {
  const [first = "", second = ""] = game.players;
  const told = (seen: readonly string[]): string => `Moves so far: ${seen.join(", ") || "none"}.`;
  return {
    rules: `The players move by turns and see all moves; a move ends the game or leads on. First is the ${first}, second the ${second}.\n${JSON.stringify(game.root)}`,
    isCooperative: (_, action) => cooperative.includes(action),
    async play(playerOf, { random }) {
      // What may be played is told by the game, place by place.
      const { returns } = await playAsync(
        sequential(game),
        (player) => playerOf(player === first ? 0 : 1, { actions: [], told }),
        { random },
      );
      return [returns[first]!, returns[second]!];
    },
  };
}
