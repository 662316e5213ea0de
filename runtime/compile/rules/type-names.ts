// From the name of a type to its declaration: an interface, an alias or a class of the project, through imports and re-exports.
import { ts } from "../typescript/ts-morph.ts";
import type { Module, ModuleGraph } from "./module-graph.ts";

/** Where a type name leads: a declaration of the project, or the package it is imported from. */
export type NamedType =
  | { readonly kind: "declared"; readonly module: Module; readonly node: ts.Node }
  | { readonly kind: "package"; readonly name: string; readonly type: string };

/** What `name` means as a type in `module`; null for globals and type parameters. */
export function typeNamed(graph: ModuleGraph, module: Module, name: string, depth = 0): NamedType | null {
  if (depth > 8) return null;
  for (const statement of module.source.statements) {
    const declares =
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      ts.isClassDeclaration(statement);
    if (declares && statement.name?.text === name) return { kind: "declared", module, node: statement };
  }
  for (const statement of module.source.statements) {
    if (ts.isImportDeclaration(statement)) {
      const bindings = statement.importClause?.namedBindings;
      if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
      const specifier = bindings.elements.find((element) => element.name.text === name);
      if (specifier !== undefined) return follow(graph, module, statement.moduleSpecifier, specifier, depth);
    }
    const reexports = ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined;
    if (!reexports || depth === 0) continue;
    const clause = statement.exportClause;
    if (clause === undefined) {
      const target = graph.resolve(module, textOf(statement.moduleSpecifier));
      const found = target?.kind === "project" ? typeNamed(graph, target.module, name, depth + 1) : null;
      if (found !== null) return found;
    } else if (ts.isNamedExports(clause)) {
      const specifier = clause.elements.find((element) => element.name.text === name);
      if (specifier !== undefined) return follow(graph, module, statement.moduleSpecifier, specifier, depth);
    }
  }
  return null;
}

function follow(
  graph: ModuleGraph,
  module: Module,
  from: ts.Expression,
  specifier: ts.ImportSpecifier | ts.ExportSpecifier,
  depth: number,
): NamedType | null {
  const target = graph.resolve(module, textOf(from));
  const name = (specifier.propertyName ?? specifier.name).text;
  if (target === null) return null;
  if (target.kind === "project") return typeNamed(graph, target.module, name, depth + 1);
  return target.kind === "package" ? { kind: "package", name: target.name, type: name } : null;
}

function textOf(node: ts.Node | undefined): string {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : "";
}
