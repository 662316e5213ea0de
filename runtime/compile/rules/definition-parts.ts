// The parts of a definition as syntax: the value of a property, the functions of the stages, the keys of an object literal.
// "open" says that there may be more than syntax can see (a spread of something unknown, a computed key).

import type { LocatedExperiment } from "../check/locate.ts";
import { Node, ts } from "../typescript/ts-morph.ts";
import { declaredValueOf, type Located, nameOf } from "./declared-value.ts";
import { bareOf, type Denoter } from "./denote.ts";
import type { Module } from "./module-graph.ts";

/** The value of a property of the definition; null when it is not written there. */
export function propertyValue(experiment: LocatedExperiment, name: string): ts.Node | null {
  const node = experiment.properties.get(name)?.node;
  if (node === undefined) return null;
  if (Node.isPropertyAssignment(node)) return node.compilerNode.initializer;
  return Node.isShorthandPropertyAssignment(node) ? node.compilerNode.name : node.compilerNode;
}

/** The function behind a value, in this module or another; null when it is made by a call. */
export function functionBehind(denoter: Denoter, module: Module, value: ts.Node): Located | null {
  const bare = bareOf(value);
  if (ts.isFunctionLike(bare)) return { module, node: bare };
  const found = declaredValueOf(denoter, module, bare);
  return found !== null && ts.isFunctionLike(found.node) ? found : null;
}

/** The keys of an object, through constants and spreads. */
export interface Keys {
  readonly names: ReadonlyMap<string, { readonly node: ts.Node; readonly value: Located }>;
  readonly open: boolean;
}

export function keysOf(denoter: Denoter, module: Module, value: ts.Node, depth = 0): Keys {
  const found = declaredValueOf(denoter, module, value);
  const names = new Map<string, { node: ts.Node; value: Located }>();
  if (found === null || depth > 8 || !ts.isObjectLiteralExpression(found.node)) return { names, open: true };
  let open = false;
  for (const property of found.node.properties) {
    if (ts.isSpreadAssignment(property)) {
      const inner = keysOf(denoter, found.module, property.expression, depth + 1);
      for (const [name, entry] of inner.names) names.set(name, entry);
      open ||= inner.open;
      continue;
    }
    const name = nameOf(property.name);
    if (name === null) {
      open = true;
      continue;
    }
    const node = ts.isPropertyAssignment(property)
      ? property.initializer
      : ts.isShorthandPropertyAssignment(property)
        ? property.name
        : property;
    names.set(name, { node: property.name, value: { module: found.module, node } });
  }
  return { names, open };
}
