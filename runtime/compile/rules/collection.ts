// What changes a value in place: methods of arrays, Maps, Sets and typed arrays, where the value is known to be one.
// `add` and `set` of anything else (a big number, a matrix) may give a new value, so an unknown object is left alone.
import { ts } from "../typescript/ts-morph.ts";
import { declaredValueOf, shapeOf } from "./declared-value.ts";
import { bareOf, type Denoter } from "./denote.ts";
import type { Module } from "./module-graph.ts";

/** Methods whose name alone says that they change an array. */
const surely = new Set(["push", "pop", "shift", "unshift", "splice", "copyWithin"]);
const ofCollections = new Set([...surely, "sort", "reverse", "fill", "set", "add", "delete", "clear"]);
const constructors =
  /^(Array|Map|Set|WeakMap|WeakSet|Int8Array|Uint8Array|Uint8ClampedArray|Int16Array|Uint16Array|Int32Array|Uint32Array|BigInt64Array|BigUint64Array|Float32Array|Float64Array)$/;
const makers = new Set([
  "map",
  "filter",
  "slice",
  "concat",
  "flat",
  "flatMap",
  "toSorted",
  "toReversed",
  "fill",
  "sort",
  "reverse",
  "subarray",
]);

/** Whether `object.method(...)` changes the object, when the object has no method of its own by that name. */
export function changesInPlace(
  denoter: Denoter,
  module: Module,
  object: ts.Expression,
  method: string,
): boolean {
  if (method === "next") return isGenerator(denoter, module, object);
  if (!ofCollections.has(method)) return false;
  const known = isCollection(denoter, module, object, 0);
  if (known !== null) return known;
  // `stack.push(items, 1)` of a namespace is a plain function.
  const isNamespace = denoter.of(module, object)?.kind === "namespace";
  return surely.has(method) && !isNamespace;
}

/** True for a collection, false for a known other thing, null when syntax cannot tell. */
function isCollection(denoter: Denoter, module: Module, expression: ts.Node, depth: number): boolean | null {
  const bare = bareOf(expression);
  if (depth > 8) return null;
  if (ts.isArrayLiteralExpression(bare)) return true;
  if (ts.isNewExpression(bare)) {
    const denoted = denoter.of(module, bare.expression);
    return denoted?.kind === "global" ? constructors.test(denoted.path) : false;
  }
  if (ts.isCallExpression(bare)) {
    const denoted = denoter.of(module, bare.expression);
    if (denoted?.kind === "global") {
      const [head = ""] = denoted.path.split(".");
      return constructors.test(head) || /^Object\.(keys|values|entries)$/.test(denoted.path) ? true : null;
    }
    const callee = bareOf(bare.expression);
    return ts.isPropertyAccessExpression(callee) && makers.has(callee.name.text) ? true : null;
  }
  if (ts.isObjectLiteralExpression(bare)) return false;
  return ts.isIdentifier(bare) || ts.isPropertyAccessExpression(bare)
    ? isNamedCollection(denoter, module, bare, depth)
    : null;
}

function isNamedCollection(denoter: Denoter, module: Module, name: ts.Node, depth: number): boolean | null {
  if (ts.isIdentifier(name)) {
    const denoted = denoter.of(module, name);
    const node = denoted?.kind === "declared" ? denoted.binding.node : null;
    if (node === null || denoted?.kind !== "declared") return null;
    if ((ts.isVariableDeclaration(node) || ts.isParameter(node)) && node.type !== undefined)
      return isCollectionType(node.type);
    if (!ts.isVariableDeclaration(node) || node.initializer === undefined) return null;
    return isCollection(denoter, denoted.module, node.initializer, depth + 1);
  }
  const value = declaredValueOf(denoter, module, name);
  if (value === null || value.node === name) return null;
  if (ts.isPropertyDeclaration(value.node) || ts.isPropertySignature(value.node)) {
    if (value.node.type !== undefined) return isCollectionType(value.node.type);
    const initializer = ts.isPropertyDeclaration(value.node) ? value.node.initializer : undefined;
    return initializer === undefined ? null : isCollection(denoter, value.module, initializer, depth + 1);
  }
  return isCollection(denoter, value.module, value.node, depth + 1);
}

function isCollectionType(type: ts.TypeNode): boolean | null {
  if (ts.isArrayTypeNode(type)) return true;
  if (!ts.isTypeReferenceNode(type)) return null;
  return constructors.test(type.typeName.getText()) ? true : null;
}

/** A name that holds the iterator of a generator function. */
function isGenerator(denoter: Denoter, module: Module, object: ts.Expression): boolean {
  const bare = bareOf(object);
  const denoted = ts.isIdentifier(bare) ? denoter.of(module, bare) : null;
  if (denoted?.kind !== "declared") return false;
  const { node } = denoted.binding;
  const call =
    ts.isVariableDeclaration(node) && node.initializer !== undefined ? bareOf(node.initializer) : null;
  if (call === null || !ts.isCallExpression(call)) return false;
  const made = declaredValueOf(denoter, denoted.module, call.expression)?.node;
  return (
    made !== undefined &&
    ts.isFunctionLike(made) &&
    "asteriskToken" in made &&
    made.asteriskToken !== undefined
  );
}

/** Whether the object declares the method itself: then what the method does is read, not guessed. */
export function hasOwnMember(denoter: Denoter, module: Module, callee: ts.PropertyAccessExpression): boolean {
  const shape = shapeOf(denoter, module, callee.expression);
  if (shape === null) return false;
  const value = declaredValueOf(denoter, module, callee);
  return value !== null && value.node !== bareOf(callee);
}
