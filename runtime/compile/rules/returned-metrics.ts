// Which metrics a trial returns, from its return statements: through constants, helpers, conditionals and censored({...}).
import { ts } from "../typescript/ts-morph.ts";
import { readDeclaration } from "./declaration.ts";
import { declaredValueOf, type Located, nameOf } from "./declared-value.ts";
import { functionBehind, propertyValue } from "./definition-parts.ts";
import { bareOf } from "./denote.ts";
import type { Module } from "./module-graph.ts";
import { returnsOf } from "./promise-valued.ts";
import { rootOf } from "./reach.ts";
import type { Subject } from "./rule.ts";

/** Names returned on some path, each with where it is written. */
export interface Returned {
  readonly names: ReadonlyMap<string, ts.Node>;
  /** True when a path may return more than syntax can see. */
  readonly open: boolean;
}

/** What the trial of an experiment returns; null when its function or any return cannot be found. */
export function returnedMetrics(subject: Subject): Returned | null {
  const value = propertyValue(subject.experiment, "trial");
  const trial = value === null ? null : functionBehind(subject.denoter, subject.module, value);
  if (trial === null) return null;
  const collector = new Collector(subject);
  collector.addFunction(trial);
  // onRecord may end a trial with metrics of its own.
  const open = collector.open || subject.experiment.properties.has("onRecord");
  return { names: collector.names, open };
}

class Collector {
  readonly names = new Map<string, ts.Node>();
  open = false;
  readonly #subject: Subject;
  readonly #seen = new Set<ts.Node>();

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  addFunction({ module, node }: Located): void {
    if (this.#seen.has(node)) return;
    this.#seen.add(node);
    if (
      !ts.isFunctionLike(node) ||
      !("body" in node) ||
      node.body === undefined ||
      ("asteriskToken" in node && node.asteriskToken !== undefined)
    ) {
      this.open = true;
      return;
    }
    if (!ts.isBlock(node.body)) this.add(module, node.body);
    else for (const value of returnsOf(node.body)) this.add(module, value);
  }

  add(module: Module, value: ts.Node): void {
    const node = bareOf(value);
    if (ts.isObjectLiteralExpression(node)) this.#addLiteral(module, node);
    else if (ts.isConditionalExpression(node)) {
      this.add(module, node.whenTrue);
      this.add(module, node.whenFalse);
    } else if (ts.isAwaitExpression(node)) this.add(module, node.expression);
    else if (ts.isCallExpression(node)) this.#addCall(module, node);
    else if (ts.isIdentifier(node)) this.#addName(module, node);
    else this.open = true;
  }

  #addLiteral(module: Module, literal: ts.ObjectLiteralExpression): void {
    for (const property of literal.properties) {
      if (ts.isSpreadAssignment(property)) {
        this.add(module, property.expression);
        continue;
      }
      const name = nameOf(property.name);
      if (name === null) this.open = true;
      else if (!this.names.has(name)) this.names.set(name, property.name);
    }
  }

  /** A constant literal that nobody adds to afterwards. */
  #addName(module: Module, name: ts.Identifier): void {
    const found = declaredValueOf(this.#subject.denoter, module, name);
    const binding = module.scopes.bindingOf(name);
    const isKnown = found !== null && binding !== null && found.node !== name && !this.#seen.has(found.node);
    if (!isKnown || this.#isAddedTo(module, name)) {
      this.open = true;
      return;
    }
    this.#seen.add(found.node);
    this.add(found.module, found.node);
  }

  #isAddedTo(module: Module, name: ts.Identifier): boolean {
    const binding = module.scopes.bindingOf(name);
    const owner =
      ts.findAncestor(name, (node) => ts.isFunctionLike(node) || ts.isSourceFile(node)) ?? module.source;
    const declaration = readDeclaration(module, owner, "");
    return declaration.writes.some((target) => {
      const root = rootOf(target);
      return ts.isIdentifier(root) && module.scopes.bindingOf(root) === binding;
    });
  }

  #addCall(module: Module, call: ts.CallExpression): void {
    const { denoter, context } = this.#subject;
    const denoted = denoter.of(module, call.expression);
    const fromPackage =
      denoted?.kind === "package" && /^labwright/.test(denoted.module) ? denoted.path : null;
    const name = context.nameOf(module, call.expression) ?? fromPackage;
    if (name === "refuse") return;
    if (name === "censored") {
      this.#addCensored(module, call);
      return;
    }
    const called = functionBehind(denoter, module, call.expression);
    if (called === null) this.open = true;
    else this.addFunction(called);
  }

  #addCensored(module: Module, call: ts.CallExpression): void {
    const [options] = call.arguments;
    if (options === undefined || !ts.isObjectLiteralExpression(bareOf(options))) {
      this.open = true;
      return;
    }
    for (const property of (bareOf(options) as ts.ObjectLiteralExpression).properties) {
      if (!ts.isPropertyAssignment(property)) continue;
      const name = nameOf(property.name);
      if (name === "metrics") this.add(module, property.initializer);
      else if (name === "metric" && ts.isStringLiteralLike(property.initializer)) {
        this.names.set(property.initializer.text, property.initializer);
      } else if (name === "metric") this.open = true;
    }
  }
}
