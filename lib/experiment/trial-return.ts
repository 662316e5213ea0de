// The values a trial may return besides its metrics: "ended, but only a bound is known" and "cannot be run".
// They are plain tagged data, because they cross from a worker to the ledger.

/** A trial that ended before the metric was known: it is at least `bound` (right censoring, a cap on time). */
export interface Censored<V = Readonly<Record<string, unknown>>> {
  readonly kind: "labwright/censored";
  readonly metric: keyof V & string;
  /** In the metric's units. */
  readonly bound: number;
  /** Those metrics that were measured all the same. */
  readonly metrics: Readonly<Partial<V>>;
}

/** A trial that has no answer under these parameters, by the author's judgement. */
export interface Refused {
  readonly kind: "labwright/refused";
  readonly reason: string;
}

/** What a trial returns: a value for every metric, or why there is none. */
export type TrialReturn<V> = V | Censored<V> | Refused;

export interface CensoredOptions<V> {
  readonly metric: keyof V & string;
  readonly bound: number;
  readonly metrics?: Readonly<Partial<V>>;
}

/** `return censored({ metric: "periods", bound: 1e6 })`: the trial was cut at a million periods. */
export function censored<V>({ metric, bound, metrics }: CensoredOptions<V>): Censored<V> {
  const none: Partial<V> = {};
  return { kind: "labwright/censored", metric, bound, metrics: metrics ?? none };
}

/** `return refuse("no equilibrium exists here")`: counted by arm in every report, never drawn again. */
export function refuse(reason: string): Refused {
  return { kind: "labwright/refused", reason };
}

export function isCensored(value: unknown): value is Censored {
  return hasKind(value, "labwright/censored");
}

export function isRefused(value: unknown): value is Refused {
  return hasKind(value, "labwright/refused");
}

/** Thrown by `record` once `onRecord` has called `stop`; unwinds the trial, whose return value is then `value`. */
export class TrialStopped extends Error {
  readonly value: unknown;

  constructor(value: unknown) {
    super("the trial was stopped by onRecord");
    this.name = "TrialStopped";
    this.value = value;
  }
}

function hasKind(value: unknown, kind: string): boolean {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === kind;
}
