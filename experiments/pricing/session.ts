// One session of the paper's game, from market to limit cycle: what the experiments of this folder share.

import type { Random, TrialContext } from "labwright";
import { limitCycleOf, type Step } from "labwright/agents/limit-cycle";
import {
  expectedValues,
  type Learner,
  type LearningProblem,
  learn,
  qLearning,
  saveLearner,
} from "labwright/agents/q-learning";
import { nextUniform, type UniformStream, xoshiroStream } from "labwright/agents/uniform-stream";
import { payoffTable, priceGrid, profitGain } from "labwright/environments/price-grid";
import { logitMarket, type Market, profitsOf } from "labwright/environments/pricing";
import { jointProfitPrices, nashPrices } from "labwright/environments/pricing-equilibrium";

/** The prices between which the game is played, and what they earn; JSON, one entry a firm. */
export interface Benchmarks {
  readonly nash: readonly number[];
  readonly joint: readonly number[];
  readonly nashProfits: readonly number[];
  readonly jointProfits: readonly number[];
}

/** Nash and joint-profit prices of a market, rounded to `decimals` where the authors' inputs were. */
export function benchmarksOf(market: Market, decimals = 15): Benchmarks {
  const rounded = (prices: readonly number[]) =>
    prices.map((price) => Math.round(price * 10 ** decimals) / 10 ** decimals);
  const nash = rounded(nashPrices(market).prices);
  const joint = rounded(jointProfitPrices(market).prices);
  return { nash, joint, nashProfits: profitsOf(market, nash), jointProfits: profitsOf(market, joint) };
}

/**
 * Benchmarks where a0 is -shock, 0 or shock, as the authors' program has them: one grid from the lowest Nash price to the
 * highest joint-profit price of the three markets, and profits averaged over what each market's own prices would earn.
 */
export function benchmarksUnderShocks(firms: number, shock: number): Benchmarks {
  const markets = [-shock, 0, shock].map((a0) => benchmarksOf(logitMarket({ firms, a0 }), 5));
  const lowest = Math.min(...markets.flatMap(({ nash }) => nash));
  const highest = Math.max(...markets.flatMap(({ joint }) => joint));
  const mean = (profits: readonly (readonly number[])[]) =>
    Array.from(
      { length: firms },
      (_, firm) => profits.reduce((sum, row) => sum + row[firm]!, 0) / profits.length,
    );
  return {
    nash: Array.from({ length: firms }, () => lowest),
    joint: Array.from({ length: firms }, () => highest),
    nashProfits: mean(markets.map(({ nashProfits }) => nashProfits)),
    jointProfits: mean(markets.map(({ jointProfits }) => jointProfits)),
  };
}

/** Everything about a session but the market and the random numbers. */
export interface Rules {
  readonly prices: number;
  readonly memory: number;
  readonly learningRate: number | readonly number[];
  readonly discount: number;
  readonly explorationDecay: number | readonly number[];
}

/** The game in which each firm picks from its grid of prices. */
export function gameOf(market: Market, benchmarks: Benchmarks, rules: Rules) {
  const { prices: actions, memory, discount } = rules;
  const grids = benchmarks.nash.map((nash, firm) =>
    priceGrid({ nash, joint: benchmarks.joint[firm]!, points: actions }),
  );
  const payoffs = payoffTable(market, grids);
  const game = { agents: market.firms, actions, memory, payoffs, shocks: market.conditions, discount };
  return { grids, game, initialValues: expectedValues(game) };
}

/** Where the random numbers of a session come from. */
export interface Streams {
  readonly exploration: UniformStream;
  readonly ties: UniformStream;
  readonly initialActions: readonly number[];
}

/** Streams of our own generator, named so that each stands by itself. */
export function streamsOf(
  random: Random,
  game: { agents: number; actions: number; memory: number },
): Streams {
  const first = xoshiroStream(random.stream("initial-prices").state());
  return {
    exploration: xoshiroStream(random.stream("exploration").state()),
    ties: xoshiroStream(random.stream("ties").state()),
    initialActions: Array.from({ length: game.agents * game.memory }, () =>
      Math.floor(game.actions * nextUniform(first)),
    ),
  };
}

export interface Session {
  /** Periods played, the 100,000 stable ones included. */
  readonly periods: number;
  readonly converged: boolean;
  readonly cycle: readonly Step[];
  /** Average profit of each firm on the limit cycle, expected over demand shocks. */
  readonly profits: readonly number[];
  readonly profitGain: number;
  /** Learned strategies: greedy action of row state * firms + firm. */
  readonly greedy: Uint16Array;
}

type Host = Pick<TrialContext, "checkpoint" | "restore" | "signal">;

/** Plays a session to its end; long ones leave a checkpoint on the way. */
export async function playSession(
  given: {
    readonly market: Market;
    readonly benchmarks: Benchmarks;
    readonly rules: Rules;
    readonly streams: Streams;
  },
  host: Host,
): Promise<Session> {
  const { market, benchmarks, rules, streams } = given;
  const { grids, game, initialValues } = gameOf(market, benchmarks, rules);
  const problem: LearningProblem = {
    ...game,
    initialValues,
    learningRate: rules.learningRate,
    explorationDecay: rules.explorationDecay,
    ...streams,
  };
  const saved = await host.restore();
  const learner = qLearning(problem, saved instanceof Uint8Array ? { saved } : {});
  const end = await learn(learner, { signal: host.signal, afterSlice: (at) => checkpointOf(at, host) });
  const cycle = limitCycleOf({ ...game, greedy: end.greedy }, end.state);
  const onCycle = cycle.map(({ actions }) =>
    profitsOf(
      market,
      actions.map((action, firm) => grids[firm]![action]!),
    ),
  );
  const profits = grids.map((_, firm) => onCycle.reduce((sum, row) => sum + row[firm]!, 0) / cycle.length);
  const gain = profitGain({ profits, nash: benchmarks.nashProfits, joint: benchmarks.jointProfits });
  return {
    periods: end.periods,
    converged: end.status === "converged",
    cycle,
    profits,
    profitGain: gain,
    greedy: end.greedy,
  };
}

/** Every 20 million periods (half a second or more), where the state is small enough for a checkpoint (10 MB). */
async function checkpointOf(learner: Learner, host: Host): Promise<void> {
  if (learner.periods % 20_000_000 !== 0) return;
  const bytes = saveLearner(learner);
  if (bytes.byteLength < 9_000_000) await host.checkpoint(bytes);
}
