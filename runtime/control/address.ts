// Where the control socket of a run is: in the run's folder, or where that path is too long for a socket in a folder of its own among the
// temporary ones. The file `address` says which, so that whoever wants to steer the run need not know.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeScratch } from "../scratch-folder.ts";
import { writeAtomicSync } from "../store/files/atomic-file.ts";
import { errorCodeOf } from "../store/files/store-error.ts";

/** The system's limit is 104 bytes on one system and 108 on another, the closing zero among them. */
const pathBytesMax = 100;
const ownerFolder = 0o700;

export interface ControlAddress {
  readonly socket: string;
  /** Removes what was made; nothing of another process. */
  remove(): void;
}

/** Makes the folder for a socket, which only its owner may enter, and says where the socket is to be. The caller holds the run's lock. */
export function makeAddress(folder: string, session: string): ControlAddress {
  mkdirSync(folder, { recursive: true, mode: ownerFolder });
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
  const near = join(folder, `${session}.sock`);
  const isNear = Buffer.byteLength(near) <= pathBytesMax;
  const socket = isNear ? near : join(makeScratch("lab"), "run.sock");
  const file = join(folder, "address");
  writeAtomicSync(file, `${socket}\n`, { mode: 0o600 });
  return {
    socket,
    remove() {
      if (addressIn(folder) === socket) rmSync(file, { force: true });
      rmSync(isNear ? socket : dirname(socket), { recursive: true, force: true });
    },
  };
}

/** The socket of the process that runs, or last ran, in this folder; null where none did. */
export function addressIn(folder: string): string | null {
  const file = join(folder, "address");
  if (!existsSync(file)) return null;
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    if (errorCodeOf(error) === "ENOENT") return null;
    throw error;
  }
}
