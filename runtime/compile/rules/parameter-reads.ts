// Which parameters the stages read: members of `parameters`, destructured names, `uses` of a stage, what programs are told of, and names in
// the functions of the space itself. "all" as soon as `parameters` is used whole: handed to a function, spread, iterated.
import { ts } from "../typescript/ts-morph.ts";
import { contextEscapes } from "./context-escapes.ts";
import type { Declaration } from "./declaration.ts";
import { nameOf } from "./declared-value.ts";
import { propertyValue } from "./definition-parts.ts";
import { bareOf } from "./denote.ts";
import { addProgram, programsOf } from "./program-reads.ts";
import type { Subject } from "./rule.ts";

export type ParameterReads = ReadonlySet<string> | "all";

export function parameterReads(subject: Subject): ParameterReads {
  const reads = new Set<string>();
  const programs = programsOf(subject);
  if (contextEscapes(subject, programs.length)) return "all";
  if (!programs.every((program) => addProgram(subject, program, reads))) return "all";
  for (const { declaration } of subject.reached) {
    for (const node of [...declaration.identifiers, ...declaration.members]) {
      const isParameters = subject.context.nameOf(declaration.module, node) === "parameters";
      if (isParameters && !addUse(declaration, node, reads)) return "all";
    }
    for (const node of declaration.performed) addNames(node, reads);
    for (const element of declaration.elements) {
      if (isParametersPattern(subject, declaration, element) && !addPattern(element.name, reads))
        return "all";
    }
  }
  return addUses(subject, reads) ? addSpace(subject, reads) : "all";
}

/** Adds what one mention of `parameters` reads; false when it is all. */
function addUse(declaration: Declaration, mention: ts.Node, reads: Set<string>): boolean {
  let node = mention;
  while (bareOf(node.parent) === bareOf(mention)) node = node.parent;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node) {
    reads.add(parent.name.text);
    return true;
  }
  if (ts.isElementAccessExpression(parent) && parent.expression === node) {
    if (!ts.isStringLiteralLike(parent.argumentExpression)) return false;
    reads.add(parent.argumentExpression.text);
    return true;
  }
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InKeyword) {
    if (parent.right !== node || !ts.isStringLiteralLike(parent.left)) return false;
    reads.add(parent.left.text);
    return true;
  }
  if (!ts.isVariableDeclaration(parent) || parent.initializer !== node) return false;
  if (!ts.isIdentifier(parent.name)) return addPattern(parent.name, reads);
  const uses = declaration.identifiers.filter(
    (identifier) => declaration.module.scopes.bindingOf(identifier)?.node === parent,
  );
  return uses.every((use) => addUse(declaration, use, reads));
}

/** `{ firms, discount: d }`; false for a rest or a computed name. */
function addPattern(pattern: ts.BindingName, reads: Set<string>): boolean {
  // `{ parameters }` names the whole; its mentions are looked at one by one.
  if (ts.isIdentifier(pattern)) return true;
  if (ts.isArrayBindingPattern(pattern)) return false;
  return pattern.elements.every((element) => {
    const name = element.dotDotDotToken === undefined ? nameOf(element.propertyName ?? element.name) : null;
    if (name !== null) reads.add(name);
    return name !== null;
  });
}

/** `parameters` with a pattern of its own: `trial({ parameters: { firms } })`, `const { parameters: { firms } } = context`. */
function isParametersPattern(subject: Subject, { module }: Declaration, element: ts.BindingElement): boolean {
  const { propertyName, parent } = element;
  if (propertyName === undefined || nameOf(propertyName) !== "parameters" || ts.isIdentifier(element.name))
    return false;
  const holder = parent.parent;
  if (ts.isParameter(holder)) return subject.context.isParameter(module, holder);
  if (!ts.isVariableDeclaration(holder) || holder.initializer === undefined) return false;
  return subject.context.isWhole(module, holder.initializer);
}

/** Names under `uses`; false when the list is computed. */
function addUses(subject: Subject, reads: Set<string>): boolean {
  return subject.experiment.stages.every((stage) => {
    const property = stage.options?.getProperty("uses")?.compilerNode;
    if (property === undefined) return true;
    if (!ts.isPropertyAssignment(property)) return false;
    const list = bareOf(property.initializer);
    if (ts.isStringLiteralLike(list)) return true;
    if (!ts.isArrayLiteralExpression(list)) return false;
    return list.elements.every((element) => {
      if (ts.isStringLiteralLike(element)) reads.add(element.text);
      return ts.isStringLiteralLike(element);
    });
  });
}

/** Every member, bound name and text in a piece of code, any of which may be a parameter's. */
function addNames(node: ts.Node, reads: Set<string>): void {
  if (ts.isPropertyAccessExpression(node)) reads.add(node.name.text);
  else if (ts.isBindingElement(node)) reads.add(nameOf(node.propertyName ?? node.name) ?? "");
  else if (ts.isStringLiteralLike(node)) reads.add(node.text);
  ts.forEachChild(node, (child) => addNames(child, reads));
}

/** What `where` and dependent values of the space look at counts as read: they decide what is run. */
function addSpace(subject: Subject, reads: Set<string>): Set<string> {
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) addNames(node, reads);
    else ts.forEachChild(node, visit);
  };
  // What ports give of requests by the parameters is read as well.
  for (const name of ["parameters", "effects"]) {
    const value = propertyValue(subject.experiment, name);
    if (value === null) continue;
    for (const { declaration } of subject.reachedFrom(value, name)) visit(declaration.node);
  }
  return reads;
}
