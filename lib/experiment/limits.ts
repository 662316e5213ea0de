// How long and how large a trial of an experiment may be, what is tried again, and what it takes of a machine. None of it is a part of
// what a trial computes: a change makes no measured trial run again.
import type { CallSite } from "./call-site.ts";
import { type Misfit, optionProblems, readOptions, type Shape } from "./option-shapes.ts";
import type { DefinitionProblem } from "./problem.ts";

/** `"500ms"`, `"30s"`, `"10m"`, `"2h"`, `"1d"`. */
export type Duration = `${number}${"ms" | "s" | "m" | "h" | "d"}`;
/** `"512MB"`, `"2GB"`. */
export type MemorySize = `${number}${"MB" | "GB"}`;

/** How a failed trial ended, as its record says: what it threw, a metric or row that was refused, or what befell it. */
export const retryReasons = [
  "time-out",
  "memory",
  "crash",
  "effect",
  "thrown",
  "invalid-metric",
  "invalid-row",
] as const;
export type RetryReason = (typeof retryReasons)[number];

/** What befell a trial, rather than what it did. */
const befell: readonly RetryReason[] = ["time-out", "memory", "crash", "effect"];

/** What an author declares under `limits`. */
export interface LimitsOptions {
  /** The longest that a trial may take; one that takes longer is ended and fails. */
  readonly timeout?: Duration;
  /** What a worker thread may hold, Buffers included. */
  readonly memory?: MemorySize;
  /** Tries failed trials again within the run. */
  readonly retry?: {
    /** The endings after which a trial is tried again: time-out, memory, crash and effect unless told. */
    readonly on?: readonly RetryReason[];
    /** So many times more: a whole number from 1 to 100. */
    readonly max: number;
  };
  /** What one trial takes of a machine, so that no more run at once than there is room for. */
  readonly resources?: {
    /** Processor cores: a whole number; 1 unless told. */
    readonly cpu?: number;
    readonly memory?: MemorySize;
    /** Graphics cards: a whole number; none unless told. */
    readonly gpu?: number;
  };
}

/** The limits of an experiment's trials and stages. */
export interface Limits {
  readonly timeoutMs: number | null;
  readonly memoryMb: number | null;
  readonly retry: { readonly on: readonly RetryReason[]; readonly max: number } | null;
  readonly resources: Resources;
}

/** What one trial takes of a machine; memory in MB, 0 where it was not said. */
export interface Resources {
  readonly cpu: number;
  readonly memoryMb: number;
  readonly gpu: number;
}

export const lightResources: Resources = { cpu: 1, memoryMb: 0, gpu: 0 };
const retryMost = 100;

const durationMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const sizeMb: Readonly<Record<string, number>> = { MB: 1, GB: 1024 };

export const durationShape: Shape = {
  expected: 'a duration above 0, such as "30s", "10m" or "2h"',
  fits: (value) => amountOf(value, durationMs) !== null,
};
const size: Shape = {
  expected: 'a size above 0, such as "512MB" or "2GB"',
  fits: (value) => amountOf(value, sizeMb) !== null,
};

function whole(low: number, high: number): Shape {
  return {
    expected: `a whole number from ${low} to ${high}`,
    fits: (value) => Number.isInteger(value) && Number(value) >= low && Number(value) <= high,
  };
}

const object = (example: string): Shape => ({
  expected: `an object such as ${example}`,
  fits: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
});

type Retry = NonNullable<LimitsOptions["retry"]>;
type Needed = NonNullable<LimitsOptions["resources"]>;

const shapes = {
  timeout: durationShape,
  memory: size,
  retry: object('{ on: ["time-out"], max: 2 }'),
  resources: object('{ cpu: 2, memory: "4GB" }'),
} satisfies Record<keyof LimitsOptions, Shape>;

const retryShapes = {
  on: {
    expected: `a list of endings: ${retryReasons.join(", ")}`,
    fits: (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((each) => retryReasons.some((reason) => reason === each)),
  },
  max: { ...whole(1, retryMost), isRequired: true },
} satisfies Record<keyof Retry, Shape>;

const resourceShapes = {
  cpu: whole(1, 4096),
  memory: size,
  gpu: whole(0, 1024),
} satisfies Record<keyof Needed, Shape>;

export interface ReadLimits {
  /** Null where nothing was declared. */
  readonly limits: Limits | null;
  readonly problems: readonly DefinitionProblem[];
}

/** Reads what stands under `limits`; what is wrong with it counts as left out. */
export function readLimits(given: unknown, site: CallSite | null): ReadLimits {
  if (given === undefined) return { limits: null, problems: [] };
  const { options, misfits } = readOptions<LimitsOptions>(given, shapes);
  const retry = options.retry === undefined ? null : readOptions<Retry>(options.retry, retryShapes);
  const resources = readOptions<Needed>(options.resources ?? {}, resourceShapes);
  const within = (part: string, found: readonly Misfit[] = []): readonly Misfit[] =>
    found.map((each) => ({ ...each, key: `${part}.${each.key}` }));
  const all = [...misfits, ...within("retry", retry?.misfits), ...within("resources", resources.misfits)];
  const { cpu = 1, memory, gpu = 0 } = resources.options;
  const { on = befell, max } = retry?.options ?? {};
  return {
    limits: {
      timeoutMs: durationOf(options.timeout),
      memoryMb: amountOf(options.memory, sizeMb),
      retry: max === undefined ? null : { on, max },
      resources: { cpu, memoryMb: amountOf(memory, sizeMb) ?? 0, gpu },
    },
    problems: optionProblems(all, { code: "bad-limits", subject: "limits" }).map((problem) => ({
      ...problem,
      site,
    })),
  };
}

/** Milliseconds; null for what is no duration. */
export function durationOf(value: unknown): number | null {
  return amountOf(value, durationMs);
}

/** The number before a unit in the unit that `units` counts in; null for what is no such text, or not above 0. */
function amountOf(value: unknown, units: Readonly<Record<string, number>>): number | null {
  if (typeof value !== "string") return null;
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)([a-zA-Z]+)$/.exec(value) ?? [];
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  const amount = number === undefined || factor === undefined ? 0 : Number(number) * factor;
  return amount > 0 ? amount : null;
}
