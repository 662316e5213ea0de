// Last saved states of trials in progress, a file each, the newest few of a trial. They belong to the trial, not to a run: whichever run
// takes the trial up again goes on from there. A state that was damaged since is passed over for the one before; with none the trial
// starts over.
import { existsSync, readdirSync } from "node:fs";
import { open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { writeAtomic } from "../files/atomic-file.ts";
import { errorCodeOf } from "../files/store-error.ts";
import type { CheckpointOf, CheckpointStore } from "../store.ts";

/** "LWCQ" read as a little-endian uint32. */
const magic = 0x5143574c;
/** uint32 magic, bytes of the state, CRC-32 of the rest of the head and the state, unused; float64 steps done and in all, -1 for none. */
const headBytes = 32;

/** A saved state as it lies in the store. */
export interface StoredCheckpoint {
  readonly trial: string;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly savedAt: number;
  readonly steps: CheckpointOf["steps"];
}

export function openCheckpoints(folder: string): CheckpointStore {
  return {
    async save(trial, state, { keep, steps }) {
      const newest = pathOf(folder, trial, 0);
      // Named as what a killed process leaves half-made. A disk that is full is seen here, with the states before as they were.
      const whole = `${newest}.whole.draft`;
      await writeAtomic(whole, withHead(state, steps));
      // From the oldest, so that a kill in between leaves a gap and loses no state.
      for (let age = keep - 1; age > 0; age--) {
        const path = pathOf(folder, trial, age - 1);
        if (existsSync(path)) await rename(path, pathOf(folder, trial, age));
      }
      await rename(whole, newest);
    },
    async load(trial) {
      for (const age of agesOf(folder, trial)) {
        const state = stateOf(await contentOf(pathOf(folder, trial, age)));
        if (state !== null) return state;
      }
      return null;
    },
    async remove(trial) {
      for (const age of agesOf(folder, trial)) await rm(pathOf(folder, trial, age), { force: true });
    },
  };
}

/** The newest saved states of all trials, a trial each, whether they are whole or not. */
export async function storedCheckpoints(folder: string): Promise<readonly StoredCheckpoint[]> {
  const newest = new Map<string, { readonly age: number; readonly name: string }>();
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const [, trial, digits = "0"] = /^([A-Za-z0-9_-]+)(?:\.(\d+))?\.checkpoint$/.exec(name) ?? [];
    if (trial === undefined) continue;
    const age = Number(digits);
    if (age < (newest.get(trial)?.age ?? Number.POSITIVE_INFINITY)) newest.set(trial, { age, name });
  }
  const found: StoredCheckpoint[] = [];
  for (const [trial, { name }] of newest) {
    const head = await headOf(join(folder, name));
    if (head !== null) found.push({ trial, ...head });
  }
  return found;
}

/** Two gaps in a row end the search: a kill leaves one at most. */
function* agesOf(folder: string, trial: string): Generator<number> {
  for (let age = 0, gaps = 0; gaps < 2; age++) {
    if (existsSync(pathOf(folder, trial, age))) {
      gaps = 0;
      yield age;
    } else gaps += 1;
  }
}

/** Age 0 is the newest. */
function pathOf(folder: string, trial: string, age: number): string {
  if (!/^[A-Za-z0-9_-]+$/.test(trial)) throw new RangeError(`"${trial}" is no trial's id`);
  return join(folder, age === 0 ? `${trial}.checkpoint` : `${trial}.${age}.checkpoint`);
}

function withHead(state: Uint8Array, steps: CheckpointOf["steps"]): Uint8Array {
  const bytes = new Uint8Array(headBytes + state.length);
  const head = new DataView(bytes.buffer);
  head.setUint32(0, magic, true);
  head.setUint32(4, state.length, true);
  head.setFloat64(16, steps?.done ?? -1, true);
  head.setFloat64(24, steps?.total ?? -1, true);
  bytes.set(state, headBytes);
  head.setUint32(8, crc32(bytes.subarray(12)), true);
  return bytes;
}

async function contentOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    if (errorCodeOf(error) === "ENOENT") return new Uint8Array(0);
    throw error;
  }
}

function stateOf(bytes: Uint8Array): Uint8Array | null {
  if (bytes.length < headBytes) return null;
  const head = new DataView(bytes.buffer, bytes.byteOffset, headBytes);
  const isWhole =
    head.getUint32(0, true) === magic &&
    head.getUint32(4, true) === bytes.length - headBytes &&
    head.getUint32(8, true) === crc32(bytes.subarray(12));
  return isWhole ? bytes.subarray(headBytes) : null;
}

/** What the head says; null where the file is none of ours, or has gone. */
async function headOf(path: string): Promise<Omit<StoredCheckpoint, "trial"> | null> {
  try {
    const file = await open(path, "r");
    try {
      const head = Buffer.alloc(headBytes);
      const { bytesRead } = await file.read(head, 0, headBytes, 0);
      if (bytesRead < headBytes || head.readUInt32LE(0) !== magic) return null;
      const done = head.readDoubleLE(16);
      const { mtimeMs } = await file.stat();
      return {
        bytes: head.readUInt32LE(4),
        savedAt: mtimeMs,
        steps: done < 0 ? null : { done, total: head.readDoubleLE(24) },
      };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errorCodeOf(error) === "ENOENT") return null;
    throw error;
  }
}
