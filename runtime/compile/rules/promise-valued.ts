// Whether an expression gives a promise, by syntax: `async`, a Promise annotation, `new Promise`, `.then`, import(), the trial
// context's own functions, and whatever returns one of these. "unknown" where only a type checker could tell.
import { ts } from "../typescript/ts-morph.ts";
import { declaredValueOf, type Located } from "./declared-value.ts";
import { bareOf, type Denoter } from "./denote.ts";
import type { Module } from "./module-graph.ts";

export type PromiseAnswer = "yes" | "no" | "unknown";

/** Functions of the trial context that give a promise; the others (record, log, random.float ...) give none. */
const promisingContextNames: ReadonlySet<string> = new Set(["checkpoint", "restore", "steps", "effect"]);

const promisingGlobals = /^(fetch|Promise\.(all|allSettled|any|race|resolve|reject|try))$/;
const plainGlobals =
  /^(console|Math|Object|Array|Number|String|Boolean|BigInt|Symbol|JSON|Reflect|Date|performance|process|Atomics|Intl|Buffer|structuredClone|queueMicrotask|set(Timeout|Interval|Immediate)|clear(Timeout|Interval|Immediate)|parse(Int|Float)|require|globalThis)(\.|$)/;

export interface PromiseJudge {
  /** Whether the value of `expression` is a promise. */
  of(module: Module, expression: ts.Node): PromiseAnswer;
  /** Whether calling the function that `callback` is or names gives a promise. */
  ofCallback(module: Module, callback: ts.Node): PromiseAnswer;
}

/** The operands that the value of a binary expression may be: one, two, or none. */
function valuesOf({ operatorToken, left, right }: ts.BinaryExpression): readonly ts.Node[] {
  switch (operatorToken.kind) {
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.CommaToken:
      return [right];
    case ts.SyntaxKind.BarBarToken:
    case ts.SyntaxKind.QuestionQuestionToken:
      return [left, right];
    default:
      return [];
  }
}

/** `ofContext` answers for the functions of a stage's context, and gives null for any other callee. */
export function promiseJudge(
  denoter: Denoter,
  ofContext: (module: Module, callee: ts.Node) => PromiseAnswer | null,
): PromiseJudge {
  const returning = new Map<ts.Node, PromiseAnswer>();

  function of(module: Module, expression: ts.Node): PromiseAnswer {
    const node = bareOf(expression);
    if (ts.isCallExpression(node)) return ofCall(module, node);
    if (ts.isNewExpression(node)) {
      const denoted = denoter.of(module, node.expression);
      return denoted?.kind === "global" && denoted.path === "Promise" ? "yes" : "no";
    }
    if (ts.isConditionalExpression(node))
      return either(of(module, node.whenTrue), of(module, node.whenFalse));
    if (ts.isBinaryExpression(node)) {
      const [left, right] = valuesOf(node).map((value) => of(module, value));
      return left === undefined ? "no" : right === undefined ? left : either(left, right);
    }
    if (ts.isIdentifier(node)) {
      const value = declaredValueOf(denoter, module, node);
      return value === null ||
        value.node === node ||
        ts.isIdentifier(value.node) ||
        ts.isFunctionLike(value.node) ||
        ts.isClassLike(value.node)
        ? "unknown"
        : of(value.module, value.node);
    }
    return ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) ? "unknown" : "no";
  }

  function ofCall(module: Module, call: ts.CallExpression): PromiseAnswer {
    const callee = bareOf(call.expression);
    if (callee.kind === ts.SyntaxKind.ImportKeyword) return "yes";
    const fromContext = ofContext(module, callee);
    if (fromContext !== null) return fromContext;
    const denoted = denoter.of(module, callee);
    if (denoted?.kind === "global") {
      if (promisingGlobals.test(denoted.path)) return "yes";
      return plainGlobals.test(denoted.path) ? "no" : "unknown";
    }
    if (denoted?.kind === "builtin")
      return /promises(\/|$|\.)/.test(`${denoted.module}.${denoted.path}`) ? "yes" : "no";
    if (ts.isPropertyAccessExpression(callee)) {
      const ofObject = of(module, callee.expression);
      const isChain = /^(then|catch|finally)$/.test(callee.name.text);
      // `.then` is asked of promises only, whoever made them; `.catch` may be anything's.
      if (isChain && (ofObject === "yes" || (callee.name.text === "then" && ofObject !== "no"))) return "yes";
    }
    return ofCallback(module, callee);
  }

  function ofCallback(module: Module, callback: ts.Node): PromiseAnswer {
    const found = declaredValueOf(denoter, module, callback);
    return found === null ? "unknown" : ofFunction(found);
  }

  function ofFunction(found: Located): PromiseAnswer {
    const { node } = found;
    const known = returning.get(node);
    if (known !== undefined) return known;
    // Set first, for recursion: a function that returns itself adds nothing.
    returning.set(node, "no");
    const answer = judge(found);
    returning.set(node, answer);
    return answer;
  }

  function judge({ module, node }: Located): PromiseAnswer {
    if (ts.isClassLike(node)) return "no";
    if (ts.isPropertyDeclaration(node) || ts.isPropertySignature(node)) {
      if (node.type !== undefined && ts.isFunctionTypeNode(node.type)) return ofType(node.type.type);
      if (node.type !== undefined || !ts.isPropertyDeclaration(node) || node.initializer === undefined)
        return "unknown";
      return ofCallback(module, node.initializer);
    }
    if (!ts.isFunctionLike(node)) return "unknown";
    if (node.type !== undefined) return ofType(node.type);
    const isAsync = (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Async) !== 0;
    const isGenerator = "asteriskToken" in node && node.asteriskToken !== undefined;
    if (isGenerator) return "no";
    if (isAsync) return "yes";
    if (!("body" in node) || node.body === undefined) return "unknown";
    const body: ts.Node = node.body;
    if (!ts.isBlock(body)) return of(module, body);
    return returnsOf(body)
      .map((value) => of(module, value))
      .reduce<PromiseAnswer>(either, "no");
  }

  return { of, ofCallback };
}

/** Whether a function of the trial context, by its name there, gives a promise. */
export function contextAnswer(name: string): PromiseAnswer {
  return promisingContextNames.has(name) ? "yes" : "no";
}

function ofType(type: ts.TypeNode): PromiseAnswer {
  if (ts.isTypeReferenceNode(type)) {
    const name = type.typeName.getText();
    if (/^(Promise|PromiseLike)$/.test(name)) return "yes";
    return "unknown";
  }
  if (ts.isUnionTypeNode(type)) return type.types.map(ofType).reduce(either, "no");
  return ts.isTypePredicateNode(type) ||
    ts.isToken(type) ||
    ts.isArrayTypeNode(type) ||
    ts.isTypeLiteralNode(type)
    ? "no"
    : "unknown";
}

/** The values that a body returns, not those of functions inside it. */
export function returnsOf(body: ts.Node): ts.Expression[] {
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node) && node.expression !== undefined) found.push(node.expression);
    if (!ts.isFunctionLike(node) && !ts.isClassLike(node)) ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
  return found;
}

function either(a: PromiseAnswer, b: PromiseAnswer): PromiseAnswer {
  if (a === "yes" || b === "yes") return "yes";
  return a === "unknown" || b === "unknown" ? "unknown" : "no";
}
