// Failures grouped by what caused them: the same outcome with the same words, whatever numbers and ids stand in them. Pure.
import type { OutcomeKind } from "../record/outcome.ts";

/** A unit that has no measurement, and why. */
export interface Cause {
  readonly experiment: string;
  readonly stage: string;
  readonly trial: string;
  readonly outcome: OutcomeKind;
  readonly message: string;
  readonly condition: Readonly<Record<string, unknown>>;
}

export interface CauseGroup {
  /** Unlike for unlike causes: what `causeKeyOf` gives. */
  readonly key: string;
  readonly experiment: string;
  readonly stage: string;
  readonly outcome: OutcomeKind;
  /** The message of the first, its first line. */
  readonly message: string;
  readonly count: number;
  /** Ids of the first trials, at most `examplesMax`. */
  readonly examples: readonly string[];
}

const causesMax = 50;
const examplesMax = 20;

/** What a cause is known by: its words without numbers, ids and quoted values. */
export function causeKeyOf({
  experiment,
  stage,
  outcome,
  message,
}: Omit<Cause, "trial" | "condition">): string {
  return JSON.stringify([experiment, stage, outcome, patternOf(message)]);
}

/** The groups with one more cause, most frequent first; those beyond `causesMax` are only counted. */
export function withCause(
  of: { readonly causes: readonly CauseGroup[]; readonly otherCauses: number },
  cause: Cause,
): { readonly causes: readonly CauseGroup[]; readonly otherCauses: number } {
  const { causes, otherCauses } = of;
  const key = causeKeyOf(cause);
  const at = causes.findIndex((group) => group.key === key);
  if (at < 0 && causes.length >= causesMax) return { causes, otherCauses: otherCauses + 1 };
  const known = causes[at];
  const { experiment, stage, outcome, message, trial } = cause;
  const grown: CauseGroup =
    known === undefined
      ? { key, experiment, stage, outcome, message: firstLineOf(message), count: 1, examples: [trial] }
      : {
          ...known,
          count: known.count + 1,
          examples: known.examples.length < examplesMax ? [...known.examples, trial] : known.examples,
        };
  const others = causes.filter((_, index) => index !== at);
  const place = others.findIndex(({ count }) => count < grown.count);
  return {
    causes: place < 0 ? [...others, grown] : [...others.slice(0, place), grown, ...others.slice(place)],
    otherCauses,
  };
}

/** The groups without so many failures that run again. */
export function withoutCause(
  causes: readonly CauseGroup[],
  cause: Omit<Cause, "trial" | "condition"> & { readonly count: number },
): readonly CauseGroup[] {
  const key = causeKeyOf(cause);
  return causes
    .map((group) => (group.key === key ? { ...group, count: group.count - cause.count } : group))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count);
}

/** A message's first line without numbers, ids and quoted values: what unlike failures of one cause share. */
export function patternOf(message: string): string {
  return firstLineOf(message)
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9a-f]{12,}\b/gi, "…")
    .replaceAll(/-?\d+(\.\d+)?(e[+-]?\d+)?/gi, "#");
}

function firstLineOf(message: string): string {
  return (message.split("\n", 1)[0] ?? "").slice(0, 300);
}
