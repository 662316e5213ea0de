// Where code changes a value in place, and which variable that value hangs from: through members, local aliases, `this`, and
// functions that change what they are handed.
import { ts } from "../typescript/ts-morph.ts";
import { changesInPlace, hasOwnMember } from "./collection.ts";
import { type Declaration, readDeclaration } from "./declaration.ts";
import { declaredValueOf, type Located } from "./declared-value.ts";
import { bareOf, type Denoter } from "./denote.ts";
import type { Module } from "./module-graph.ts";
import { rootOf } from "./reach.ts";

/** One change: the node that makes it, and the expression whose value is changed. */
export interface Mutation {
  readonly node: ts.Node;
  readonly target: ts.Expression;
  /** False for `name = value`, which changes what the name holds rather than the value. */
  readonly inPlace: boolean;
}

const firstArgument =
  /^(Object\.(assign|defineProperty|defineProperties|setPrototypeOf)|Reflect\.(set|deleteProperty|defineProperty)|Atomics\.(add|and|compareExchange|exchange|or|store|sub|xor))$/;

/** Finds mutations; what a function does to its parameters and to `this` is worked out once. */
export class Mutations {
  readonly #denoter: Denoter;
  readonly #kept = new Map<Declaration, readonly Mutation[]>();
  readonly #ofFunctions = new Map<ts.Node, readonly (number | "this")[]>();

  constructor(denoter: Denoter) {
    this.#denoter = denoter;
  }

  of(declaration: Declaration): readonly Mutation[] {
    let found = this.#kept.get(declaration);
    if (found === undefined) {
      found = [...this.#find(declaration)];
      this.#kept.set(declaration, found);
    }
    return found;
  }

  *#find(declaration: Declaration): Generator<Mutation> {
    const { module } = declaration;
    for (const target of declaration.writes) {
      const bare = bareOf(target) as ts.Expression; // The inside of parentheses around an expression is one.
      yield { node: writeAround(target), target: bare, inPlace: !ts.isIdentifier(bare) };
    }
    for (const call of declaration.calls) {
      const callee = bareOf(call.expression);
      const denoted = this.#denoter.of(module, callee);
      const [first] = call.arguments ?? [];
      if (denoted?.kind === "global" && firstArgument.test(denoted.path) && first !== undefined) {
        yield { node: call, target: first, inPlace: true };
      }
      const isMethod = ts.isCallExpression(call) && ts.isPropertyAccessExpression(callee);
      if (isMethod && !hasOwnMember(this.#denoter, module, callee)) {
        if (changesInPlace(this.#denoter, module, callee.expression, callee.name.text)) {
          yield { node: call, target: callee.expression, inPlace: true };
        }
      } else if (ts.isCallExpression(call)) {
        const called = declaredValueOf(this.#denoter, module, callee);
        for (const part of called === null ? [] : this.#changedBy(called)) {
          const target = part === "this" ? (isMethod ? callee.expression : undefined) : call.arguments[part];
          if (target !== undefined && !ts.isSpreadElement(target))
            yield { node: call, target, inPlace: true };
        }
      }
    }
  }

  /** Which parameters, by number, and whether `this`, a function changes in place. */
  #changedBy({ module, node }: Located): readonly (number | "this")[] {
    if (!ts.isFunctionLike(node) || !("body" in node) || node.body === undefined) return [];
    const known = this.#ofFunctions.get(node);
    if (known !== undefined) return known;
    // Set first, for recursion.
    this.#ofFunctions.set(node, []);
    const changed = new Set<number | "this">();
    for (const mutation of this.of(readDeclaration(module, node, ""))) {
      if (!mutation.inPlace) continue;
      const root = aliasRoot(module, mutation.target);
      if (root.kind === ts.SyntaxKind.ThisKeyword) changed.add("this");
      if (!ts.isIdentifier(root)) continue;
      const binding = module.scopes.bindingOf(root);
      const parameters: readonly ts.Node[] = node.parameters;
      const index = binding === null ? -1 : parameters.indexOf(binding.node);
      if (index >= 0) changed.add(index);
    }
    const result = [...changed];
    this.#ofFunctions.set(node, result);
    return result;
  }
}

/** The name (or `this`) that a value hangs from, through members and local constants that only name a part of it. */
export function aliasRoot(module: Module, expression: ts.Expression, depth = 0): ts.Node {
  const root = rootOf(expression);
  if (!ts.isIdentifier(root) || depth > 8) return root;
  const binding = module.scopes.bindingOf(root);
  if (binding === null || binding.kind !== "const" || binding.scope === module.scopes.top) return root;
  let node = binding.node;
  while (ts.isBindingElement(node)) {
    if (node.dotDotDotToken !== undefined) return root;
    node = node.parent.parent;
  }
  if (!ts.isVariableDeclaration(node)) return root;
  const loop = node.parent.parent;
  const source = ts.isForOfStatement(loop) ? loop.expression : node.initializer;
  if (source === undefined) return root;
  const from = rootOf(source);
  const isName = ts.isIdentifier(from) || from.kind === ts.SyntaxKind.ThisKeyword;
  return isName ? aliasRoot(module, source, depth + 1) : root;
}

function writeAround(target: ts.Expression): ts.Node {
  const outer = target.parent;
  const isWrite =
    ts.isBinaryExpression(outer) ||
    ts.isPrefixUnaryExpression(outer) ||
    ts.isPostfixUnaryExpression(outer) ||
    ts.isDeleteExpression(outer);
  return isWrite ? outer : target;
}
