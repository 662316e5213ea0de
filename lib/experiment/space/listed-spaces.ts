// Spaces that are lists: sweeps side by side (zip), and conditions written out one by one.
import { callSiteOf } from "../call-site.ts";
import { frozenCopy, type Json } from "../json.ts";
import { shownValue } from "../option-shapes.ts";
import { type DefinitionProblem, problemOf } from "../problem.ts";
import type { ConditionOf, ConditionSpace, ParameterOf, Sweep } from "./condition-space.ts";
import { levelCountOf } from "./level-source.ts";
import type { Condition } from "./space.ts";
import { checkName, isRecord, isSweep, nonJsonProblem, readMembers } from "./space-input.ts";

/** Sweeps side by side, the i-th level of each: `space.zip({ firms: sweep([2, 3]), cost: sweep([1, 0.5]) })` has two conditions. */
export function zip<const P extends { readonly [name: string]: Sweep<unknown> }>(
  sweeps: P,
): ConditionSpace<ConditionOf<P>, keyof P & string> {
  const site = callSiteOf(zip);
  const expected = "sweeps by name, such as { firms: sweep([2, 3]), cost: sweep([1, 0.5]) }";
  const read = readMembers(sweeps, { subject: "space.zip(...)", expected, fits: isSweep, site });
  const named = read.members;
  const counts = named.map(([, { levels }]) => levelCountOf(levels));
  const own = named.flatMap(([name, { problems: own }]) => [
    ...checkName(name, site),
    // A level may repeat in a zipped factor: only whole conditions must differ.
    ...own
      .filter(({ code }) => code !== "duplicate-level")
      .map((problem) => ({ ...problem, subject: `parameter "${name}"` })),
  ]);
  const problems: DefinitionProblem[] = [...read.problems, ...own];
  if (new Set(counts).size > 1) {
    const found = named.map(([name], i) => `${name}: ${counts[i]} levels`).join(", ");
    problems.push(
      problemOf({ code: "unequal-zip", subject: "space.zip", found, expected: "as many levels each", site }),
    );
  }
  return {
    kind: "labwright/space",
    tree: { kind: "zip", factors: named.map(([name, { levels }]) => ({ name, levels })) },
    problems,
    sites: Object.fromEntries(named.map(([name, { site: own }]) => [name, own])),
  };
}

/** A plain list of conditions: `space.conditions([{ a: 1, b: 2 }, { a: 3, b: 5 }])`. Every parameter in it is a factor. */
export function conditions<const R extends readonly { readonly [name: string]: Json }[]>(
  rows: R,
): ConditionSpace<R[number], ParameterOf<R[number]>> {
  const site = callSiteOf(conditions);
  const problems: DefinitionProblem[] = [];
  const bad = (found: string, expected: string): number =>
    problems.push(problemOf({ code: "bad-option", subject: "space.conditions(...)", found, expected, site }));
  const given: readonly unknown[] = Array.isArray(rows) ? rows : [];
  if (!Array.isArray(rows)) bad(shownValue(rows), "a list of conditions, such as [{ a: 1 }, { a: 2 }]");
  else if (given.length === 0)
    problems.push(problemOf({ code: "empty-sweep", subject: "space.conditions", site }));
  const kept: Condition[] = [];
  given.forEach((row, i) => {
    const problem = nonJsonProblem(`space.conditions[${i}]`, row, site);
    if (problem !== null) problems.push(problem);
    // What has no part that is not JSON, and is an object, is a condition.
    else if (isRecord(row)) kept.push(frozenCopy(row as Condition));
    else bad(`${shownValue(row)} at ${i}`, "parameters and their values, such as { a: 1 }");
  });
  const names = new Set(kept.flatMap((row) => Object.keys(row)));
  for (const name of names) problems.push(...checkName(name, site));
  return {
    kind: "labwright/space",
    tree: { kind: "conditions", rows: kept },
    problems,
    sites: Object.fromEntries([...names].map((name) => [name, site])),
  };
}
