// The fast learner: the WebAssembly kernel of kernel.as, one instance and one memory a learner, so that any number of
// them live side by side in any number of threads. The module is compiled at its first use in a thread.
import { streamWords } from "../uniform-stream.ts";
import { copyOf } from "./initial-state.ts";
import { kernelBase64 } from "./kernel.ts";
import {
  headBytes,
  headerOffset,
  headGreedyOffset,
  type KernelLayout,
  layoutOf,
  rateBytes,
} from "./kernel-layout.ts";
import type { Learner, LearnerState, LearningStatus } from "./learner.ts";
import type { CheckedProblem } from "./learning-problem.ts";

// The part of the global that is used here; the compiler's library for Node does not describe it.
declare const WebAssembly: {
  readonly Module: new (binary: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  prepare(rows: number): void;
  learn(periods: number): number;
}

const statuses: readonly LearningStatus[] = ["learning", "converged", "exhausted"];

/** Periods a call: V8 swaps in the optimised code only between calls, so the first ones must be short. */
const periodsPerCall = 20_000;

let compiled: object | undefined;

function instantiate(): KernelExports {
  compiled ??= new WebAssembly.Module(Buffer.from(kernelBase64, "base64"));
  // The cast holds: kernel.as exports exactly these, and a test rebuilds the binary from it.
  return new WebAssembly.Instance(compiled, {}).exports as KernelExports;
}

/** A learner in WebAssembly; equal to ReferenceLearner to the last bit, some hundred times as fast. */
export class KernelLearner implements Learner {
  readonly #kernel: KernelExports;
  readonly #layout: KernelLayout;
  readonly #problem: CheckedProblem;
  readonly #view: DataView;
  readonly #start: LearnerState;
  status: LearningStatus;

  constructor(problem: CheckedProblem, start: LearnerState) {
    this.#kernel = instantiate();
    this.#layout = layoutOf(problem);
    this.#problem = problem;
    this.#start = start;
    this.status = start.status;
    const { memory } = this.#kernel;
    const missing = this.#layout.bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65536));
    this.#view = new DataView(memory.buffer);
    this.#writeHeader(start);
    this.#writeTables(start);
    this.#kernel.prepare(this.#layout.rows);
  }

  get periods(): number {
    return this.#view.getInt32(headerOffset.periods, true);
  }

  run(periods: number): LearningStatus {
    let left = periods;
    while (left > 0 && this.status === "learning") {
      const now = Math.min(left, periodsPerCall);
      this.status = statuses[this.#kernel.learn(now)]!;
      left -= now;
    }
    return this.status;
  }

  snapshot(): LearnerState {
    const { rows, rowLength, heads, rates, values: valuesAt } = this.#layout;
    const { actions } = this.#problem;
    const { buffer } = this.#kernel.memory;
    const values = new Float64Array(rows * actions);
    const greedy = new Uint16Array(rows);
    for (let row = 0; row < rows; row++) {
      values.set(new Float64Array(buffer, valuesAt + row * rowLength * 8, actions), row * actions);
      greedy[row] = this.#view.getInt32(heads + row * headBytes + headGreedyOffset, true);
    }
    const streamAt = (offset: number) => new Uint32Array(buffer, offset, streamWords);
    const { generator } = this.#start.exploration;
    return {
      status: this.status,
      periods: this.periods,
      stable: this.#view.getInt32(headerOffset.stable, true),
      state: this.#view.getInt32(headerOffset.state, true),
      epsilons: Float64Array.from(this.#problem.decays, (_, agent) =>
        this.#view.getFloat64(rates + agent * rateBytes + 16, true),
      ),
      values,
      greedy,
      exploration: copyOf({ generator, words: streamAt(headerOffset.exploration) }),
      ties: copyOf({ generator, words: streamAt(headerOffset.ties) }),
    };
  }

  #writeHeader(start: LearnerState): void {
    const { values, heads, payoffs, rates, chosen } = this.#layout;
    const { agents, actions, shocks, joint, high, stablePeriods, periodsMax } = this.#problem;
    const { periods, stable, state } = start;
    const ran2 = start.exploration.generator === "ran2" ? 1 : 0;
    const sizes = { agents, actions, shocks, joint, high, stablePeriods, periodsMax, ran2 };
    const places = { values, heads, payoffs, rates, chosen };
    for (const [field, value] of Object.entries({ ...sizes, ...places, periods, stable, state })) {
      // The keys are those of headerOffset: they were written out above.
      this.#view.setInt32(headerOffset[field as keyof typeof headerOffset], value, true);
    }
    this.#view.setFloat64(headerOffset.discount, this.#problem.discount, true);
    const { buffer } = this.#kernel.memory;
    this.#problem.learningRates.forEach((learningRate, agent) => {
      const three = [learningRate, this.#problem.decays[agent]!, start.epsilons[agent]!];
      new Float64Array(buffer, rates + agent * rateBytes, 3).set(three);
    });
    new Uint32Array(buffer, headerOffset.exploration, streamWords).set(start.exploration.words);
    new Uint32Array(buffer, headerOffset.ties, streamWords).set(start.ties.words);
  }

  #writeTables(start: LearnerState): void {
    const { rows, rowLength, heads, payoffs, values } = this.#layout;
    const { actions } = this.#problem;
    const { buffer } = this.#kernel.memory;
    new Float64Array(buffer, payoffs, this.#problem.payoffs.length).set(this.#problem.payoffs);
    for (let row = 0; row < rows; row++) {
      const cells = new Float64Array(buffer, values + row * rowLength * 8, rowLength);
      cells.set(start.values.subarray(row * actions, (row + 1) * actions));
      if (rowLength > actions) cells[actions] = -Infinity;
      this.#view.setInt32(heads + row * headBytes + headGreedyOffset, start.greedy[row]!, true);
    }
  }
}
