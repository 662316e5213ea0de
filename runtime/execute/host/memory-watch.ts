// Whether a host takes more memory than its threads may: the limit of a thread's heap does not see Buffers, so the process as a whole is
// measured, and whoever is to blame is found by what the threads say of themselves.

/** What a thread is seen to do. */
export interface WatchedThread {
  /** Units started and not ended. */
  readonly running: number;
  /** For how long it has given no sign of life, in ms. */
  readonly silentMs: number;
  /** MB that it said it holds; 0 when it has not said. */
  readonly heldMb: number;
}

export type MemoryVerdict<T> =
  /** All is well, or nobody can be blamed yet. */
  | { readonly kind: "within" }
  /** This thread is to be ended. */
  | { readonly kind: "guilty"; readonly thread: T }
  /** One of several that are silent; the process must go, and its units be tried one by one. */
  | { readonly kind: "unknown" };

export interface MemoryState<T> {
  /** Of the whole process, in MB. */
  readonly residentMb: number;
  /** What the process took before any unit began, in MB. */
  readonly baseMb: number;
  /** What a thread may take, in MB. */
  readonly limitMb: number;
  readonly threads: readonly T[];
}

/** What a thread takes beside what it holds, in MB: new objects, code, garbage that V8 has not seen to yet. */
const slackMb = 128;
/** A thread that has been silent for so long runs code that does not wait, in ms; those that wait say every 50 ms that they live. */
const silentMs = 250;

export function memoryVerdict<T extends WatchedThread>(state: MemoryState<T>): MemoryVerdict<T> {
  const { residentMb, baseMb, limitMb, threads } = state;
  const busy = threads.filter(({ running }) => running > 0);
  // Bytes that were asked for and never touched take no memory: the process must have grown as well.
  const [largest] = busy.filter(({ heldMb }) => heldMb > limitMb).sort((a, b) => b.heldMb - a.heldMb);
  if (largest !== undefined && residentMb > baseMb + limitMb) return { kind: "guilty", thread: largest };
  if (residentMb <= baseMb + threads.length * (limitMb + slackMb)) return { kind: "within" };
  const [first, ...others] = busy.filter((thread) => thread.silentMs > silentMs);
  if (first === undefined) return { kind: "within" };
  return others.length === 0 ? { kind: "guilty", thread: first } : { kind: "unknown" };
}

/** What ended threads held, in MB: it comes back to the system within `withinMs`, and until then it is nobody's who still runs. */
export class FreedMemory {
  readonly #withinMs: number;
  #mb = 0;
  #untilMs = 0;

  constructor(withinMs: number) {
    this.#withinMs = withinMs;
  }

  add(mb: number, nowMs: number): void {
    this.#mb = this.at(nowMs) + mb;
    this.#untilMs = nowMs + this.#withinMs;
  }

  at(nowMs: number): number {
    return nowMs < this.#untilMs ? this.#mb : 0;
  }
}
