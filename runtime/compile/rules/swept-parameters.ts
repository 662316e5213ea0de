// Which parameters a definition sweeps, as far as syntax shows: `sweep(...)` in an object, the tag and branches of
// `space.oneOf`, the parts of the other combinators and of the sampled designs, keys that differ between `space.conditions`.
import { ts } from "../typescript/ts-morph.ts";
import { declaredValueOf } from "./declared-value.ts";
import { keysOf } from "./definition-parts.ts";
import type { Denoter } from "./denote.ts";
import type { Module } from "./module-graph.ts";

export interface SweptParameter {
  readonly name: string;
  readonly node: ts.Node;
  /** Of the tag of a `oneOf`: the parameters of its branches, reading any of which tells the branches apart. */
  readonly branches: readonly string[];
}

export function sweptParameters(
  denoter: Denoter,
  module: Module,
  space: ts.Node,
  depth = 0,
): SweptParameter[] {
  const found = declaredValueOf(denoter, module, space);
  if (found === null || depth > 8) return [];
  if (ts.isObjectLiteralExpression(found.node)) return ofLiteral(denoter, found.module, found.node);
  if (!ts.isCallExpression(found.node)) return [];
  const call = found.node;
  const inner = (node: ts.Node): SweptParameter[] => sweptParameters(denoter, found.module, node, depth + 1);
  const builder = builderOf(denoter, found.module, call);
  switch (builder) {
    case "space.oneOf":
      return ofBranches(denoter, found.module, call, inner);
    case "space.conditions":
      return ofConditions(denoter, found.module, call);
    case "space.zip":
    case "space.cross":
    case "space.concat":
    case "space.where":
    case "space.derive":
    case "design.latinHypercube":
    case "design.sobol":
    case "design.random":
      return call.arguments.flatMap(inner);
    default:
      return [];
  }
}

function ofLiteral(denoter: Denoter, module: Module, literal: ts.ObjectLiteralExpression): SweptParameter[] {
  const swept: SweptParameter[] = [];
  for (const [name, { node, value }] of keysOf(denoter, module, literal).names) {
    const sweep = declaredValueOf(denoter, value.module, value.node);
    if (sweep === null || !ts.isCallExpression(sweep.node)) continue;
    const builder = builderOf(denoter, sweep.module, sweep.node) ?? "";
    if (/^(sweep|between)(\..+)?$/.test(builder)) swept.push({ name, node, branches: [] });
  }
  return swept;
}

function ofBranches(
  denoter: Denoter,
  module: Module,
  call: ts.CallExpression,
  inner: (node: ts.Node) => SweptParameter[],
): SweptParameter[] {
  const [tag, branches] = call.arguments;
  if (tag === undefined || branches === undefined) return [];
  const spaces = [...keysOf(denoter, module, branches).names.values()];
  const swept = spaces.flatMap(({ value }) => inner(value.node));
  if (!ts.isStringLiteralLike(tag)) return swept;
  const names = spaces.flatMap(({ value }) => [...keysOf(denoter, value.module, value.node).names.keys()]);
  return [{ name: tag.text, node: tag, branches: names }, ...swept];
}

/** Of a plain list, the keys whose values are not the same literal throughout. */
function ofConditions(denoter: Denoter, module: Module, call: ts.CallExpression): SweptParameter[] {
  const list = call.arguments[0] === undefined ? null : declaredValueOf(denoter, module, call.arguments[0]);
  if (list === null || !ts.isArrayLiteralExpression(list.node)) return [];
  const seen = new Map<string, { node: ts.Node; texts: Set<string> }>();
  for (const element of list.node.elements) {
    for (const [name, { node, value }] of keysOf(denoter, list.module, element).names) {
      const entry = seen.get(name) ?? { node, texts: new Set<string>() };
      entry.texts.add(value.node.getText());
      seen.set(name, entry);
    }
  }
  return [...seen]
    .filter(([, { texts }]) => texts.size > 1)
    .map(([name, { node }]) => ({ name, node, branches: [] }));
}

/** The labwright builder that a call is of: "sweep", "sweep.log"; null when it is something else. */
function builderOf(denoter: Denoter, module: Module, call: ts.CallExpression): string | null {
  const denoted = denoter.of(module, call.expression);
  return denoted?.kind === "package" && /^labwright(\/|$)/.test(denoted.module) ? denoted.path : null;
}
