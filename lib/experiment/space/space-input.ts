// From what an author writes (a record, or a combinator's handle) to a tree of plain data and the mistakes in it.
// Values are copied and frozen here, so that nothing an author or a trial does later can change a level.
import type { CallSite } from "../call-site.ts";
import { isHandle } from "../handle.ts";
import { findNonJson, frozenCopy, type Json } from "../json.ts";
import { shownValue } from "../option-shapes.ts";
import { type DefinitionProblem, problemOf } from "../problem.ts";
import type { Between, ConditionSpace, Sweep } from "./condition-space.ts";
import { derivedNamesOf } from "./factors.ts";
import type { Space, SpaceParameter } from "./space.ts";

export interface ReadSpace {
  readonly tree: Space;
  readonly problems: readonly DefinitionProblem[];
  /** Where each sweep was called, by parameter; null for constants. */
  readonly sites: Readonly<Record<string, CallSite | null>>;
}

/** Reads a record or a handle; `site` is where the record stands. */
export function readSpace(input: unknown, site: CallSite | null): ReadSpace {
  if (isSpace(input)) return input;
  const parameters: SpaceParameter[] = [];
  const problems: DefinitionProblem[] = [];
  const sites: Record<string, CallSite | null> = {};
  if (!isRecord(input)) {
    const expected = "an object of constants and sweeps, or a space";
    problems.push(
      problemOf({ code: "bad-option", subject: "a space", found: shownValue(input), expected, site }),
    );
    return { tree: { kind: "product", parameters }, problems, sites };
  }
  for (const [name, value] of Object.entries(input)) {
    const parameter = readParameter(name, value, site);
    problems.push(...checkName(name, site), ...parameter.problems);
    if (parameter.parameter !== null) parameters.push(parameter.parameter);
    sites[name] = isSweep(value) ? value.site : null;
  }
  return { tree: { kind: "product", parameters }, problems, sites };
}

function readParameter(
  name: string,
  value: unknown,
  site: CallSite | null,
): { readonly parameter: SpaceParameter | null; readonly problems: readonly DefinitionProblem[] } {
  const subject = `parameter "${name}"`;
  if (isSweep(value)) {
    return {
      parameter: { name, kind: "sweep", levels: value.levels },
      problems: value.problems.map((problem) => ({ ...problem, subject })),
    };
  }
  if (isSpace(value) || isBetween(value)) {
    const found = isSpace(value) ? "a space" : "a range";
    const expected = isSpace(value)
      ? "a constant or a sweep: join spaces by space.cross(...)"
      : "a constant or a sweep: between(...) is for design.latinHypercube, sobol and random";
    return {
      parameter: null,
      problems: [problemOf({ code: "space-as-value", subject, found, expected, site })],
    };
  }
  const problem = nonJsonProblem(subject, value, site);
  // What has no part that is not JSON is JSON.
  const constant = problem === null ? frozenCopy(value as Json) : null;
  return {
    parameter: { name, kind: "constant", value: constant },
    problems: problem === null ? [] : [problem],
  };
}

/** The problem of a value that is not JSON data; null when it is. */
export function nonJsonProblem(
  subject: string,
  value: unknown,
  site: CallSite | null,
): DefinitionProblem | null {
  const nonJson = findNonJson(value);
  if (nonJson === null) return null;
  const found = nonJson.path === "" ? nonJson.found : `${nonJson.found} at ${nonJson.path}`;
  const expected = "finite numbers, text, booleans, null, and lists and plain objects of these";
  return problemOf({ code: "not-json", subject, found, expected, site });
}

/** The members of what a builder was called with, and a problem for each that does not fit, or for the whole. */
export function readMembers<T>(
  given: unknown,
  of: {
    /** Such as "space.zip(...)". */
    readonly subject: string;
    readonly expected: string;
    readonly fits: (member: unknown) => member is T;
    readonly site: CallSite | null;
  },
): { readonly members: readonly (readonly [name: string, T])[]; readonly problems: DefinitionProblem[] } {
  const { subject, expected, site, fits } = of;
  const bad = (found: string): DefinitionProblem =>
    problemOf({ code: "bad-option", subject, found, expected, site });
  if (!isRecord(given)) return { members: [], problems: [bad(shownValue(given))] };
  const members: (readonly [string, T])[] = [];
  const problems: DefinitionProblem[] = [];
  for (const [name, member] of Object.entries(given)) {
    if (fits(member)) members.push([name, member]);
    else problems.push(bad(`${name}: ${shownValue(member)}`));
  }
  return { members, problems };
}

export function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isFunction(value: unknown): value is (...args: never[]) => unknown {
  return typeof value === "function";
}

const usableName = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u;
const reservedNames = new Set(["__proto__", "constructor", "prototype"]);

/** Parameter names are columns, and keys on the command line: a letter, then letters, digits, `_`, `$` or `-`. */
export function checkName(name: string, site: CallSite | null): readonly DefinitionProblem[] {
  if (usableName.test(name) && !reservedNames.has(name)) return [];
  const expected = "a letter, then letters, digits, _ or -";
  return [problemOf({ code: "bad-name", subject: `parameter "${name}"`, expected, site })];
}

/** A problem for each parameter that two of the parts declare. */
export function checkDisjoint(
  parts: readonly (readonly string[])[],
  site: CallSite | null,
): readonly DefinitionProblem[] {
  const seen = new Set<string>();
  const problems: DefinitionProblem[] = [];
  for (const names of parts) {
    for (const name of names) {
      if (seen.has(name)) {
        problems.push(problemOf({ code: "duplicate-parameter", subject: `parameter "${name}"`, site }));
      }
    }
    for (const name of names) seen.add(name);
  }
  return problems;
}

/** Every parameter that a tree declares, derived ones included. */
export function parameterNamesOf(tree: Space): readonly string[] {
  switch (tree.kind) {
    case "product":
      return tree.parameters.map(({ name }) => name);
    case "zip":
      return tree.factors.map(({ name }) => name);
    case "conditions":
      return [...new Set(tree.rows.flatMap((row) => Object.keys(row)))];
    case "sampled":
    case "proposed":
      return tree.ranges.map(({ name }) => name);
    case "oneOf":
      return [tree.tag, ...new Set(tree.branches.flatMap(({ of }) => parameterNamesOf(of)))];
    case "cross":
    case "concat":
      return [...new Set(tree.of.flatMap(parameterNamesOf))];
    case "where":
      return parameterNamesOf(tree.of);
    case "derived":
      return [...parameterNamesOf(tree.of), ...derivedNamesOf({ ...tree, of: emptySpace })];
  }
}

const emptySpace: Space = { kind: "product", parameters: [] };

function isSpace(value: unknown): value is ConditionSpace<unknown, string> {
  return isHandle(value, "labwright/space");
}

export function isSweep(value: unknown): value is Sweep<unknown> {
  return isHandle(value, "labwright/sweep");
}

export function isBetween(value: unknown): value is Between {
  return isHandle(value, "labwright/between");
}
