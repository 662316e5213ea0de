// A module rewritten so that a bundler can drop every top-level declaration that nothing reaches: initializers become calls
// marked pure. Stage functions are exported beside the definition, so that a slice can enter at one of them. The result is
// hashed, never run.

import type { LocatedExperiment, LocatedStage } from "../check/locate.ts";
import { type Node, type SourceFile, ts } from "../typescript/ts-morph.ts";
import { isPropertyName } from "./canonical-code.ts";
import { portsText, simulationText } from "./ports-text.ts";

/** A top-level declaration of a module and its range in the rewritten text. */
export interface Declaration {
  readonly name: string;
  /** The declaration as the author wrote it. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface SliceSource {
  readonly text: string;
  /** In order of `start`, without overlap. */
  readonly declarations: readonly Declaration[];
}

/** The name under which a rewritten module exports a stage's function. */
export function stageExportOf(
  experiment: { readonly exportName: string },
  stage: { readonly name: string },
): string {
  const plain = `${experiment.exportName}_${stage.name}`.replace(
    /[^A-Za-z0-9_]/g,
    (found) => `$${found.codePointAt(0)}`,
  );
  return `labwright_stage_${plain}`;
}

/** Rewrites one module. `experiments` are those that the module defines. */
export function sliceSourceOf(source: SourceFile, experiments: readonly LocatedExperiment[]): SliceSource {
  const original = source.getFullText();
  const pieces: string[] = [];
  const declarations: Declaration[] = [];
  let length = 0;
  let from = 0;
  const push = (text: string): void => {
    pieces.push(text);
    length += text.length;
  };
  const replace = (node: ts.Node, name: string, text: string): void => {
    const start = node.getStart(source.compilerNode);
    push(original.slice(from, start));
    const keyword = ts.isVariableDeclaration(node) ? "var " : "";
    const written = keyword + original.slice(start, node.end);
    declarations.push({ name, text: written, start: length, end: length + text.length });
    push(text);
    from = node.end;
  };
  for (const statement of source.compilerNode.statements) {
    if (ts.isVariableStatement(statement)) {
      if (hasModifier(statement, ts.SyntaxKind.DeclareKeyword)) continue;
      for (const declaration of statement.declarationList.declarations)
        rewriteVariable(declaration, replace, source);
    } else if (ts.isFunctionDeclaration(statement) && statement.body !== undefined) {
      replace(statement, statement.name?.text ?? "default", statement.getText(source.compilerNode));
    } else if (ts.isClassDeclaration(statement)) {
      replace(statement, statement.name?.text ?? "default", pureClass(statement, source));
    } else if (ts.isEnumDeclaration(statement) || ts.isModuleDeclaration(statement)) {
      replace(statement, statement.name.text, statement.getText(source.compilerNode));
    } else if (ts.isExportAssignment(statement) && statement.isExportEquals !== true) {
      replace(statement, "default", `export default ${pureCall(statement.expression, source)};`);
    } else if (!isTypeOrImport(statement)) {
      replace(statement, sideEffectName(statement, source), statement.getText(source.compilerNode));
    }
  }
  push(original.slice(from));
  for (const experiment of experiments) {
    for (const stage of experiment.stages) {
      push("\n");
      const text = `export const ${stageExportOf(experiment, stage)} = ${stageExpression(experiment, stage)};`;
      const name =
        experiment.exportName === "default" ? stage.name : `${experiment.exportName}.${stage.name}`;
      declarations.push({ name, text, start: length, end: length + text.length });
      push(text);
    }
  }
  return { text: pieces.join(""), declarations };
}

/** What decides a stage's outcome in its own file: its function, the schemas of rows that it may record and, for the trial, their watchers. */
function stageExpression(experiment: LocatedExperiment, stage: LocatedStage): string {
  if (stage.options !== null) {
    const run = stage.options.getProperty("run");
    const text = valueText(run ?? stage.node);
    // What a program hands on besides its metrics, whose rules are hashed by themselves.
    const contents = stage.options.getProperty("contents");
    const series = mayRecord(run) ? experiment.properties.get("series")?.node : undefined;
    const more = [contents, series].flatMap((node) => (node === undefined ? [] : [valueText(node)]));
    const code = more.length === 0 ? text : `[${[text, ...more].join(", ")}]`;
    return stage.within === null && code === text
      ? text
      : pure(
          `{ ${stage.within === null ? "" : localsOf(stage.within, code)} return ${code}; }`,
          stage.node.compilerNode,
        );
  }
  const parts: Node[] = [];
  for (const name of ["series", "onRecord"]) {
    const member = experiment.properties.get(name);
    if (member !== undefined) parts.push(member.node);
  }
  const effects = experiment.properties.get("effects");
  const trial = simulationText(stage.node) ?? valueText(stage.node);
  const texts = [trial, ...parts.map(valueText), ...(effects === undefined ? [] : [portsText(effects.node)])];
  // Pure, so that the slice of an earlier stage drops the trial and its schemas.
  return pure(`[${texts.join(", ")}]`, stage.node.compilerNode);
}

/** Whether a stage's function takes `record` out of its context, or the context whole. */
function mayRecord(run: Node | undefined): boolean {
  const node = run?.compilerNode;
  const made = node !== undefined && ts.isPropertyAssignment(node) ? node.initializer : node;
  if (made === undefined || !ts.isFunctionLike(made)) return true;
  const [context] = made.parameters;
  if (context === undefined) return false;
  if (!ts.isObjectBindingPattern(context.name)) return true;
  return context.name.elements.some(
    ({ dotDotDotToken, propertyName, name }) =>
      dotDotDotToken !== undefined || (propertyName ?? name).getText() === "record",
  );
}

/** The statements of a callback that code inside it may depend on: declarations that it names, directly or not, and side effects. */
function localsOf(callback: Node, code: string): string {
  const { body } = callback.compilerNode as ts.FunctionLikeDeclaration; // functionOf gives functions only.
  if (body === undefined || !ts.isBlock(body)) return "";
  const kept = new Set<ts.Statement>();
  let named = identifiersIn(code);
  for (let before = -1; before < kept.size; ) {
    before = kept.size;
    for (const statement of body.statements) {
      if (ts.isReturnStatement(statement) || kept.has(statement)) continue;
      const names = declaredNames(statement);
      if (names !== null && !names.some((name) => named.has(name))) continue;
      kept.add(statement);
      named = new Set([...named, ...identifiersIn(statement.getText())]);
    }
  }
  return body.statements
    .flatMap((statement) => (kept.has(statement) ? [statement.getText()] : []))
    .join("\n");
}

/** The names that a declaration declares; null for a statement that does something. */
function declaredNames(statement: ts.Statement): readonly string[] | null {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement))
    return [statement.name?.text ?? ""];
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) return [];
  return null;
}

/** The names that code refers to or declares; a member of the same name (`inputs.market`) is none. */
function identifiersIn(code: string): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      if (!isPropertyName(node)) names.add(node.text);
    } else ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("code.ts", code, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TS));
  return names;
}

/** The value of an object member or expression as an expression that stands by itself. */
function valueText(node: Node): string {
  const bare = node.compilerNode;
  if (ts.isPropertyAssignment(bare)) return bare.initializer.getText();
  if (ts.isShorthandPropertyAssignment(bare)) return bare.name.text;
  if (ts.isMethodDeclaration(bare) || ts.isGetAccessor(bare)) return `({ ${bare.getText()} })`;
  if (ts.isFunctionDeclaration(bare) && bare.name !== undefined) return bare.name.text;
  return bare.getText();
}

type Replace = (node: ts.Node, name: string, text: string) => void;

function rewriteVariable(declaration: ts.VariableDeclaration, replace: Replace, source: SourceFile): void {
  const { name, initializer } = declaration;
  const text = declaration.getText(source.compilerNode);
  if (ts.isIdentifier(name)) {
    replace(
      declaration,
      name.text,
      initializer === undefined ? text : `${name.text} = ${pureCall(initializer, source)}`,
    );
    return;
  }
  // `const { a, b } = f()` becomes one declaration a name, each of which can be dropped alone.
  const names = boundNames(name);
  const each = names.map((bound) => `${bound} = ${pure(`{ const ${text}; return ${bound}; }`, declaration)}`);
  replace(declaration, names.join(","), each.join(", "));
}

function pureClass(statement: ts.ClassDeclaration, source: SourceFile): string {
  const text = statement.getText(source.compilerNode);
  const isPlain = statement.heritageClauses === undefined && !/\bstatic\b|@|\[/.test(text);
  if (isPlain) return text;
  const isExported = hasModifier(statement, ts.SyntaxKind.ExportKeyword);
  const isDefault = hasModifier(statement, ts.SyntaxKind.DefaultKeyword);
  const body = text.replace(/^((?:@[\s\S]*?)?)export\s+(?:default\s+)?/, "$1");
  if (statement.name === undefined) return `export default ${pure(`{ return (${body}); }`, statement)};`;
  const own = `const ${statement.name.text} = ${pure(`{ ${body}\nreturn ${statement.name.text}; }`, statement)};`;
  if (isDefault) return `${own} export { ${statement.name.text} as default };`;
  return isExported ? `export ${own}` : own;
}

function pureCall(expression: ts.Expression, source: SourceFile): string {
  const text = expression.getText(source.compilerNode);
  if (
    ts.isFunctionExpression(expression) ||
    ts.isArrowFunction(expression) ||
    ts.isLiteralExpression(expression)
  )
    return text;
  return pure(`(${text})`, expression);
}

/** A call that a bundler may drop when nobody uses its value. */
function pure(body: string, node: ts.Node): string {
  return `/* @__PURE__ */ (${awaits(node) ? "async " : ""}() => ${body})()`;
}

function awaits(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node)) return true;
  if (ts.isFunctionLike(node)) return false;
  return ts.forEachChild(node, awaits) ?? false;
}

function boundNames(pattern: ts.BindingName): string[] {
  if (ts.isIdentifier(pattern)) return [pattern.text];
  return pattern.elements.flatMap((element) =>
    ts.isOmittedExpression(element) ? [] : boundNames(element.name),
  );
}

function isTypeOrImport(statement: ts.Statement): boolean {
  return (
    ts.isImportDeclaration(statement) ||
    ts.isExportDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isImportEqualsDeclaration(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isEmptyStatement(statement)
  );
}

/** A statement that runs for its effect is reached whenever its module is; its first words name it. */
function sideEffectName(statement: ts.Statement, source: SourceFile): string {
  return statement.getText(source.compilerNode).replace(/\s+/g, " ").slice(0, 40);
}

function hasModifier(node: ts.HasModifiers, kind: ts.SyntaxKind): boolean {
  return node.modifiers?.some((modifier) => modifier.kind === kind) ?? false;
}
