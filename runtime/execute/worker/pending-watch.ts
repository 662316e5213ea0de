// Whether anything is pending in a thread that could still settle a promise: a timer, a request, an open file or socket. A trial that
// waits where nothing is will wait for ever, and a person who set no time-out would wait with it.

/** Nothing must have been pending for this long, in ms: code that is compiled in the background is seen by nobody. */
const quietMs = 5000;

/** When a timer was last made that does not keep a thread alive: such timers are not among the active resources. */
let unseenAt = 0;

/** Notes from now on when authors make what the list of active resources does not show. For threads that belong to labwright. */
export function noteUnseen(): void {
  const timer = setTimeout(() => undefined, 0);
  clearTimeout(timer);
  const note = (holder: object, name: string): void => {
    const original: unknown = Reflect.get(holder, name);
    if (typeof original !== "function") return;
    const value = function (this: unknown, ...args: unknown[]): unknown {
      unseenAt = performance.now();
      return Reflect.apply(original, this, args);
    };
    Object.defineProperty(holder, name, { value, configurable: true, writable: true });
  };
  note(Object.getPrototypeOf(timer), "unref");
  note(AbortSignal, "timeout");
  note(Atomics, "waitAsync");
}

/** Watches one thread while the units of a lease wait. */
export class PendingWatch {
  readonly #since = performance.now();
  /** The thread's own channels are always open. */
  readonly #ports = portsOf(process.getActiveResourcesInfo());
  #quietSince: number | null = null;

  /** True once nothing has been pending for some seconds; call it about once a second. */
  isStuck(): boolean {
    const now = performance.now();
    const active = process.getActiveResourcesInfo();
    const isQuiet =
      unseenAt < this.#since && active.length === portsOf(active) && portsOf(active) <= this.#ports;
    if (!isQuiet) this.#quietSince = null;
    else this.#quietSince ??= now;
    return this.#quietSince !== null && now - this.#quietSince >= quietMs;
  }
}

function portsOf(active: readonly string[]): number {
  return active.filter((each) => each === "MessagePort").length;
}
