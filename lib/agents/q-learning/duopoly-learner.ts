// The fast learner in plain TypeScript, for two agents with memory 1, no demand shock and xoshiro128**. One function
// body holds generator and both agents; per row it keeps the maximum and an upper bound of all other cells.
import type { UniformStream } from "../uniform-stream.ts";
import { copyOf, greedyAction } from "./initial-state.ts";
import type { Learner, LearnerState, LearningStatus } from "./learner.ts";
import type { CheckedProblem } from "./learning-problem.ts";

/** Whether DuopolyLearner can take this problem. */
export function isPlainDuopoly(problem: CheckedProblem): boolean {
  const { agents, memory, shocks, exploration } = problem;
  return agents === 2 && memory === 1 && shocks === 1 && exploration.generator === "xoshiro128**";
}

/** A learner equal to ReferenceLearner to the last bit, without WebAssembly. */
export class DuopolyLearner implements Learner {
  readonly #problem: CheckedProblem;
  readonly #values: Float64Array;
  readonly #greedy: Int32Array;
  /** Per row: Q of the greedy action. */
  readonly #best: Float64Array;
  /** Per row: no other cell exceeds this. While the greedy cell falls but stays above it, the row need not be scanned. */
  readonly #bound: Float64Array;
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
    this.#greedy = Int32Array.from(start.greedy);
    this.#best = new Float64Array(start.greedy.length);
    this.#bound = new Float64Array(start.greedy.length);
    this.#exploration = copyOf(start.exploration);
    this.#ties = copyOf(start.ties);
    this.#state = start.state;
    this.#epsilons = start.epsilons.slice();
    this.#stable = start.stable;
    this.status = start.status;
    this.periods = start.periods;
    for (let row = 0; row < this.#greedy.length; row++) this.#scan(row);
  }

  run(periods: number): LearningStatus {
    let left = periods;
    while (left > 0 && this.status === "learning") {
      const now = Math.min(left, 100_000, this.#problem.periodsMax - this.periods);
      this.#play(now);
      left -= now;
      if (this.status === "learning" && this.periods >= this.#problem.periodsMax) this.status = "exhausted";
    }
    return this.status;
  }

  #play(limit: number): void {
    const { actions, payoffs, discount, stablePeriods } = this.#problem;
    // Two agents: isPlainDuopoly was asked before this learner was made.
    const [learningRate0, learningRate1] = this.#problem.learningRates as readonly [number, number];
    const [decay0, decay1] = this.#problem.decays as readonly [number, number];
    const values = this.#values;
    const greedy = this.#greedy;
    const best = this.#best;
    const bound = this.#bound;
    const words = this.#exploration.words;
    const tables: Tables = { values, greedy, best, bound, ties: this.#ties };
    let epsilon0 = this.#epsilons[0]!;
    let epsilon1 = this.#epsilons[1]!;
    let row = this.#state * 2;
    let stable = this.#stable;
    let s0 = words[0]! | 0;
    let s1 = words[1]! | 0;
    let s2 = words[2]! | 0;
    let s3 = words[3]! | 0;
    let played = 0;
    while (played < limit) {
      played++;
      const threshold0 = epsilon0 * 4294967296;
      const threshold1 = epsilon1 * 4294967296;
      epsilon0 *= decay0;
      epsilon1 *= decay1;
      let product = Math.imul(s1, 5);
      const word0 = (Math.imul((product << 7) | (product >>> 25), 9) >>> 0) + 0.5;
      let shifted = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= shifted;
      s3 = (s3 << 11) | (s3 >>> 21);
      product = Math.imul(s1, 5);
      const word1 = (Math.imul((product << 7) | (product >>> 25), 9) >>> 0) + 0.5;
      shifted = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= shifted;
      s3 = (s3 << 11) | (s3 >>> 21);
      const greedy0 = greedy[row]!;
      const greedy1 = greedy[row + 1]!;
      let action0 = greedy0;
      let action1 = greedy1;
      // Late in learning nobody explores: one branch that is almost always predicted.
      if (word0 <= threshold0 || word1 <= threshold1) {
        if (word0 <= threshold0) {
          product = Math.imul(s1, 5);
          const word = (Math.imul((product << 7) | (product >>> 25), 9) >>> 0) + 0.5;
          action0 = (actions * (word / 4294967296)) | 0;
          shifted = s1 << 9;
          s2 ^= s0;
          s3 ^= s1;
          s1 ^= s2;
          s0 ^= s3;
          s2 ^= shifted;
          s3 = (s3 << 11) | (s3 >>> 21);
        }
        if (word1 <= threshold1) {
          product = Math.imul(s1, 5);
          const word = (Math.imul((product << 7) | (product >>> 25), 9) >>> 0) + 0.5;
          action1 = (actions * (word / 4294967296)) | 0;
          shifted = s1 << 9;
          s2 ^= s0;
          s3 ^= s1;
          s1 ^= s2;
          s0 ^= s3;
          s2 ^= shifted;
          s3 = (s3 << 11) | (s3 >>> 21);
        }
      }
      const next = (Math.imul(action0, actions) + action1) << 1;
      const cell0 = Math.imul(row, actions) + action0;
      const cell1 = Math.imul(row + 1, actions) + action1;
      const old0 = values[cell0]!;
      const old1 = values[cell1]!;
      const value0 = old0 + learningRate0 * (payoffs[next]! + discount * best[next]! - old0);
      const value1 = old1 + learningRate1 * (payoffs[next + 1]! + discount * best[next + 1]! - old1);
      values[cell0] = value0;
      values[cell1] = value1;
      let changed = false;
      if (action0 === greedy0) {
        if (value0 > bound[row]!) best[row] = value0;
        else if (value0 < best[row]!) changed = rescan(tables, row, actions);
      } else if (value0 > bound[row]!) {
        if (value0 > best[row]!) {
          bound[row] = best[row]!;
          best[row] = value0;
          greedy[row] = action0;
          changed = true;
        } else bound[row] = value0;
      }
      const row1 = row + 1;
      if (action1 === greedy1) {
        if (value1 > bound[row1]!) best[row1] = value1;
        else if (value1 < best[row1]! && rescan(tables, row1, actions)) changed = true;
      } else if (value1 > bound[row1]!) {
        if (value1 > best[row1]!) {
          bound[row1] = best[row1]!;
          best[row1] = value1;
          greedy[row1] = action1;
          changed = true;
        } else bound[row1] = value1;
      }
      stable = changed ? 1 : stable + 1;
      if (stable === stablePeriods) {
        this.status = "converged";
        break;
      }
      row = next;
    }
    words[0] = s0;
    words[1] = s1;
    words[2] = s2;
    words[3] = s3;
    this.#epsilons[0] = epsilon0;
    this.#epsilons[1] = epsilon1;
    this.#state = row >> 1;
    this.#stable = stable;
    this.periods += played;
  }

  /** Fills in maximum and bound of a row whose greedy action is settled. */
  #scan(row: number): void {
    const { actions } = this.#problem;
    const greedy = this.#greedy[row]!;
    let bound = -Infinity;
    for (let action = 0; action < actions; action++) {
      if (action !== greedy) bound = Math.max(bound, this.#values[row * actions + action]!);
    }
    this.#best[row] = this.#values[row * actions + greedy]!;
    this.#bound[row] = bound;
  }

  snapshot(): LearnerState {
    return {
      status: this.status,
      periods: this.periods,
      stable: this.#stable,
      state: this.#state,
      epsilons: this.#epsilons.slice(),
      values: this.#values.slice(),
      greedy: Uint16Array.from(this.#greedy),
      exploration: copyOf(this.#exploration),
      ties: copyOf(this.#ties),
    };
  }
}

interface Tables {
  readonly values: Float64Array;
  readonly greedy: Int32Array;
  readonly best: Float64Array;
  readonly bound: Float64Array;
  readonly ties: UniformStream;
}

/** The greedy cell fell to the bound or below: finds maximum and second best again. True if the greedy action is new. */
function rescan(tables: Tables, row: number, actions: number): boolean {
  const { values, greedy } = tables;
  const start = Math.imul(row, actions);
  const end = start + actions;
  let top = start;
  let best = values[start]!;
  let second = -Infinity;
  for (let at = start + 1; at < end; at++) {
    const value = values[at]!;
    if (value > second) {
      if (value > best) {
        second = best;
        best = value;
        top = at;
      } else second = value;
    }
  }
  let action = top - start;
  if (second === best) action = greedyAction(values.subarray(start, end), tables.ties);
  const isNew = action !== greedy[row];
  greedy[row] = action;
  tables.best[row] = best;
  tables.bound[row] = second;
  return isNew;
}
