// Games in which players move one after the other and see all that was done: trees, the play that no player would leave in any part of
// them (backward induction), and the environment of playing one. Named games are at the end.
import { z } from "zod";
import { defineEnvironment } from "../environment/environment.ts";

/** A place in the tree: somebody moves, or everybody is paid (one number a player, in the order of the players). */
export type GameNode<A extends string = string> =
  | { readonly player: A; readonly moves: Readonly<Record<string, GameNode<A>>> }
  | { readonly payoffs: readonly number[] };

export interface SequentialGame<A extends string = string> {
  readonly name: string;
  readonly players: readonly A[];
  readonly root: GameNode<A>;
  /** What everybody is paid where a player leaves the game, by who leaves; without it nobody can. */
  readonly forfeit?: Readonly<Record<A, readonly number[]>>;
}

/**
 * A game with a tree of your own.
 * @throws RangeError for a place without moves, a player who is none or never moves, payoffs that are not one finite number a player, or more than
 * 100,000 places.
 */
export function sequentialGame<const A extends string>(game: SequentialGame<A>): SequentialGame<A> {
  let places = 0;
  const checkPayoffs = (payoffs: readonly number[], after: string) => {
    if (payoffs.length === game.players.length && payoffs.every(Number.isFinite)) return;
    throw new RangeError(
      `game ${game.name}, after ${after}: expected ${game.players.length} finite payoffs, got [${payoffs.join(", ")}]`,
    );
  };
  const check = (node: GameNode<A>, at: string) => {
    places += 1;
    if (places > 100_000) throw new RangeError(`game ${game.name}: more than 100,000 places`);
    if ("payoffs" in node) {
      checkPayoffs(node.payoffs, at || "nothing");
      return;
    }
    if (!game.players.includes(node.player)) {
      throw new RangeError(`game ${game.name}, after ${at || "nothing"}: ${node.player} is no player`);
    }
    const moves = Object.entries(node.moves);
    if (moves.length === 0)
      throw new RangeError(`game ${game.name}, after ${at || "nothing"}: there is no move`);
    for (const [move, next] of moves) check(next, at === "" ? move : `${at}, ${move}`);
  };
  check(game.root, "");
  for (const player of game.forfeit === undefined ? [] : game.players)
    checkPayoffs(game.forfeit?.[player] ?? [], `${player} has left`);
  const idle = game.players.find((player) => movesOf(game.root, player).length === 0);
  if (idle !== undefined) throw new RangeError(`game ${game.name}: ${idle} never moves`);
  return game;
}

/** What backward induction says. */
export interface SubgamePerfectPlay {
  /** The moves that are made when everybody plays so. */
  readonly path: readonly string[];
  readonly payoffs: readonly number[];
  /** The best move in every place, by the moves that lead to it: "" for the first, "escalate, escalate" for a later one. */
  readonly plan: Readonly<Record<string, string>>;
  /** False where somebody has two best moves: the first listed is taken then, and other plays are subgame-perfect as well. */
  readonly isUnique: boolean;
}

/**
 * Subgame-perfect play by backward induction.
 * @example subgamePerfectPlay(escalation).path // ["withdraw"]
 */
export function subgamePerfectPlay(game: SequentialGame): SubgamePerfectPlay {
  const plan: Record<string, string> = {};
  let isUnique = true;
  const best = (
    node: GameNode,
    at: string,
  ): { readonly path: readonly string[]; readonly payoffs: readonly number[] } => {
    if ("payoffs" in node) return { path: [], payoffs: node.payoffs };
    const seat = game.players.indexOf(node.player);
    const answers = Object.entries(node.moves).map(([move, next]) => {
      const { path, payoffs } = best(next, at === "" ? move : `${at}, ${move}`);
      return { move, path: [move, ...path], payoffs };
    });
    const most = Math.max(...answers.map(({ payoffs }) => payoffs[seat]!));
    const top = answers.filter(({ payoffs }) => payoffs[seat] === most);
    if (top.length > 1) isUnique = false;
    // Somebody can move wherever nobody is paid, so there is a best answer.
    const chosen = top[0]!;
    plan[at] = chosen.move;
    return chosen;
  };
  const { path, payoffs } = best(game.root, "");
  return { path, payoffs, plan, isUnique };
}

/**
 * The environment of playing a tree once. Every player sees all moves so far; whoever's place it is moves.
 * @example play(sequential(ultimatum), { proposer, responder }, { random })
 */
export function sequential<A extends string>(game: SequentialGame<A>) {
  const { forfeit } = game;
  const place = (history: readonly string[]): GameNode<A> =>
    history.reduce<GameNode<A>>((node, move) => ("payoffs" in node ? node : node.moves[move]!), game.root);
  return defineEnvironment({
    name: game.name,
    parameters: z.object({}),
    agents: game.players,
    observation: z.array(z.string()),
    action: z.enum([...new Set(game.players.flatMap((player) => movesOf(game.root, player)))]),
    reset: (): { moves: string[] } => ({ moves: [] }),
    observe: ({ state }) => [...state.moves],
    legal({ state, agent }) {
      const node = place(state.moves);
      return "payoffs" in node || node.player !== agent ? [] : Object.keys(node.moves);
    },
    turn({ state }) {
      const node = place(state.moves);
      if ("payoffs" in node) throw new Error(`game ${game.name}: it is over`);
      return node.player;
    },
    move({ state, action, rewards }) {
      state.moves.push(action);
      const node = place(state.moves);
      if (!("payoffs" in node)) return "running";
      game.players.forEach((player, seat) => {
        rewards[player] = node.payoffs[seat]!;
      });
      return "terminated";
    },
    ...(forfeit !== undefined && {
      forfeit({ agent, rewards }: { readonly agent: A; readonly rewards: Record<A, number> }) {
        game.players.forEach((player, seat) => {
          rewards[player] = forfeit[agent][seat]!;
        });
        return "terminated" as const;
      },
    }),
    invariants: { "the moves lead to a place of the tree": ({ state }) => place(state.moves) !== undefined },
  });
}

/** The moves that a player has anywhere in the tree, each once. */
function movesOf(node: GameNode, player: string): readonly string[] {
  if ("payoffs" in node) return [];
  const here = node.player === player ? Object.keys(node.moves) : [];
  return [...new Set([...here, ...Object.values(node.moves).flatMap((next) => movesOf(next, player))])];
}

/** Withdraw, or escalate and leave the move to the other; three escalations are a disaster. Perfect play: withdraw at once, 0 and 0. */
export const escalation = sequentialGame({
  name: "escalation-game",
  players: ["first", "second"],
  root: {
    player: "first",
    moves: {
      withdraw: { payoffs: [0, 0] },
      escalate: {
        player: "second",
        moves: {
          withdraw: { payoffs: [1, -2] },
          escalate: {
            player: "first",
            moves: { withdraw: { payoffs: [-2, 1] }, escalate: { payoffs: [-1, -1] } },
          },
        },
      },
    },
  },
});

/** A fair offer shares 10 equally, an unfair one keeps 8; refusal leaves both nothing, as does who leaves. Perfect play: unfair, accept. */
export const ultimatum = sequentialGame({
  name: "ultimatum-game",
  players: ["proposer", "responder"],
  root: {
    player: "proposer",
    moves: { fair: answerTo([5, 5]), unfair: answerTo([8, 2]) },
  },
  forfeit: { proposer: [0, 0], responder: [0, 0] },
});

function answerTo(shares: readonly [number, number]): GameNode<"proposer" | "responder"> {
  return { player: "responder", moves: { accept: { payoffs: shares }, reject: { payoffs: [0, 0] } } };
}

/** An entrant stays out or enters; the incumbent shares the market or fights. */
export const marketEntry = sequentialGame({
  name: "market-entry",
  players: ["entrant", "incumbent"],
  root: {
    player: "entrant",
    moves: {
      "stay out": { payoffs: [0, 2] },
      enter: { player: "incumbent", moves: { share: { payoffs: [2, 1] }, fight: { payoffs: [-1, -1] } } },
    },
  },
});

/**
 * The centipede of Rosenthal (1981): by turns a player takes the larger of two heaps or passes; both heaps double with every pass.
 * Perfect play: take at once, for any length.
 * @throws RangeError unless length is a whole number from 2 to 50.
 */
export function centipede(length: number): SequentialGame<"first" | "second"> {
  if (!Number.isInteger(length) || length < 2 || length > 50) {
    throw new RangeError(`centipede: expected a length from 2 to 50, got ${length}`);
  }
  const place = (at: number): GameNode<"first" | "second"> => {
    const [large, small] = [4 * 2 ** at, 2 ** at];
    const isFirst = at % 2 === 0;
    if (at === length) return { payoffs: isFirst ? [large, small] : [small, large] };
    return {
      player: isFirst ? "first" : "second",
      moves: { take: { payoffs: isFirst ? [large, small] : [small, large] }, pass: place(at + 1) },
    };
  };
  return sequentialGame({ name: `centipede-${length}`, players: ["first", "second"], root: place(0) });
}

/**
 * The trust game of Berg, Dickhaut and McCabe (1995): the investor sends some of the endowment, it is multiplied on the way, the trustee
 * returns some of what arrived. Perfect play: nothing is sent.
 * @throws RangeError unless endowment is a whole number from 1 to 20 and multiplier one from 1 to 5.
 */
export function trustGame(endowment = 10, multiplier = 3): SequentialGame<"investor" | "trustee"> {
  const isSize = (value: number, most: number) => Number.isInteger(value) && value >= 1 && value <= most;
  if (!isSize(endowment, 20) || !isSize(multiplier, 5)) {
    throw new RangeError(
      `trustGame: expected an endowment from 1 to 20 and a multiplier from 1 to 5, got ${endowment} and ${multiplier}`,
    );
  }
  const returned = (sent: number): GameNode<"investor" | "trustee"> => ({
    player: "trustee",
    moves: Object.fromEntries(
      Array.from({ length: sent * multiplier + 1 }, (_, back) => [
        `return ${back}`,
        { payoffs: [endowment - sent + back, sent * multiplier - back] },
      ]),
    ),
  });
  const moves = Object.fromEntries(
    Array.from({ length: endowment + 1 }, (_, sent) => [`send ${sent}`, returned(sent)]),
  );
  return sequentialGame({
    name: "trust-game",
    players: ["investor", "trustee"],
    root: { player: "investor", moves },
  });
}
