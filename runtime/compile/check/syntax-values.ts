// What an expression stands for by syntax alone: through parentheses, casts and constants of the same file.
import { Node, type ObjectLiteralExpression, type SourceFile } from "../typescript/ts-morph.ts";

/** The value behind parentheses, `as`, `satisfies` and a `const` of the same file. */
export function resolved(node: Node): Node {
  const bare = unwrapped(node);
  if (!Node.isIdentifier(bare)) return bare;
  const initializer = initializerOf(bare.getSourceFile(), bare.getText());
  return initializer === undefined ? bare : unwrapped(initializer);
}

export function unwrapped(node: Node): Node {
  let bare = node;
  while (
    Node.isParenthesizedExpression(bare) ||
    Node.isAsExpression(bare) ||
    Node.isSatisfiesExpression(bare)
  ) {
    bare = bare.getExpression();
  }
  return bare;
}

export function initializerOf(source: SourceFile, name: string): Node | undefined {
  return source.getVariableDeclaration(name)?.getInitializer();
}

export function objectLiteralOf(node: Node | undefined): ObjectLiteralExpression | null {
  const value = node === undefined ? undefined : resolved(node);
  return Node.isObjectLiteralExpression(value) ? value : null;
}

/** The function that a value is, or names in the same file; null for anything else. */
export function functionOf(node: Node): Node | null {
  const value = resolved(node);
  if (Node.isArrowFunction(value) || Node.isFunctionExpression(value) || Node.isMethodDeclaration(value))
    return value;
  if (Node.isIdentifier(value)) return value.getSourceFile().getFunction(value.getText()) ?? null;
  return null;
}

/** The value of an object member: an initializer, the method itself, or the identifier of a shorthand. */
export function memberValue(member: Node): Node {
  if (Node.isPropertyAssignment(member)) return member.getInitializerOrThrow();
  if (Node.isShorthandPropertyAssignment(member)) return member.getNameNode();
  return member;
}

export function memberName(member: { getName(): string }): string {
  return member.getName().replace(/^(["'`])(.*)\1$/, "$2");
}

export function isStringLiteral(node: Node): node is Node & { getLiteralText(): string } {
  return Node.isStringLiteral(node) || Node.isNoSubstitutionTemplateLiteral(node);
}
