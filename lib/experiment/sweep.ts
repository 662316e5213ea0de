// sweep: the levels of a factor, as a list or by a rule. A list keeps the literal types of its levels, so that a baseline that is no
// level is red in the editor.
import { type CallSite, callSiteOf } from "./call-site.ts";
import { frozenCopy, type Json } from "./json.ts";
import { type DefinitionProblem, type DefinitionProblemCode, problemOf } from "./problem.ts";
import type { Sweep } from "./space/condition-space.ts";
import { levelsByRule, type RuledLevels } from "./space/level-rules.ts";
import { levelKeyOf } from "./space/level-source.ts";
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
  return ruled(levelsByRule("range", [start, stop, step]), callSiteOf(range));
}

/** `count` levels at equal distances, both ends included: `sweep.linspace(0, 1, 5)` is 0, 0.25, 0.5, 0.75, 1. */
function linspace(start: number, stop: number, count: number): Sweep<number> {
  return ruled(levelsByRule("linspace", [start, stop, count]), callSiteOf(linspace));
}

/** `count` levels at equal ratios, both ends included: `sweep.log(0.01, 100, 5)` is 0.01, 0.1, 1, 10, 100. Both ends above 0. */
function log(start: number, stop: number, count: number): Sweep<number> {
  return ruled(levelsByRule("log", [start, stop, count]), callSiteOf(log));
}

/** The levels of a factor. See sweep.range, sweep.linspace and sweep.log for levels by a rule. */
export const sweep = Object.assign(list, { range, linspace, log });

function ruled({ source, wrong }: RuledLevels, site: CallSite | null): Sweep<number> {
  const levels = source ?? ({ kind: "list", levels: [] } satisfies LevelSource);
  const problems =
    wrong === null ? [] : [problem(wrong.code, site, { ...wrong, expected: wrong.expected ?? null })];
  return { kind: "labwright/sweep", levels, problems, site };
}

function problem(
  code: DefinitionProblemCode,
  site: CallSite | null,
  parts: Partial<DefinitionProblem> = {},
): DefinitionProblem {
  return problemOf({ subject: "sweep", ...parts, code, site });
}
