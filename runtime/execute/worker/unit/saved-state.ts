// What a checkpoint holds beside the author's state: where the unit's random streams stood, the rows and artifacts it had recorded,
// and which effect keys it had used. So a restored unit ends as an undisturbed one would.
import { deserialize, serialize } from "node:v8";
import type { RandomState } from "../../../../lib/random/random.ts";
import type { PortCalls } from "../../../record/port-calls.ts";
import type { ArtifactRef } from "../../../record/trial-record.ts";
import type { StepsDone } from "../../protocol/protocol.ts";

/** The author's state at most, serialised. */
const stateBytesMax = 10 * 2 ** 20;

export type SeriesRows = Map<string, Readonly<Record<string, unknown>>[]>;

export interface SavedState {
  readonly format: 4;
  /** The author's state, serialised. */
  readonly state: Uint8Array;
  /** How far the trial's loop of steps was; null for a state that the author saved. */
  readonly steps: StepsDone | null;
  /** Its own stream and all named ones; null when the unit had not asked for `random` yet. */
  readonly random: RandomState | null;
  readonly rows: SeriesRows;
  /** The series of each row in the order of recording; null where no watcher has seen them. */
  readonly order: readonly string[] | null;
  readonly artifacts: readonly ArtifactRef[];
  readonly effects: ReadonlyMap<string, number>;
  /** What the answers to effects so far took, by name. */
  readonly usage: Readonly<Record<string, number>>;
  readonly calls: readonly PortCalls[];
}

/** A state's bytes. Throws RangeError above 10 MB, and the error of structured clone for what cannot be saved (a function). */
export function serialized(state: unknown): Uint8Array {
  const bytes = serialize(state);
  if (bytes.length > stateBytesMax)
    throw new RangeError(`a checkpoint of ${bytes.length} bytes; expected at most ${stateBytesMax} (10 MB)`);
  return bytes;
}

export function encodeState(saved: SavedState): Uint8Array {
  return serialize(saved);
}

export function decodeState(bytes: Uint8Array): SavedState {
  // The store gives back what encodeState wrote under the same trial id, which covers the code and labwright's semantics.
  const saved = deserialize(bytes) as SavedState;
  if (saved.format !== 4) throw new RangeError(`a checkpoint of format ${String(saved.format)}; expected 4`);
  return saved;
}
