// Spaces made of other spaces: space.cross, oneOf, concat, where, derive.
// Each returns a handle whose type carries the union of conditions, so that `trial` narrows on a tag.
import { type CallSite, callSiteOf } from "../call-site.ts";
import { shownValue } from "../option-shapes.ts";
import { type DefinitionProblem, problemOf } from "../problem.ts";
import type {
  ConditionOf,
  ConditionSpace,
  FactorOf,
  ParameterRecord,
  Simplify,
  SpaceInput,
} from "./condition-space.ts";
import type { Condition, Space } from "./space.ts";
import {
  checkDisjoint,
  checkName,
  isFunction,
  isRecord,
  parameterNamesOf,
  type ReadSpace,
  readMembers,
  readSpace,
} from "./space-input.ts";

type CrossOf<P extends readonly unknown[]> = P extends readonly [infer First, ...infer Rest]
  ? ConditionOf<First> & CrossOf<Rest>
  : unknown;

/** All combinations of the conditions of several spaces; the last varies fastest. `space.cross({ firms: sweep([2, 3]) }, space.oneOf("algorithm", {...}))`. */
export function cross<const P extends readonly SpaceInput[]>(
  ...spaces: P
): ConditionSpace<Simplify<CrossOf<P>>, FactorOf<P[number]> & string> {
  const site = callSiteOf(cross);
  const parts = spaces.map((space) => readSpace(space, site));
  const repeated = checkDisjoint(
    parts.map(({ tree }) => parameterNamesOf(tree)),
    site,
  );
  return handleOf({ kind: "cross", of: parts.map(({ tree }) => tree) }, parts, repeated);
}

type BranchesOf<Tag extends string, B> = {
  [K in keyof B]: Simplify<{ readonly [T in Tag]: K } & ConditionOf<B[K]>>;
}[keyof B];

/**
 * One branch at a time: the parameter `tag` names it, and each branch has parameters of its own. In `trial`,
 * `if (parameters.algorithm === "qLearning")` narrows to that branch.
 */
export function oneOf<const Tag extends string, const B extends { readonly [name: string]: SpaceInput }>(
  tag: Tag,
  branches: B,
): ConditionSpace<BranchesOf<Tag, B>, Tag | { [K in keyof B]: FactorOf<B[K]> }[keyof B]> {
  const site = callSiteOf(oneOf);
  const subject = "space.oneOf(...)";
  const expected = 'a name and branches, such as space.oneOf("kind", { a: { x: 1 }, b: {} })';
  const read = readMembers(branches, { subject, expected, fits: isRecord, site });
  const parts = read.members.map(([name, space]) => ({ name, ...readSpace(space, site) }));
  if (typeof tag !== "string") {
    const problem = problemOf({ code: "bad-option", subject, found: shownValue(tag), expected, site });
    return handleOf({ kind: "product", parameters: [] }, [], [problem]);
  }
  const problems = [...read.problems, ...checkName(tag, site)];
  if (parts.length === 0 && read.problems.length === 0)
    problems.push(problemOf({ code: "empty-sweep", subject: `parameter "${tag}"`, site }));
  for (const { tree } of parts) problems.push(...checkDisjoint([[tag], parameterNamesOf(tree)], site));
  const tree: Space = { kind: "oneOf", tag, branches: parts.map(({ name, tree: of }) => ({ name, of })) };
  return handleOf(tree, parts, problems, { [tag]: site });
}

/** The conditions of several spaces one after the other. They may differ in their parameters. */
export function concat<const P extends readonly SpaceInput[]>(
  ...spaces: P
): ConditionSpace<ConditionOf<P[number]>, FactorOf<P[number]> & string> {
  const site = callSiteOf(concat);
  const parts = spaces.map((space) => readSpace(space, site));
  return handleOf({ kind: "concat", of: parts.map(({ tree }) => tree) }, parts, []);
}

/** Only the conditions that the predicate admits: `space.where({ low: sweep([1, 2]), high: sweep([1, 2]) }, (p) => p.low < p.high)`. */
export function where<const P extends SpaceInput>(
  space: P,
  predicate: (parameters: ConditionOf<P>) => boolean,
): ConditionSpace<ConditionOf<P>, FactorOf<P> & string> {
  const site = callSiteOf(where);
  const part = readSpace(space, site);
  if (!isFunction(predicate)) {
    const expected = "a function of the parameters, such as (p) => p.low < p.high";
    const found = shownValue(predicate);
    const problem = problemOf({ code: "bad-option", subject: "space.where(...)", found, expected, site });
    return handleOf(part.tree, [part], [problem]);
  }
  // The node hands the predicate exactly the conditions of this space, which is what its type says.
  const call = predicate as (condition: Condition) => boolean;
  return handleOf({ kind: "where", of: part.tree, predicate: { call, part: "where", site } }, [part], []);
}

/** Functions of the conditions C, by the names of the values they give. */
type DerivedValues<C, D> = { readonly [K in keyof D]: (parameters: C) => D[K] };

/**
 * Parameters that follow from others: `space.derive({ firms: sweep([2, 3]), cost: 1 }, { share: (p) => p.cost / p.firms })`.
 * Computed once a condition by `lab build`, which stores them; they are not factors.
 */
export function derive<const P extends SpaceInput, D extends ParameterRecord>(
  space: P,
  values: DerivedValues<ConditionOf<P>, D>,
): ConditionSpace<Simplify<ConditionOf<P> & { readonly [K in keyof D]: D[K] }>, FactorOf<P> & string> {
  const site = callSiteOf(derive);
  const part = readSpace(space, site);
  const expected = "functions of the parameters by name, such as { share: (p) => p.cost / p.firms }";
  const read = readMembers(values, { subject: "space.derive(...)", expected, fits: isFunction, site });
  const names = read.members.map(([name]) => name);
  const problems = [
    ...read.problems,
    ...names.flatMap((name) => checkName(name, site)),
    ...checkDisjoint([parameterNamesOf(part.tree), names], site),
  ];
  const tree: Space = {
    kind: "derived",
    of: part.tree,
    // As for `where`: the node hands over exactly the conditions of this space.
    values: read.members.map(([name, value]) => ({
      name,
      value: {
        call: value as (condition: Condition) => unknown,
        part: `derived value "${name}"`,
        site,
      },
    })),
  };
  return handleOf(tree, [part], problems, Object.fromEntries(names.map((name) => [name, site])));
}

function handleOf<C, F extends string>(
  tree: Space,
  parts: readonly ReadSpace[],
  problems: readonly DefinitionProblem[],
  sites: Readonly<Record<string, CallSite | null>> = {},
): ConditionSpace<C, F> {
  return {
    kind: "labwright/space",
    tree,
    problems: [...parts.flatMap((part) => part.problems), ...problems],
    sites: Object.assign({}, ...parts.map((part) => part.sites), sites),
  };
}
