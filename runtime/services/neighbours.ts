// Runs of an account that ask one endpoint with one key at the same time, each in a process of its own: they divide its limits, and each knows
// what the others have sent lately. A file each, in a folder of the endpoint, with the times of what was sent; nothing is locked. A new run waits until the
// others must have noticed it; what they sent before counts as its own, as does what a run that has ended sent.
import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { ownerOnly } from "../store/files/atomic-file.ts";

/** A request that was sent. */
export interface SentAt {
  /** When it had arrived at the latest, in milliseconds since the epoch. */
  readonly atMs: number;
  readonly tokens: number;
}

export interface Neighbours {
  /** How many runs divide the limits, this one counted. */
  readonly count: number;
  /** Whether this run may send: the others must have noticed it. */
  readonly isSettled: boolean;
  /** Looks again who is there, unless it has done so just now; asked before anything is sent. */
  refresh(): void;
  /** Says that this run sends a request of so many tokens; what is returned says that it has ended. */
  tell(tokens: number): (sent: SentAt) => void;
  close(): void;
}

const lookMs = 250;
/** Others look before they send, at least so often; the rest is for what is on its way. */
const settleMs = 1000;
const endMark = "end";

export interface NeighboursOptions {
  /** Of shared-endpoints.ts. */
  readonly folder: string;
  /** What the limits belong to: endpoint and name of the key. */
  readonly endpoint: string;
  readonly windowMs: number;
  /** What others have sent within the window, told once for each of them: when this run may count on it, or when they have ended. */
  readonly onSent: (sent: readonly SentAt[]) => void;
  /** The number of runs has changed, or this run may send from now on. */
  readonly onChange: () => void;
}

export function openNeighbours(options: NeighboursOptions): Neighbours {
  const { windowMs, onSent, onChange } = options;
  const folder = path.join(
    options.folder,
    createHash("sha256").update(options.endpoint).digest("hex").slice(0, 16),
  );
  mkdirSync(folder, { recursive: true });
  const own = `${process.pid}-${randomBytes(4).toString("hex")}.log`;
  const file = openSync(path.join(folder, own), "a", ownerOnly);
  const others = (): readonly string[] =>
    readdirSync(folder).filter((name) => name !== own && name.endsWith(".log"));
  const recentOf = (name: string): readonly SentAt[] => {
    const now = Date.now();
    return sentIn(linesOf(path.join(folder, name)), now).filter(({ atMs }) => atMs > now - windowMs);
  };
  let told = 0;
  let living = new Set<string>();
  let isSettled = false;
  let isClosed = false;
  let lookedAt = Number.NEGATIVE_INFINITY;
  const known = new Set<string>();
  const tellOf = (names: readonly string[]): void => {
    for (const name of names) known.add(name);
    const sent = names.flatMap(recentOf);
    if (sent.length > 0) onSent(sent);
  };
  const look = (): void => {
    lookedAt = performance.now();
    const all = others();
    const now = new Set(all.filter((name) => isLiving(folder, name)));
    const gone = all.filter((name) => !now.has(name));
    // Those that went on beside this run have their last sends counted once they have ended: their part is free from then on.
    tellOf(gone.filter((name) => living.has(name) || !known.has(name)));
    if (isSettled) tellOf([...now].filter((name) => !known.has(name)));
    const isOther = now.size !== living.size;
    living = now;
    if (isOther) onChange();
    for (const name of gone) removeOld(path.join(folder, name), windowMs);
  };
  look();
  const settle = (): void => {
    isSettled = true;
    look();
    onChange();
  };
  isSettled = living.size === 0;
  const settling = isSettled ? undefined : setTimeout(settle, settleMs);
  const timer = setInterval(look, lookMs);
  timer.unref();
  return {
    get count() {
      return 1 + living.size;
    },
    get isSettled() {
      return isSettled;
    },
    refresh() {
      if (performance.now() - lookedAt > lookMs) look();
    },
    tell(tokens) {
      const call = told++;
      writeSync(file, `${call} ${tokens}\n`);
      return (sent) => {
        if (!isClosed) writeSync(file, `${call} ${sent.tokens} ${Math.ceil(sent.atMs)}\n`);
      };
    },
    close() {
      isClosed = true;
      clearInterval(timer);
      clearTimeout(settling);
      writeSync(file, `${endMark}\n`);
      closeSync(file);
    },
  };
}

/** A run that was killed leaves no mark; its process is gone. */
function isLiving(folder: string, name: string): boolean {
  if (linesOf(path.join(folder, name)).at(-1) === endMark) return false;
  try {
    process.kill(Number(name.split("-")[0]), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "");
  } catch {
    // Removed by another run meanwhile: it was too old to count.
    return [];
  }
}

/** "3 500" says that call 3 of 500 tokens has started, "3 420 1764400000000" when it had arrived. One that has not ended may arrive just now. */
function sentIn(lines: readonly string[], nowMs: number): readonly SentAt[] {
  const sent = new Map<number, SentAt>();
  for (const line of lines) {
    const [call = Number.NaN, tokens = Number.NaN, atMs = nowMs] = line.split(" ").map(Number);
    if (call >= 0 && tokens >= 0) sent.set(call, { atMs, tokens });
  }
  return [...sent.values()];
}

function removeOld(file: string, windowMs: number): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats !== undefined && Date.now() - stats.mtimeMs > 2 * windowMs) rmSync(file, { force: true });
}
