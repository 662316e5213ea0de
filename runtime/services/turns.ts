// Who is next among calls that wait: conditions in turn, of a condition its trials in turn, of a trial its calls in order. So a condition with few
// trials gets as many places as one with many, and none has the throttled hour to itself.

/** Whose call it is. */
export interface Caller {
  /** The same for all trials of a condition. */
  readonly condition: string;
  readonly trial: string;
}

export interface Turns<T> {
  add(caller: Caller, call: T): void;
  /** One that waits no more; nothing happens where it does not wait. */
  remove(caller: Caller, call: T): void;
  /** Whose turn it is; null where nobody waits. */
  first(): T | null;
  /** Takes the first out: its condition and its trial go to the end of their lines. */
  shift(): T | null;
  readonly size: number;
}

export function turns<T>(): Turns<T> {
  /** In the order of their turns, the calls of each trial of each condition; none is empty. */
  const conditions = new Map<string, Map<string, T[]>>();
  let size = 0;
  return {
    add({ condition, trial }, call) {
      const trials = conditions.get(condition) ?? new Map<string, T[]>();
      conditions.set(condition, trials);
      const calls = trials.get(trial);
      if (calls === undefined) trials.set(trial, [call]);
      else calls.push(call);
      size += 1;
    },
    remove({ condition, trial }, call) {
      const trials = conditions.get(condition);
      const calls = trials?.get(trial);
      const place = calls?.indexOf(call) ?? -1;
      if (trials === undefined || calls === undefined || place < 0) return;
      calls.splice(place, 1);
      size -= 1;
      if (calls.length === 0) trials.delete(trial);
      if (trials.size === 0) conditions.delete(condition);
    },
    first() {
      const [trials] = conditions.values();
      const [calls] = trials?.values() ?? [];
      return calls?.[0] ?? null;
    },
    shift() {
      const [next] = conditions;
      if (next === undefined) return null;
      const [condition, trials] = next;
      const [[trial, calls] = ["", []]] = trials;
      const [call = null] = calls.splice(0, 1);
      size -= 1;
      trials.delete(trial);
      if (calls.length > 0) trials.set(trial, calls);
      conditions.delete(condition);
      if (trials.size > 0) conditions.set(condition, trials);
      return call;
    },
    get size() {
      return size;
    },
  };
}
