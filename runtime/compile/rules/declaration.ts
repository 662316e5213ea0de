// A top-level declaration of a module, or the function of a stage: what reach counts in. One walk gathers all that the rules ask
// about it, so that a helper shared by twenty experiments is read once.
import { ts } from "../typescript/ts-morph.ts";
import type { Module } from "./module-graph.ts";
import { isTypeOnly } from "./scope.ts";

export interface Declaration {
  readonly module: Module;
  readonly node: ts.Node;
  /** What the author calls it: the declared name, "trial", a stage's name. */
  readonly name: string;
  /** Identifiers in value position, members (`a.b`, `a["b"]`), calls and so on, in order of writing. */
  readonly identifiers: readonly ts.Identifier[];
  readonly members: readonly (ts.PropertyAccessExpression | ts.ElementAccessExpression)[];
  readonly calls: readonly (ts.CallExpression | ts.NewExpression)[];
  readonly elements: readonly ts.BindingElement[];
  readonly statements: readonly ts.ExpressionStatement[];
  readonly declarations: readonly ts.VariableDeclaration[];
  /** Targets of `=`, `+=`, `++`, `delete`. */
  readonly writes: readonly ts.Expression[];
  /** What performs effects (see isPerformedEffect): its insides are in none of the lists above. */
  readonly performed: readonly ts.Node[];
}

/** Reads a declaration once. */
export function readDeclaration(module: Module, node: ts.Node, name: string): Declaration {
  const identifiers: ts.Identifier[] = [];
  const members: (ts.PropertyAccessExpression | ts.ElementAccessExpression)[] = [];
  const calls: (ts.CallExpression | ts.NewExpression)[] = [];
  const elements: ts.BindingElement[] = [];
  const statements: ts.ExpressionStatement[] = [];
  const declarations: ts.VariableDeclaration[] = [];
  const writes: ts.Expression[] = [];
  const performed: ts.Node[] = [];
  const visit = (current: ts.Node): void => {
    if (isTypeOnly(current)) return;
    if (isPerformedEffect(current)) {
      performed.push(current);
      return;
    }
    if (ts.isIdentifier(current)) {
      if (isValue(current)) identifiers.push(current);
      return;
    }
    if (ts.isPropertyAccessExpression(current) || ts.isElementAccessExpression(current))
      members.push(current);
    else if (ts.isCallExpression(current) || ts.isNewExpression(current)) calls.push(current);
    else if (ts.isBindingElement(current)) elements.push(current);
    else if (ts.isExpressionStatement(current)) statements.push(current);
    else if (ts.isVariableDeclaration(current)) declarations.push(current);
    const written = writtenBy(current);
    if (written !== null) writes.push(...targetsOf(written));
    ts.forEachChild(current, visit);
  };
  visit(node);
  return {
    module,
    node,
    name,
    identifiers,
    members,
    calls,
    elements,
    statements,
    declarations,
    writes,
    performed,
  };
}

/**
 * The `perform` of `effect(key, request, { perform })`: the one place of a trial that may touch the world, because its answer is
 * journalled.
 */
function isPerformedEffect(node: ts.Node): boolean {
  if (!ts.isObjectLiteralElementLike(node) || node.name === undefined || !ts.isIdentifier(node.name))
    return false;
  if (node.name.text !== "perform" || !ts.isCallExpression(node.parent.parent)) return false;
  const callee = node.parent.parent.expression;
  if (ts.isIdentifier(callee)) return callee.text === "effect";
  return ts.isPropertyAccessExpression(callee) && callee.name.text === "effect";
}

function writtenBy(node: ts.Node): ts.Expression | null {
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    const assigns = kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
    return assigns ? node.left : null;
  }
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    const counts =
      node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
    return counts ? node.operand : null;
  }
  if (ts.isDeleteExpression(node)) return node.expression;
  const isLoop = ts.isForInStatement(node) || ts.isForOfStatement(node);
  return isLoop && !ts.isVariableDeclarationList(node.initializer) ? node.initializer : null;
}

/** `[a, b.c] = ...` and `({ x: a } = ...)` write to each of their parts. */
function targetsOf(node: ts.Expression): ts.Expression[] {
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap(targetsOf);
  if (ts.isSpreadElement(node)) return targetsOf(node.expression);
  if (ts.isBinaryExpression(node)) return targetsOf(node.left);
  if (!ts.isObjectLiteralExpression(node)) return [node];
  return node.properties.flatMap((property) => {
    if (ts.isPropertyAssignment(property)) return targetsOf(property.initializer);
    if (ts.isShorthandPropertyAssignment(property)) return [property.name];
    return ts.isSpreadAssignment(property) ? targetsOf(property.expression) : [];
  });
}

/** Whether an identifier is read or written as a variable, rather than being the name of a member, label or declaration. */
function isValue(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent)) return parent.initializer === node;
  if (ts.isPropertyDeclaration(parent) || ts.isEnumMember(parent)) return parent.initializer === node;
  if (ts.isMethodDeclaration(parent) || ts.isAccessor(parent)) return false;
  if (ts.isFunctionDeclaration(parent) || ts.isFunctionExpression(parent)) return false;
  if (ts.isClassLike(parent) || ts.isEnumDeclaration(parent) || ts.isModuleDeclaration(parent)) return false;
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) return false;
  return !(ts.isMetaProperty(parent) || ts.isJsxAttribute(parent) || ts.isImportOrExportSpecifier(parent));
}
