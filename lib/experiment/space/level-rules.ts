// The rules that make levels, for `sweep.range`, `sweep.linspace`, `sweep.log` and for the same words on the command line: either a
// source of levels that are finite and differ, or what is wrong with the rule.
import { shownValue } from "../option-shapes.ts";
import { isEvenlyFine, levelCountOf, levelReaderOf } from "./level-source.ts";
import type { LevelSource } from "./space.ts";

export type LevelRule = "range" | "linspace" | "log";

/** What is wrong with a rule: a code of problem.ts, what was found and, where it can be said, what was expected. */
export interface BadRule {
  readonly code: "empty-sweep" | "bad-range" | "duplicate-level";
  readonly found: string;
  readonly expected?: string;
}

export interface RuledLevels {
  /** Null where the rule makes none; equal levels are kept, since a zipped factor may repeat them. */
  readonly source: LevelSource | null;
  readonly wrong: BadRule | null;
}

/** How each rule is written. */
export const ruleForms: Readonly<Record<LevelRule, string>> = {
  range: "range(start, stop[, step]), the stop left out",
  linspace: "linspace(start, stop, count), both ends included",
  log: "log(start, stop, count), both ends included and above 0",
};

/** More levels than this cannot be numbered in any experiment. */
const countMax = 2 ** 32;

/** The levels of a rule with its arguments as written: two or three for `range`, three for the others. */
export function levelsByRule(rule: LevelRule, given: readonly number[]): RuledLevels {
  const [start = Number.NaN, stop = Number.NaN, third = rule === "range" ? 1 : Number.NaN] = given;
  const parts: readonly unknown[] = [start, stop, third];
  const found = `${rule}(${parts.map((part) => (typeof part === "number" ? String(part) : shownValue(part))).join(", ")})`;
  if (parts.some((part) => typeof part !== "number"))
    return refused({ code: "bad-range", found, expected: "numbers" });
  return rule === "range"
    ? rangeLevels({ start, stop, step: third, found })
    : spacedLevels(rule, { start, stop, count: third, found });
}

function rangeLevels(of: {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly found: string;
}): RuledLevels {
  const { start, stop, step, found } = of;
  if (![start, stop, step].every(Number.isFinite) || step === 0)
    return refused({ code: "bad-range", found, expected: "finite numbers and a step that is not 0" });
  // Rounding first keeps range(0, 0.3, 0.1) at three levels although 0.3 / 0.1 is 2.9999999999999996; halves do not overflow.
  const steps = Number((((stop / 2 - start / 2) / step) * 2).toPrecision(12));
  if (!(steps > 0)) return refused({ code: "empty-sweep", found });
  const count = Math.ceil(steps);
  if (count > countMax)
    return refused({ code: "bad-range", found, expected: `a step that makes at most ${countMax} levels` });
  return distinct({ kind: "range", start, step, count }, found);
}

function spacedLevels(
  kind: "linspace" | "log",
  of: { readonly start: number; readonly stop: number; readonly count: number; readonly found: string },
): RuledLevels {
  const { start, stop, count, found } = of;
  const areEnds = Number.isFinite(start) && Number.isFinite(stop) && start !== stop;
  const isSound = kind === "linspace" ? areEnds : areEnds && start > 0 && stop > 0;
  if (!isSound) {
    const expected = kind === "linspace" ? "two different finite ends" : "two different finite ends above 0";
    return refused({ code: "bad-range", found, expected });
  }
  if (count === 0) return refused({ code: "empty-sweep", found });
  if (!Number.isInteger(count) || count < 2 || count > countMax)
    return refused({ code: "bad-range", found, expected: "a whole number of at least 2 levels" });
  return distinct({ kind, start, stop, count }, found);
}

/** Levels rise or fall, so that equal ones are neighbours; where the steps are wide none can be equal, and nothing is looked at. */
function distinct(source: Exclude<LevelSource, { readonly kind: "list" }>, rule: string): RuledLevels {
  if (!isEvenlyFine(source)) return { source, wrong: null };
  const levelAt = levelReaderOf(source);
  for (let position = 1; position < levelCountOf(source); position++) {
    const level = levelAt(position);
    if (level === levelAt(position - 1))
      return { source, wrong: { code: "duplicate-level", found: `${level} of ${rule}` } };
  }
  return { source, wrong: null };
}

function refused(wrong: BadRule): RuledLevels {
  return { source: null, wrong };
}
