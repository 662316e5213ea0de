// A learner's state as bytes, for a checkpoint: a header of float64, the two streams, Q, the greedy actions.
// Little-endian; the first number is the format's version.
import { streamWords } from "../uniform-stream.ts";
import type { LearnerState, LearningStatus } from "./learner.ts";
import type { CheckedProblem } from "./learning-problem.ts";

const version = 1;
const headerLength = 5;
const statuses: readonly LearningStatus[] = ["learning", "converged", "exhausted"];

/** The state as bytes; `decodeState` gives it back. */
export function encodeState(state: LearnerState): Uint8Array {
  const { epsilons, values, greedy, exploration, ties } = state;
  const streamsAt = headerLength * 8 + epsilons.byteLength;
  const valuesAt = streamsAt + 2 * streamWords * 4;
  const greedyAt = valuesAt + values.byteLength;
  const bytes = new Uint8Array(greedyAt + greedy.byteLength);
  const header = new Float64Array(bytes.buffer, 0, headerLength + epsilons.length);
  header.set([version, statuses.indexOf(state.status), state.periods, state.stable, state.state]);
  header.set(epsilons, headerLength);
  new Uint32Array(bytes.buffer, streamsAt, streamWords).set(exploration.words);
  new Uint32Array(bytes.buffer, streamsAt + streamWords * 4, streamWords).set(ties.words);
  new Float64Array(bytes.buffer, valuesAt, values.length).set(values);
  new Uint16Array(bytes.buffer, greedyAt, greedy.length).set(greedy);
  return bytes;
}

/**
 * The state that `encodeState` wrote.
 * @throws RangeError on bytes of another version, or of a problem of another size.
 */
export function decodeState(problem: CheckedProblem, given: Uint8Array): LearnerState {
  const rows = problem.states * problem.agents;
  const cells = rows * problem.actions;
  const streamsAt = (headerLength + problem.agents) * 8;
  const valuesAt = streamsAt + 2 * streamWords * 4;
  const greedyAt = valuesAt + cells * 8;
  const expected = greedyAt + rows * 2;
  if (given.byteLength !== expected) {
    throw new RangeError(`Q-learning: expected a saved state of ${expected} bytes, got ${given.byteLength}`);
  }
  // A copy is aligned, whatever the offset of the bytes given.
  const { buffer } = given.slice();
  const [found, status, periods, stable, state] = new Float64Array(buffer, 0, headerLength);
  if (found !== version) {
    throw new RangeError(`Q-learning: expected a saved state of version ${version}, got ${found}`);
  }
  const { generator } = problem.exploration;
  const wordsAt = (offset: number) => new Uint32Array(buffer, offset, streamWords).slice();
  return {
    status: statuses[status!]!,
    periods: periods!,
    stable: stable!,
    state: state!,
    epsilons: new Float64Array(buffer, headerLength * 8, problem.agents).slice(),
    values: new Float64Array(buffer, valuesAt, cells).slice(),
    greedy: new Uint16Array(buffer, greedyAt, rows).slice(),
    exploration: { generator, words: wordsAt(streamsAt) },
    ties: { generator, words: wordsAt(streamsAt + streamWords * 4) },
  };
}
