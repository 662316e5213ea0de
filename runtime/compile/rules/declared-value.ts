// From a name or member to the declaration that gives it its value: functions, methods and members of literals, followed through
// constants, parameters' type names and `new`. All by syntax; null wherever a type would be needed.
import { ts } from "../typescript/ts-morph.ts";
import { bareOf, type Denoter } from "./denote.ts";
import type { Module } from "./module-graph.ts";
import type { Binding } from "./scope.ts";
import { typeNamed } from "./type-names.ts";

/** A node and the module it stands in. */
export interface Located<T extends ts.Node = ts.Node> {
  readonly module: Module;
  readonly node: T;
}

/** The declaration that a name or member leads to: a function, class, method, property, variable initializer ... */
export function declaredValueOf(denoter: Denoter, module: Module, expression: ts.Node): Located | null {
  const bare = bareOf(expression);
  if (ts.isPropertyAccessExpression(bare)) {
    const denoted = denoter.of(module, bare);
    if (denoted === null) return memberOf(denoter, module, bare.expression, bare.name.text);
  }
  if (!ts.isIdentifier(bare) && !ts.isPropertyAccessExpression(bare)) return { module, node: bare };
  const denoted = denoter.of(module, bare);
  if (denoted?.kind === "expression") return declaredValueOf(denoter, denoted.module, denoted.node);
  return denoted?.kind === "declared"
    ? declaredValueOfBinding(denoter, denoted.module, denoted.binding)
    : null;
}

function declaredValueOfBinding(denoter: Denoter, module: Module, binding: Binding): Located | null {
  const { node } = binding;
  if (binding.kind === "function" || binding.kind === "class") return { module, node };
  if (ts.isParameter(node) && node.type !== undefined && ts.isFunctionTypeNode(node.type)) {
    return { module, node: node.type };
  }
  if (!ts.isVariableDeclaration(node) || binding.kind !== "const" || node.initializer === undefined)
    return null;
  return declaredValueOf(denoter, module, node.initializer);
}

/** The member `name` of an object: of a literal, of a class behind `new`, of `this`, or of the class or interface a name is annotated with. */
function memberOf(denoter: Denoter, module: Module, object: ts.Node, name: string): Located | null {
  const holder = shapeOf(denoter, module, object);
  return holder === null ? null : memberIn(denoter, holder, name, 0);
}

/** The literal, class or interface that says what members an expression has. */
export function shapeOf(denoter: Denoter, module: Module, object: ts.Node): Located | null {
  const bare = bareOf(object);
  if (bare.kind === ts.SyntaxKind.ThisKeyword) {
    const owner = ts.findAncestor(bare, ts.isClassLike);
    return owner === undefined ? null : { module, node: owner };
  }
  if (ts.isObjectLiteralExpression(bare)) return { module, node: bare };
  if (ts.isNewExpression(bare)) {
    const made = declaredValueOf(denoter, module, bare.expression);
    return made !== null && ts.isClassLike(made.node) ? made : null;
  }
  if (ts.isCallExpression(bare)) return shapeOfResult(denoter, module, bare);
  if (ts.isPropertyAccessExpression(bare)) {
    const member = memberOf(denoter, module, bare.expression, bare.name.text);
    if (member === null) return null;
    if (
      ts.isPropertyDeclaration(member.node) ||
      ts.isPropertySignature(member.node) ||
      ts.isParameter(member.node)
    ) {
      return shapeOfDeclaration(denoter, member.module, member.node);
    }
    return ts.isExpression(member.node) ? shapeOf(denoter, member.module, member.node) : null;
  }
  if (!ts.isIdentifier(bare)) return null;
  const denoted = denoter.of(module, bare);
  if (denoted?.kind !== "declared") return null;
  const { node } = denoted.binding;
  // Of a class itself the static members; a name is one or the other.
  if (denoted.binding.kind === "class") return { module: denoted.module, node };
  return ts.isVariableDeclaration(node) || ts.isParameter(node)
    ? shapeOfDeclaration(denoter, denoted.module, node)
    : null;
}

/** What a function of the project returns, by its annotation or by the one expression that it is. */
function shapeOfResult(denoter: Denoter, module: Module, call: ts.CallExpression): Located | null {
  const called = declaredValueOf(denoter, module, call.expression);
  if (called === null || !ts.isFunctionLike(called.node)) return null;
  if (called.node.type !== undefined) return shapeOfType(denoter, called.module, called.node.type);
  const isExpression = ts.isArrowFunction(called.node) && !ts.isBlock(called.node.body);
  // A function that returns its own call would never end.
  return isExpression && !ts.isCallExpression(bareOf(called.node.body))
    ? shapeOf(denoter, called.module, called.node.body)
    : null;
}

function shapeOfDeclaration(
  denoter: Denoter,
  module: Module,
  node: ts.VariableDeclaration | ts.ParameterDeclaration | ts.PropertyDeclaration | ts.PropertySignature,
): Located | null {
  if (node.type !== undefined) return shapeOfType(denoter, module, node.type);
  if (!("initializer" in node) || node.initializer === undefined) return null;
  return shapeOf(denoter, module, node.initializer);
}

function shapeOfType(denoter: Denoter, module: Module, type: ts.TypeNode): Located | null {
  if (ts.isTypeLiteralNode(type)) return { module, node: type };
  if (!ts.isTypeReferenceNode(type) || !ts.isIdentifier(type.typeName)) return null;
  return declaredType(denoter, module, type.typeName.text);
}

function declaredType(denoter: Denoter, module: Module, name: string): Located | null {
  const named = typeNamed(denoter.graph, module, name);
  return named?.kind === "declared" ? named : null;
}

function memberIn(denoter: Denoter, holder: Located, name: string, depth: number): Located | null {
  const { node, module } = holder;
  if (depth > 8) return null;
  if (ts.isObjectLiteralExpression(node)) return memberOfLiteral(denoter, module, node, name);
  if (ts.isTypeAliasDeclaration(node)) {
    const shape = shapeOfType(denoter, module, node.type);
    return shape === null ? null : memberIn(denoter, shape, name, depth + 1);
  }
  if (!ts.isClassLike(node) && !ts.isInterfaceDeclaration(node) && !ts.isTypeLiteralNode(node)) return null;
  for (const member of node.members) {
    if (member.name !== undefined && nameOf(member.name) === name) return { module, node: member };
    if (ts.isConstructorDeclaration(member)) {
      const field = member.parameters.find(
        (parameter) =>
          ts.isParameterPropertyDeclaration(parameter, member) && nameOf(parameter.name) === name,
      );
      if (field !== undefined) return { module, node: field };
    }
  }
  return ts.isTypeLiteralNode(node) ? null : inherited(denoter, holder, name, depth);
}

function inherited(denoter: Denoter, holder: Located, name: string, depth: number): Located | null {
  const { node, module } = holder;
  if (!ts.isClassLike(node) && !ts.isInterfaceDeclaration(node)) return null;
  for (const clause of node.heritageClauses ?? []) {
    if (clause.token !== ts.SyntaxKind.ExtendsKeyword) continue;
    for (const { expression } of clause.types) {
      const base = ts.isClassLike(node)
        ? declaredValueOf(denoter, module, expression)
        : ts.isIdentifier(expression)
          ? declaredType(denoter, module, expression.text)
          : null;
      const found = base === null ? null : memberIn(denoter, base, name, depth + 1);
      if (found !== null) return found;
    }
  }
  return null;
}

function memberOfLiteral(
  denoter: Denoter,
  module: Module,
  literal: ts.ObjectLiteralExpression,
  name: string,
): Located | null {
  for (const property of literal.properties) {
    if (property.name === undefined || nameOf(property.name) !== name) continue;
    if (ts.isPropertyAssignment(property)) return declaredValueOf(denoter, module, property.initializer);
    if (ts.isShorthandPropertyAssignment(property)) return declaredValueOf(denoter, module, property.name);
    return { module, node: property };
  }
  return null;
}

/** The text of a plain property name; null for a computed one and for patterns. */
export function nameOf(name: ts.Node): string | null {
  if (ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)) return name.text;
  return ts.isPrivateIdentifier(name) ? name.text : null;
}
