// Which declaration a name means, by syntax alone: the scopes of one file and the bindings in them. Types are left out; a name
// that no scope declares is a global. A rule must never guess by spelling: `const Math = { random: () => 4 }` is harmless.
import { ts } from "../typescript/ts-morph.ts";

export type BindingKind =
  | "import"
  | "const"
  | "let"
  | "var"
  | "function"
  | "class"
  | "enum"
  | "parameter"
  | "catch";

/** One declared name. */
export interface Binding {
  readonly name: string;
  readonly kind: BindingKind;
  /** A variable declaration, binding element, parameter, function, class, enum, import clause or specifier. */
  readonly node: ts.Node;
  readonly scope: Scope;
}

/** A stretch of source with names of its own; the outermost is the file. */
export interface Scope {
  readonly node: ts.Node;
  readonly parent: Scope | null;
  readonly names: Map<string, Binding>;
}

export interface Scopes {
  /** Names of the file itself. */
  readonly top: Scope;
  /** The binding that an identifier in value position means; null for a global. */
  bindingOf(identifier: ts.Identifier): Binding | null;
}

/** Builds the scopes of a file in one walk. The tree must have parent pointers (ts-morph sets them). */
export function scopesOf(source: ts.SourceFile): Scopes {
  const byNode = new Map<ts.Node, Scope>();
  const top: Scope = { node: source, parent: null, names: new Map() };
  byNode.set(source, top);
  ts.forEachChild(source, (child) => declare(child, top));

  function declare(node: ts.Node, scope: Scope): void {
    if (isTypeOnly(node)) return;
    let inner = scope;
    if (opensScope(node)) {
      inner = { node, parent: scope, names: new Map() };
      byNode.set(node, inner);
    }
    if (ts.isVariableDeclarationList(node)) declareVariables(node, inner);
    else if (ts.isFunctionDeclaration(node)) add(scope, node.name, "function", node);
    else if (ts.isClassDeclaration(node)) add(scope, node.name, "class", node);
    else if (ts.isEnumDeclaration(node)) add(scope, node.name, "enum", node);
    else if (ts.isModuleDeclaration(node) && ts.isIdentifier(node.name)) add(scope, node.name, "const", node);
    else if (ts.isFunctionExpression(node)) add(inner, node.name, "function", node);
    else if (ts.isClassExpression(node)) add(inner, node.name, "class", node);
    else if (ts.isParameter(node)) addPattern(inner, node.name, "parameter", node);
    else if (ts.isCatchClause(node) && node.variableDeclaration !== undefined)
      addPattern(inner, node.variableDeclaration.name, "catch", node.variableDeclaration);
    else if (ts.isImportDeclaration(node)) declareImport(node, scope);
    else if (ts.isImportEqualsDeclaration(node)) add(scope, node.name, "import", node);
    ts.forEachChild(node, (child) => declare(child, inner));
  }

  function declareVariables(list: ts.VariableDeclarationList, scope: Scope): void {
    const isVar = (list.flags & ts.NodeFlags.BlockScoped) === 0;
    const kind = isVar ? "var" : (list.flags & ts.NodeFlags.Const) !== 0 ? "const" : "let";
    let target = scope;
    while (isVar && target.parent !== null && !holdsVar(target.node)) target = target.parent;
    for (const declaration of list.declarations) addPattern(target, declaration.name, kind, declaration);
  }

  function bindingOf(identifier: ts.Identifier): Binding | null {
    let node: ts.Node = identifier;
    while (!byNode.has(node)) node = node.parent;
    for (let scope: Scope | null = byNode.get(node)!; scope !== null; scope = scope.parent) {
      const binding = scope.names.get(identifier.text);
      if (binding !== undefined) return binding;
    }
    return null;
  }
  return { top, bindingOf };
}

function declareImport(node: ts.ImportDeclaration, scope: Scope): void {
  const clause = node.importClause;
  if (clause === undefined || clause.isTypeOnly) return;
  add(scope, clause.name, "import", clause);
  const bindings = clause.namedBindings;
  if (bindings === undefined) return;
  if (ts.isNamespaceImport(bindings)) add(scope, bindings.name, "import", bindings);
  else
    for (const element of bindings.elements)
      if (!element.isTypeOnly) add(scope, element.name, "import", element);
}

function addPattern(scope: Scope, name: ts.BindingName, kind: BindingKind, node: ts.Node): void {
  if (ts.isIdentifier(name)) {
    add(scope, name, kind, node);
    return;
  }
  for (const element of name.elements)
    if (ts.isBindingElement(element)) addPattern(scope, element.name, kind, element);
}

function add(scope: Scope, name: ts.Identifier | undefined, kind: BindingKind, node: ts.Node): void {
  if (name === undefined) return;
  // The first declaration stands, unless it is an overload: what runs is the one with a body.
  const first = scope.names.get(name.text)?.node;
  if (first !== undefined && !(ts.isFunctionDeclaration(first) && first.body === undefined)) return;
  scope.names.set(name.text, { name: name.text, kind, node, scope });
}

function opensScope(node: ts.Node): boolean {
  return (
    ts.isFunctionLike(node) ||
    ts.isBlock(node) ||
    ts.isForStatement(node) ||
    ts.isForInStatement(node) ||
    ts.isForOfStatement(node) ||
    ts.isCatchClause(node) ||
    ts.isCaseBlock(node) ||
    ts.isClassExpression(node) ||
    ts.isClassStaticBlockDeclaration(node) ||
    ts.isModuleBlock(node)
  );
}

function holdsVar(node: ts.Node): boolean {
  return ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node) || ts.isModuleBlock(node);
}

/** Nodes that leave no trace at run time. */
export function isTypeOnly(node: ts.Node): boolean {
  if (ts.isExpressionWithTypeArguments(node)) return false;
  if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  if (ts.isTypeParameterDeclaration(node)) return true;
  if (ts.isHeritageClause(node)) return node.token === ts.SyntaxKind.ImplementsKeyword;
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node)?.some((modifier) => modifier.kind === ts.SyntaxKind.DeclareKeyword) ?? false)
  );
}
