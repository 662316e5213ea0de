// One text for all code that means the same: no comments, types, formatting or names of locals. It is hashed, never run.
import { transform } from "esbuild";
import { type Binding, scopesOf } from "../rules/scope.ts";
import { ts } from "../typescript/ts-morph.ts";

/**
 * Canonical text of a piece of TypeScript or JavaScript: printed by esbuild without types, comments and white space, then every
 * declared name replaced by a number in order of first appearance. `scope: "module"` numbers top-level names too; with
 * "declaration" they stay, since other pieces go by them. Rejects with esbuild's error when the code does not parse.
 */
export async function canonicalCode(code: string, scope: "module" | "declaration"): Promise<string> {
  const printed = await transform(code, {
    loader: "ts",
    minifyWhitespace: true,
    legalComments: "none",
    target: "esnext",
  });
  return withNumberedNames(printed.code, scope);
}

// Renaming by esbuild itself would not do: it picks short names by how often each letter occurs in the source, names and types
// among it, so that equal code need not get equal names.
function withNumberedNames(code: string, scope: "module" | "declaration"): string {
  const source = ts.createSourceFile("canonical.js", code, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS);
  const scopes = scopesOf(source);
  const numbers = new Map<Binding, number>();
  const pieces: string[] = [];
  let from = 0;
  const visit = (node: ts.Node): void => {
    if (!ts.isIdentifier(node)) {
      ts.forEachChild(node, visit);
      return;
    }
    if (isPropertyName(node)) return;
    const binding = scopes.bindingOf(node);
    if (binding === null || (scope === "declaration" && binding.scope.parent === null)) return;
    const number = numbers.get(binding) ?? numbers.size;
    numbers.set(binding, number);
    const start = node.getStart(source);
    // "\u00a7" begins no identifier, so that a numbered name equals no written one.
    pieces.push(code.slice(from, start), outerNameOf(node), `\u00a7${number}`);
    from = node.end;
  };
  visit(source);
  return pieces.join("") + code.slice(from);
}

/** An identifier that names a member or a label, not a declaration. */
export function isPropertyName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isMetaProperty(parent)) return parent.name === node;
  if (ts.isBindingElement(parent) || ts.isImportSpecifier(parent)) return parent.propertyName === node;
  if (ts.isExportSpecifier(parent)) return parent.propertyName !== undefined && parent.name === node;
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) return true;
  return (
    (ts.isPropertyAssignment(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isPropertyDeclaration(parent) ||
      ts.isAccessor(parent)) &&
    parent.name === node
  );
}

/** In a shorthand one word is the member and the variable: `{ price }` is `{ price: \u00a71 }`. */
function outerNameOf(node: ts.Identifier): string {
  const { parent } = node;
  const isShort =
    ts.isShorthandPropertyAssignment(parent) ||
    (ts.isBindingElement(parent) &&
      parent.propertyName === undefined &&
      ts.isObjectBindingPattern(parent.parent) &&
      parent.dotDotDotToken === undefined) ||
    ((ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) && parent.propertyName === undefined);
  return isShort ? `${node.text}:` : "";
}
