// The state in which learning begins: every state's values are Q_0, and greedy actions are drawn among exact ties.
import { nextUniform, type UniformStream } from "../uniform-stream.ts";
import type { LearnerState } from "./learner.ts";
import type { CheckedProblem } from "./learning-problem.ts";

/** The state before the first period. The problem's streams are copied, not drawn from. */
export function initialState(problem: CheckedProblem): LearnerState {
  const { agents, actions, states, initialValues } = problem;
  const ties = copyOf(problem.ties);
  const values = new Float64Array(states * agents * actions);
  const greedy = new Uint16Array(states * agents);
  // Agent by agent, then state by state: the order in which the authors of the paper draw for ties.
  for (let agent = 0; agent < agents; agent++) {
    const first = initialValues.subarray(agent * actions, (agent + 1) * actions);
    for (let state = 0; state < states; state++) {
      const row = state * agents + agent;
      values.set(first, row * actions);
      greedy[row] = greedyAction(first, ties);
    }
  }
  const state = problem.initialActions.reduce((number, action) => number * actions + action, 0);
  const exploration = copyOf(problem.exploration);
  const epsilons = new Float64Array(agents).fill(1);
  return { status: "learning", periods: 0, stable: 0, state, epsilons, values, greedy, exploration, ties };
}

/** The action of the largest value; among exactly equal ones, one drawn at random (only then is a number drawn). */
export function greedyAction(values: Float64Array, ties: UniformStream): number {
  const best = values.reduce((a, b) => Math.max(a, b));
  const tied: number[] = [];
  values.forEach((value, action) => {
    if (value === best) tied.push(action);
  });
  return tied.length === 1 ? tied[0]! : tied[Math.floor(tied.length * nextUniform(ties))]!;
}

/** A stream that goes on from here without moving the one given. */
export function copyOf(stream: UniformStream): UniformStream {
  return { generator: stream.generator, words: stream.words.slice() };
}
