// What the calls of a run took: every attempt is charged with what it is expected to take when it begins and with what it took when it ends,
// so that a budget holds while calls are under way, and a call that was cut off by a kill stays charged. A line a charge, in a file of
// the run's; it holds counts and no text.
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { ownerOnly } from "../store/files/atomic-file.ts";

/** What a call took, or all of them did. */
export interface Took {
  readonly calls: number;
  readonly tokens: number;
  readonly usd: number;
}

export const tookNothing: Took = { calls: 0, tokens: 0, usd: 0 };

/** What one port may still take. */
export interface PortSpending {
  /** Why nothing more may be asked for, in words; null where it may. */
  spent(): string | null;
  /** Aborts once something is spent: who waits for his turn need not wait on. */
  readonly over: AbortSignal;
  /** Charges a call that begins; the function that comes back says what it took in the end. */
  begin(expected: Took): (took: Took) => void;
}

export interface Spending {
  /** Of one port, such as "pricing/ask", with what it may take over all files that were read. */
  of(port: string, budget: Partial<Took>): PortSpending;
  /** Whether a budget in US dollars holds for a port with this one of its own: then every call needs a price. */
  isPriced(budget: Partial<Took>): boolean;
  /** What this run has taken so far. */
  readonly total: Took;
  /** Milliseconds that earlier sessions of the run kept, as `keepTime` told. */
  readonly timeMs: number;
  /** How long this session goes on already. */
  keepTime(ms: number): void;
  /** Lets nobody ask any more, for a reason in words. */
  end(reason: string): void;
  close(): void;
}

/** A charge as it is stored: a call by its number in its session, at first with what is expected. */
interface Line extends Took {
  readonly session: string;
  readonly call: number;
  readonly port: string;
  /** Of the line about a session's time. */
  readonly timeMs?: number;
}

export interface SpendingOptions {
  /** The run's own file, appended to; null to keep nothing. */
  readonly file: string | null;
  /** Of other runs, whose calls count for the budgets of ports. */
  readonly earlier: readonly string[];
  /** What the run may take in all. */
  readonly budget: Partial<Took>;
  /** Unlike that of any other process that wrote to the file. */
  readonly session: string;
}

export function openSpending({ file, earlier, budget, session }: SpendingOptions): Spending {
  const own = file === null ? [] : readCharges(file);
  const run = totalsOf(own);
  const ports = new Map<string, Took>();
  for (const line of [...own, ...earlier.flatMap((path) => readCharges(path))])
    ports.set(line.port, sum(ports.get(line.port) ?? tookNothing, line));
  let total = run;
  let calls = 0;
  let ended: string | null = null;
  const over = new AbortController();
  let open: number | null = null;
  const write = (line: Line): void => {
    if (file === null) return;
    open ??= openSync(file, "a", ownerOnly);
    writeSync(open, `${JSON.stringify(line)}\n`);
  };
  return {
    isPriced: (most) => budget.usd !== undefined || most.usd !== undefined,
    timeMs: own.reduce((ms, line) => ms + (line.timeMs ?? 0), 0),
    keepTime: (ms) => write({ session, call: -1, port: "", ...tookNothing, timeMs: Math.round(ms) }),
    get total() {
      return total;
    },
    end(reason) {
      ended ??= reason;
      over.abort(new Error(reason));
    },
    of: (port, most) => ({
      over: over.signal,
      spent() {
        const words =
          ended ??
          spentOf(total, budget, "the budget of the run") ??
          spentOf(ports.get(port) ?? tookNothing, most, `the budget of ${port}`);
        // The run lets what runs end: whoever is still to ask asks the next session.
        if (words !== null) over.abort(new Error(words));
        return words;
      },
      begin(expected) {
        const call = calls++;
        let charged = tookNothing;
        const charge = (took: Took): void => {
          total = sum(total, difference(took, charged));
          ports.set(port, sum(ports.get(port) ?? tookNothing, difference(took, charged)));
          charged = took;
          write({ session, call, port, ...took });
        };
        charge(expected);
        return charge;
      },
    }),
    close() {
      if (open !== null) closeSync(open);
      open = null;
    },
  };
}

const units = ["usd", "tokens", "calls"] as const;

function spentOf(took: Took, budget: Partial<Took>, whose: string): string | null {
  for (const unit of units) {
    const most = budget[unit];
    if (most !== undefined && took[unit] >= most)
      return `${unit} ${Number(took[unit].toPrecision(6))} of ${most} are spent, ${whose}`;
  }
  return null;
}

/** The last word on each call. A line that a kill cut short is left out. */
export function readCharges(path: string): readonly Line[] {
  let text = "";
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  const last = new Map<string, Line>();
  for (const line of text.split("\n")) {
    const read = chargeIn(line);
    if (read !== null) last.set(`${read.session} ${read.call}`, read);
  }
  return [...last.values()];
}

function chargeIn(line: string): Line | null {
  if (!line.endsWith("}")) return null;
  try {
    // Written by this file; a line that parses is whole.
    return JSON.parse(line) as Line;
  } catch {
    return null;
  }
}

export function totalsOf(lines: readonly Took[]): Took {
  return lines.reduce(sum, tookNothing);
}

function sum(a: Took, b: Took): Took {
  return { calls: a.calls + b.calls, tokens: a.tokens + b.tokens, usd: a.usd + b.usd };
}

function difference(a: Took, b: Took): Took {
  return { calls: a.calls - b.calls, tokens: a.tokens - b.tokens, usd: a.usd - b.usd };
}
