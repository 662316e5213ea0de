// The fast learner in plain TypeScript, for two agents with memory 1, no demand shock and xoshiro128**. It keeps its state
// as the reference does and copies it into the tables of duopoly-loop.ts to play.
import type { UniformStream } from "../uniform-stream.ts";
import { actionsMax, integer, playDuopoly, real, tables } from "./duopoly-loop.ts";
import { copyOf } from "./initial-state.ts";
import type { Learner, LearnerState, LearningStatus } from "./learner.ts";
import type { CheckedProblem } from "./learning-problem.ts";

/** Whether DuopolyLearner can take this problem. */
export function isPlainDuopoly(problem: CheckedProblem): boolean {
  const { agents, actions, memory, shocks, exploration } = problem;
  const isDuopoly = agents === 2 && memory === 1 && shocks === 1;
  return isDuopoly && actions <= actionsMax && exploration.generator === "xoshiro128**";
}

/** Periods a call of the loop: V8 swaps in the optimised code only between calls, so they must be short. */
const periodsPerCall = 500;

/** A learner equal to ReferenceLearner to the last bit, without WebAssembly. */
export class DuopolyLearner implements Learner {
  readonly #problem: CheckedProblem;
  readonly #values: Float64Array;
  readonly #greedy: Uint16Array;
  readonly #epsilons: Float64Array;
  readonly #exploration: UniformStream;
  readonly #ties: UniformStream;
  #state: number;
  #stable: number;
  status: LearningStatus;
  periods: number;

  constructor(problem: CheckedProblem, start: LearnerState) {
    this.#problem = problem;
    this.#values = start.values.slice();
    this.#greedy = start.greedy.slice();
    this.#epsilons = start.epsilons.slice();
    this.#exploration = copyOf(start.exploration);
    this.#ties = copyOf(start.ties);
    this.#state = start.state;
    this.#stable = start.stable;
    this.status = start.status;
    this.periods = start.periods;
  }

  run(periods: number): LearningStatus {
    const { stablePeriods, periodsMax } = this.#problem;
    if (this.status !== "learning" || periods < 1) return this.status;
    this.#copyIn();
    let left = Math.min(periods, periodsMax - this.periods);
    while (left > 0 && this.status === "learning") {
      const played = playDuopoly(Math.min(left, periodsPerCall));
      this.periods += played;
      left -= played;
      if (tables.integers[integer.stable] === stablePeriods) this.status = "converged";
    }
    this.#copyOut();
    if (this.status === "learning" && this.periods >= periodsMax) this.status = "exhausted";
    return this.status;
  }

  #copyIn(): void {
    const { actions, payoffs, discount, learningRates, decays, stablePeriods } = this.#problem;
    const { integers, reals } = tables;
    reals[real.discount] = discount;
    reals.set(learningRates, real.learningRates);
    reals.set(decays, real.decays);
    reals.set(this.#epsilons, real.epsilons);
    integers.set(this.#exploration.words.subarray(0, 4), integer.words);
    integers[integer.state] = paddedState(this.#state, actions);
    integers[integer.stable] = this.#stable;
    integers[integer.stablePeriods] = stablePeriods;
    integers[integer.actions] = actions;
    tables.ties.words.set(this.#ties.words);
    tables.values.fill(-Infinity);
    for (let row = 0; row < this.#greedy.length; row++) {
      const padded = paddedRow(row, actions);
      const cells = this.#values.subarray(row * actions, (row + 1) * actions);
      const greedy = this.#greedy[row]!;
      tables.values.set(cells, padded * 16);
      tables.payoffs[padded] = payoffs[row]!;
      tables.greedy[padded] = greedy;
      tables.best[padded] = cells[greedy]!;
      tables.bound[padded] = cells.reduce(
        (most, value, at) => (at === greedy ? most : Math.max(most, value)),
        -Infinity,
      );
    }
  }

  #copyOut(): void {
    const { actions } = this.#problem;
    const { integers, reals } = tables;
    this.#epsilons.set(reals.subarray(real.epsilons, real.epsilons + 2));
    this.#exploration.words.set(integers.subarray(integer.words, integer.words + 4));
    const state = integers[integer.state]!;
    this.#state = (state >> 4) * actions + (state & 15);
    this.#stable = integers[integer.stable]!;
    this.#ties.words.set(tables.ties.words);
    for (let row = 0; row < this.#greedy.length; row++) {
      const padded = paddedRow(row, actions);
      this.#values.set(tables.values.subarray(padded * 16, padded * 16 + actions), row * actions);
      this.#greedy[row] = tables.greedy[padded]!;
    }
  }

  snapshot(): LearnerState {
    return {
      status: this.status,
      periods: this.periods,
      stable: this.#stable,
      state: this.#state,
      epsilons: this.#epsilons.slice(),
      values: this.#values.slice(),
      greedy: this.#greedy.slice(),
      exploration: copyOf(this.#exploration),
      ties: copyOf(this.#ties),
    };
  }
}

/** The loop's number of this state: 16 a + b. */
function paddedState(state: number, actions: number): number {
  return Math.floor(state / actions) * 16 + (state % actions);
}

/** The row of the loop's tables that holds this row of ours. */
function paddedRow(row: number, actions: number): number {
  return paddedState(row >> 1, actions) * 2 + (row & 1);
}
