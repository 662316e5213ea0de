// sweep: the levels of a factor, as a list or by a rule. A list keeps the literal types of its levels, so that a baseline that is no
// level is red in the editor.
import { type CallSite, callSiteOf } from "./call-site.ts";
import { frozenCopy, type Json } from "./json.ts";
import { type DefinitionProblem, type DefinitionProblemCode, problemOf } from "./problem.ts";
import type { Sweep } from "./space/condition-space.ts";
import { decimalsOf, levelKeyOf } from "./space/level-source.ts";
import type { LevelSource } from "./space/space.ts";
import { nonJsonProblem } from "./space/space-input.ts";

/** The levels of a factor in the order given: `sweep([2, 3])`, `sweep(["low", "high"])`. JSON data only. */
function list<const T extends readonly Json[]>(levels: T): Sweep<T[number]> {
  const site = callSiteOf(sweep);
  const problems: DefinitionProblem[] = [];
  if (!Array.isArray(levels) || levels.length === 0) problems.push(problem("empty-sweep", site));
  const seen = new Set<unknown>();
  const kept: Json[] = [];
  for (const level of Array.isArray(levels) ? levels : []) {
    const bad = nonJsonProblem("sweep", level, site);
    if (bad !== null) {
      problems.push(bad);
      continue;
    }
    const key = levelKeyOf(level);
    if (seen.has(key)) problems.push(problem("duplicate-level", site, { found: JSON.stringify(level) }));
    kept.push(frozenCopy(level === 0 ? 0 : level));
    seen.add(key);
  }
  return { kind: "labwright/sweep", levels: { kind: "list", levels: Object.freeze(kept) }, problems, site };
}

/** start, start + step, ... up to but not including stop, as Python's range: `sweep.range(1, 101)` is 1 to 100. */
function range(start: number, stop: number, step = 1): Sweep<number> {
  const site = callSiteOf(range);
  const sound = [start, stop, step].every(Number.isFinite) && step !== 0;
  // Rounding first keeps range(0, 0.3, 0.1) at three levels although 0.3 / 0.1 is 2.9999999999999996.
  const steps = sound ? Number(((stop - start) / step).toPrecision(12)) : 0;
  const count = Math.max(0, Math.ceil(steps));
  return ranged({
    site,
    levels: { kind: "range", start, step, count },
    problem: sound
      ? count === 0
        ? { code: "empty-sweep", found: `range(${start}, ${stop}, ${step})` }
        : decimalsOf(step) > 15
          ? { code: "bad-range", found: `step ${step}`, expected: "a step of at most 15 decimals" }
          : null
      : {
          code: "bad-range",
          found: `range(${start}, ${stop}, ${step})`,
          expected: "finite numbers and a step that is not 0",
        },
  });
}

/** `count` levels at equal distances, both ends included: `sweep.linspace(0, 1, 5)` is 0, 0.25, 0.5, 0.75, 1. */
function linspace(start: number, stop: number, count: number): Sweep<number> {
  const site = callSiteOf(linspace);
  const sound = Number.isFinite(start) && Number.isFinite(stop) && start !== stop;
  return ranged({
    site,
    levels: { kind: "linspace", start, stop, count },
    problem: spacedProblem("linspace", [start, stop, count], sound ? null : "two different finite ends"),
  });
}

/** `count` levels at equal ratios, both ends included: `sweep.log(0.01, 100, 5)` is 0.01, 0.1, 1, 10, 100. Both ends above 0. */
function log(start: number, stop: number, count: number): Sweep<number> {
  const site = callSiteOf(log);
  const sound = start > 0 && stop > 0 && Number.isFinite(start) && Number.isFinite(stop) && start !== stop;
  return ranged({
    site,
    levels: { kind: "log", start, stop, count },
    problem: spacedProblem("log", [start, stop, count], sound ? null : "two different finite ends above 0"),
  });
}

/** The levels of a factor. See sweep.range, sweep.linspace and sweep.log for levels by a rule. */
export const sweep = Object.assign(list, { range, linspace, log });

type Found = { readonly code: DefinitionProblemCode; readonly found?: string; readonly expected?: string };

function spacedProblem(
  name: string,
  [start, stop, count]: readonly [number, number, number],
  endsExpected: string | null,
): Found | null {
  const found = `${name}(${start}, ${stop}, ${count})`;
  if (endsExpected !== null) return { code: "bad-range", found, expected: endsExpected };
  if (count === 0) return { code: "empty-sweep", found };
  if (Number.isInteger(count) && count >= 2) return null;
  return { code: "bad-range", found, expected: "a whole number of at least 2 levels" };
}

function ranged(parts: {
  readonly site: CallSite | null;
  readonly levels: LevelSource;
  readonly problem: Found | null;
}): Sweep<number> {
  const { site, levels, problem: found } = parts;
  if (found === null) return { kind: "labwright/sweep", levels, problems: [], site };
  const nothing: LevelSource = { kind: "list", levels: [] };
  return { kind: "labwright/sweep", levels: nothing, problems: [problem(found.code, site, found)], site };
}

function problem(
  code: DefinitionProblemCode,
  site: CallSite | null,
  parts: Partial<DefinitionProblem> = {},
): DefinitionProblem {
  return problemOf({ subject: "sweep", ...parts, code, site });
}
