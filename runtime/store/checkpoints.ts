// Last saved states of trials in progress, one file a trial, replaced atomically. They belong to the trial, not to a run: whichever run
// takes the trial up again goes on from there. A state that was damaged since counts as none, and the trial starts over.
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { writeAtomic } from "./atomic-file.ts";
import type { CheckpointStore } from "./store.ts";
import { errorCodeOf } from "./store-error.ts";

/** "LWCP" read as a little-endian uint32. */
const magic = 0x5043574c;
const headBytes = 16;

export function openCheckpoints(folder: string): CheckpointStore {
  const pathOf = (trial: string): string => {
    if (!/^[A-Za-z0-9_-]+$/.test(trial)) throw new RangeError(`"${trial}" is no trial's id`);
    return join(folder, `${trial}.checkpoint`);
  };
  return {
    async save(trial, state) {
      const bytes = new Uint8Array(headBytes + state.length);
      const head = new DataView(bytes.buffer);
      head.setUint32(0, magic, true);
      head.setUint32(4, state.length, true);
      head.setUint32(8, crc32(state), true);
      bytes.set(state, headBytes);
      await writeAtomic(pathOf(trial), bytes);
    },
    async load(trial) {
      try {
        return stateOf(await readFile(pathOf(trial)));
      } catch (error) {
        if (errorCodeOf(error) === "ENOENT") return null;
        throw error;
      }
    },
    async remove(trial) {
      const path = pathOf(trial);
      if (existsSync(path)) await rm(path, { force: true });
    },
  };
}

function stateOf(bytes: Uint8Array): Uint8Array | null {
  if (bytes.length < headBytes) return null;
  const head = new DataView(bytes.buffer, bytes.byteOffset, headBytes);
  const state = bytes.subarray(headBytes);
  const isWhole =
    head.getUint32(0, true) === magic &&
    head.getUint32(4, true) === state.length &&
    head.getUint32(8, true) === crc32(state);
  return isWhole ? state : null;
}
