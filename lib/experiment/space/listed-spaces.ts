// Spaces that are lists: sweeps side by side (zip), and conditions written out one by one.
import { callSiteOf } from "../call-site.ts";
import { frozenCopy, type Json } from "../json.ts";
import { type DefinitionProblem, problemOf } from "../problem.ts";
import type { ConditionOf, ConditionSpace, ParameterOf, Sweep } from "./condition-space.ts";
import { levelCountOf } from "./level-source.ts";
import type { Condition } from "./space.ts";
import { checkName, nonJsonProblem } from "./space-input.ts";

/** Sweeps side by side, the i-th level of each: `space.zip({ firms: sweep([2, 3]), cost: sweep([1, 0.5]) })` has two conditions. */
export function zip<const P extends { readonly [name: string]: Sweep<unknown> }>(
  sweeps: P,
): ConditionSpace<ConditionOf<P>, keyof P & string> {
  const site = callSiteOf(zip);
  const named = Object.entries(sweeps);
  const counts = named.map(([, { levels }]) => levelCountOf(levels));
  const problems: DefinitionProblem[] = named.flatMap(([name, { problems: own }]) => [
    ...checkName(name, site),
    // A level may repeat in a zipped factor: only whole conditions must differ.
    ...own
      .filter(({ code }) => code !== "duplicate-level")
      .map((problem) => ({ ...problem, subject: `parameter "${name}"` })),
  ]);
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
  if (rows.length === 0) problems.push(problemOf({ code: "empty-sweep", subject: "space.conditions", site }));
  const kept: Condition[] = [];
  rows.forEach((row, i) => {
    const problem = nonJsonProblem(`space.conditions[${i}]`, row, site);
    if (problem === null) kept.push(frozenCopy(row));
    else problems.push(problem);
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
