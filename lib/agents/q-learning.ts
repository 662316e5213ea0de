// Tabular Q-learning in a repeated game, as Calvano, Calzolari, Denicolo and Pastorello (AER 2020) define it.
// `qLearning` makes a learner; `learn` runs it to convergence in slices, between which it can be stopped and saved.
import { DuopolyLearner, isPlainDuopoly } from "./q-learning/duopoly-learner.ts";
import { initialState } from "./q-learning/initial-state.ts";
import { KernelLearner } from "./q-learning/kernel-learner.ts";
import type { Learner, LearnerState, LearningStatus } from "./q-learning/learner.ts";
import { checkProblem, type LearningProblem } from "./q-learning/learning-problem.ts";
import { ReferenceLearner } from "./q-learning/reference-learner.ts";
import { decodeState, encodeState } from "./q-learning/state-bytes.ts";

export type { Learner, LearnerState, LearningProblem, LearningStatus };

/**
 * Which implementation plays: the WebAssembly kernel, the plain TypeScript loop for two agents with memory 1 and at most
 * 16 actions, or the readable reference. Their trajectories are equal to the last bit.
 */
export type Engine = "kernel" | "duopoly" | "reference";

export interface QLearningOptions {
  /** "kernel" unless told. */
  readonly engine?: Engine;
  /** Go on from a state that `saveLearner` gave, instead of from the problem's beginning. */
  readonly saved?: Uint8Array;
}

/**
 * Agents at the beginning of learning, or where a saved state left them.
 * @example
 * const learner = qLearning({
 *   agents: 2, actions: 15, memory: 1, payoffs, initialValues: expectedValues({ ... }), initialActions: [3, 7],
 *   learningRate: 0.15, discount: 0.95, explorationDecay: 4e-6,
 *   exploration: xoshiroStream(random.stream("exploration").state()), ties: xoshiroStream(random.stream("ties").state()),
 * });
 * while (learner.run(1_000_000) === "learning");
 * @throws RangeError naming the field that is out of range, or why the saved state does not fit.
 */
export function qLearning(problem: LearningProblem, options: QLearningOptions = {}): Learner {
  const checked = checkProblem(problem);
  const start = options.saved === undefined ? initialState(checked) : decodeState(checked, options.saved);
  const engine = options.engine ?? "kernel";
  if (engine === "reference") return new ReferenceLearner(checked, start);
  if (engine === "kernel") return new KernelLearner(checked, start);
  if (!isPlainDuopoly(checked)) {
    throw new RangeError(
      'Q-learning: expected 2 agents with at most 16 actions, memory 1, 1 shock and xoshiro128** for the engine "duopoly"; ' +
        '"kernel" takes any',
    );
  }
  return new DuopolyLearner(checked, start);
}

/** The learner's whole state as bytes: `qLearning(problem, { saved })` goes on from there with an identical result. */
export function saveLearner(learner: Learner): Uint8Array {
  return encodeState(learner.snapshot());
}

export interface LearnOptions {
  /** Periods between looks at the signal; 1,000,000 unless told (some 25 ms for two agents). */
  readonly slice?: number;
  /** Stops learning between slices: `learn` rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called after each slice that did not end learning, such as to save a checkpoint. */
  readonly afterSlice?: (learner: Learner) => void | Promise<void>;
}

/**
 * Runs a learner until it has converged or its periods are used up, letting other work of the thread in between slices.
 * @throws the signal's reason when aborted; RangeError on a slice that is not a whole number of at least 1.
 */
export async function learn(learner: Learner, options: LearnOptions = {}): Promise<LearnerState> {
  const { slice = 1_000_000, signal, afterSlice } = options;
  if (!Number.isInteger(slice) || slice < 1) {
    throw new RangeError(`learn: expected slice to be a whole number of at least 1, got ${slice}`);
  }
  signal?.throwIfAborted();
  while (learner.run(slice) === "learning") {
    await afterSlice?.(learner);
    await new Promise((resume) => setImmediate(resume));
    signal?.throwIfAborted();
  }
  return learner.snapshot();
}

/**
 * Q_0 of eq. 8: the discounted payoff of each action for ever while all others choose uniformly at random; n rows of m.
 * @param game payoffs as in LearningProblem, `shocks` 1 unless told
 */
export function expectedValues(
  game: Pick<LearningProblem, "agents" | "actions" | "payoffs" | "shocks" | "discount">,
): Float64Array {
  const { agents, actions, payoffs, shocks = 1, discount } = game;
  const joint = actions ** agents;
  const values = new Float64Array(agents * actions);
  for (let agent = 0; agent < agents; agent++) {
    const place = actions ** (agents - 1 - agent);
    for (let action = 0; action < actions; action++) {
      let sum = 0;
      for (let row = 0; row < shocks * joint; row++) {
        if (Math.floor((row % joint) / place) % actions === action) sum += payoffs[row * agents + agent]!;
      }
      values[agent * actions + action] = sum / (((shocks * joint) / actions) * (1 - discount));
    }
  }
  return values;
}
