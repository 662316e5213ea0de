// What tabular Q-learners are to learn: a repeated game given by its payoff table, and the paper's learning rules.
// Joint actions and states are numbered in mixed radix, agent 0 and the most recent period most significant.
import type { UniformStream } from "../uniform-stream.ts";

/** A repeated game and how its agents learn it. */
export interface LearningProblem {
  /** n, 1 to 16. */
  readonly agents: number;
  /** m, actions of each agent, 1 to 1000; numbered from 0. */
  readonly actions: number;
  /** k, how many past periods the agents see; 0: none. The state is the last k joint actions, m^(n k) states in all. */
  readonly memory: number;
  /**
   * One-period payoffs, `shocks` blocks of m^n rows of n: the payoff of agent i under joint action j in condition s is
   * `payoffs[(s * m^n + j) * n + i]`, with j = sum of a_i m^(n-1-i).
   */
  readonly payoffs: Float64Array;
  /** Equally likely conditions drawn anew each period and seen by nobody; 1 unless told. */
  readonly shocks?: number;
  /** alpha, in (0, 1]: one for all agents, or one an agent. */
  readonly learningRate: number | readonly number[];
  /** delta, in [0, 1). */
  readonly discount: number;
  /**
   * beta, at least 0: the chance to explore in period t (from 0) is exp(-beta t), by repeated multiplication. One for all
   * agents, or one an agent.
   */
  readonly explorationDecay: number | readonly number[];
  /** Q_0: n rows of m, the first value of each action in every state; `expectedValues` gives eq. 8 of the paper. */
  readonly initialValues: Float64Array;
  /** The k joint actions that the agents remember at first, most recent period first: k rows of n. */
  readonly initialActions: readonly number[];
  /** Decides who explores and what; also the shocks. */
  readonly exploration: UniformStream;
  /** Breaks exact ties between greedy actions. */
  readonly ties: UniformStream;
  /** Converged once no greedy action has changed for this many periods; 100,000 unless told. */
  readonly stablePeriods?: number;
  /** Given up after this many; 1e9 unless told. */
  readonly periodsMax?: number;
}

/** A problem with its defaults filled in and its sizes worked out. */
export interface CheckedProblem extends LearningProblem {
  readonly shocks: number;
  readonly stablePeriods: number;
  readonly periodsMax: number;
  /** alpha of each agent. */
  readonly learningRates: readonly number[];
  /** By how much each agent's chance to explore is multiplied after a period: exp(-beta). */
  readonly decays: readonly number[];
  /** m^n. */
  readonly joint: number;
  /** m^(n k). */
  readonly states: number;
  /** What a joint action is multiplied by in the number of the next state: m^(n (k-1)), or 0 without memory. */
  readonly high: number;
}

/** The largest number of Q cells that the learners take: 2^27 (1 GB). */
const cellsMax = 2 ** 27;

/**
 * Fills in defaults and sizes.
 * @throws RangeError naming the first field that is out of range, and what was expected.
 */
export function checkProblem(problem: LearningProblem): CheckedProblem {
  const { agents, actions, memory } = problem;
  const shocks = problem.shocks ?? 1;
  const stablePeriods = problem.stablePeriods ?? 100_000;
  const periodsMax = problem.periodsMax ?? 1_000_000_000;
  whole("agents", agents, 1, 16);
  whole("actions", actions, 1, 1000);
  whole("memory", memory, 0, 16);
  whole("shocks", shocks, 1, 1000);
  whole("stablePeriods", stablePeriods, 1, 2 ** 31 - 2);
  whole("periodsMax", periodsMax, 1, 2 ** 31 - 2);
  const joint = actions ** agents;
  const states = joint ** memory;
  if (states * agents * actions > cellsMax || joint * shocks * agents > cellsMax) {
    throw new RangeError(
      `Q-learning: ${agents} agents with ${actions} actions and memory ${memory} need ${states} states; ` +
        `expected at most ${cellsMax} cells in all tables together`,
    );
  }
  const learningRates = each("learningRate", problem.learningRate, agents);
  for (const rate of learningRates) {
    within("learningRate", rate, "0 < learningRate <= 1", (x) => x > 0 && x <= 1);
  }
  const betas = each("explorationDecay", problem.explorationDecay, agents);
  for (const beta of betas)
    within("explorationDecay", beta, "a number of at least 0", (x) => x >= 0 && x < Infinity);
  const decays = betas.map((beta) => Math.exp(-beta));
  within("discount", problem.discount, "0 <= discount < 1", (x) => x >= 0 && x < 1);
  table("payoffs", problem.payoffs, shocks * joint * agents);
  table("initialValues", problem.initialValues, agents * actions);
  if (problem.initialActions.length !== memory * agents) {
    throw new RangeError(
      `Q-learning: expected ${memory * agents} initialActions (memory x agents), got ${problem.initialActions.length}`,
    );
  }
  for (const action of problem.initialActions) whole("initialActions", action, 0, actions - 1);
  if (problem.exploration.generator !== problem.ties.generator) {
    throw new RangeError("Q-learning: expected exploration and ties to come from the same kind of generator");
  }
  const high = memory === 0 ? 0 : joint ** (memory - 1);
  return { ...problem, shocks, stablePeriods, periodsMax, learningRates, decays, joint, states, high };
}

/** One value for all, or one an agent, as a list. */
function each(field: string, value: number | readonly number[], agents: number): readonly number[] {
  if (typeof value === "number") return Array.from({ length: agents }, () => value);
  if (value.length === agents) return value;
  throw new RangeError(`Q-learning: expected one ${field} or ${agents}, got ${value.length}`);
}

function whole(field: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(
      `Q-learning: expected ${field} to be a whole number from ${min} to ${max}, got ${value}`,
    );
  }
}

function within(field: string, value: number, expected: string, holds: (value: number) => boolean): void {
  if (!holds(value)) throw new RangeError(`Q-learning: expected ${expected}, got ${field} ${value}`);
}

function table(field: string, values: Float64Array, length: number): void {
  if (values.length !== length) {
    throw new RangeError(`Q-learning: expected ${field} to hold ${length} numbers, got ${values.length}`);
  }
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new RangeError(`Q-learning: expected finite ${field}, got ${values[bad]} at ${bad}`);
}
