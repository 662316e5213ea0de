// Where the experiments of a file stand, found by syntax alone: the `defineExperiment({...})` calls behind its exports, their
// properties, and the functions of their stages. Whatever is built in another way (a call in a helper, a spread) is left null.
import path from "node:path";
import { type CallExpression, Node, type ObjectLiteralExpression, type SourceFile } from "ts-morph";
import type { SourcePlace } from "../diagnostic/diagnostic.ts";
import { placeOfRange, sourceFileOf } from "./project.ts";

/** A stage of an experiment as written: its name, its whole value, and its function where that stands in the file itself. */
export interface LocatedStage {
  /** The last stage of every experiment is "trial". */
  readonly name: string;
  readonly place: SourcePlace;
  /** The property assignment, method, shorthand or array element that declares the stage. */
  readonly node: Node;
  /** The function that runs: arrow, function expression, method or declaration; null when it is not in this file. */
  readonly run: Node | null;
  /** The object literal with `per`, `uses` ...; null for the trial and where it is not literal. */
  readonly options: ObjectLiteralExpression | null;
}

/** One exported experiment as written. */
export interface LocatedExperiment {
  /** Relative to the project's root, forward slashes. */
  readonly file: string;
  /** "default", or the name it is exported under. */
  readonly exportName: string;
  readonly source: SourceFile;
  /** The whole `defineExperiment(...)` call, and the place of its callee. */
  readonly call: CallExpression;
  readonly place: SourcePlace;
  /** The first argument where it is an object literal (in place, or a `const` of the same file). */
  readonly definition: ObjectLiteralExpression | null;
  /** Members of the literal by name, with the place of the name. Spreads are not among them. */
  readonly properties: ReadonlyMap<string, { readonly node: Node; readonly place: SourcePlace }>;
  /** The literal value of `name`, when it is one. */
  readonly name: string | null;
  /** In order of writing; the trial is last. */
  readonly stages: readonly LocatedStage[];
  /** The trial's function; null when it is not in this file. */
  readonly trial: Node | null;
}

/** Every exported experiment of the given files (relative to `root`), in order of writing. */
export function locateExperiments(root: string, files: readonly string[]): LocatedExperiment[] {
  return files.flatMap((file) => locateInFile(root, sourceFileOf(root, file)));
}

function locateInFile(root: string, source: SourceFile): LocatedExperiment[] {
  const isDefinition = definitionTest(source);
  const found: LocatedExperiment[] = [];
  for (const { exportName, value } of exportedValues(source)) {
    const call = unwrapped(value);
    if (Node.isCallExpression(call) && isDefinition(call))
      found.push(locatedExperiment(root, source, exportName, call));
  }
  return found.sort((a, b) => a.call.getStart() - b.call.getStart());
}

function locatedExperiment(
  root: string,
  source: SourceFile,
  exportName: string,
  call: CallExpression,
): LocatedExperiment {
  const placeOf = (node: Node): SourcePlace =>
    placeOfRange(root, source, { start: node.getStart(), end: node.getEnd() });
  const definition = objectLiteralOf(call.getArguments()[0]);
  const properties = new Map<string, { node: Node; place: SourcePlace }>();
  for (const member of definition?.getProperties() ?? []) {
    if (Node.isSpreadAssignment(member)) continue;
    properties.set(memberName(member), { node: member, place: placeOf(member.getNameNode()) });
  }
  const trialMember = properties.get("trial");
  const trial = trialMember === undefined ? null : functionOf(memberValue(trialMember.node));
  const stages = stagesOf(properties.get("stages")?.node, placeOf);
  if (trialMember !== undefined) {
    stages.push({
      name: "trial",
      place: trialMember.place,
      node: trialMember.node,
      run: trial,
      options: null,
    });
  }
  const nameMember = properties.get("name");
  const nameValue = nameMember === undefined ? undefined : memberValue(nameMember.node);
  return {
    file: path.relative(root, source.getFilePath()).split(path.sep).join("/"),
    exportName,
    source,
    call,
    place: placeOf(call.getExpression()),
    definition,
    properties,
    name: nameValue !== undefined && isStringLiteral(nameValue) ? nameValue.getLiteralText() : null,
    stages,
    trial,
  };
}

/** Stages may be an object by name or an array of calls whose name is the first argument or the `name` option. */
function stagesOf(member: Node | undefined, placeOf: (node: Node) => SourcePlace): LocatedStage[] {
  const value = member === undefined ? undefined : resolved(memberValue(member));
  const entries: { name: string; node: Node; nameNode: Node; value: Node }[] = [];
  if (Node.isObjectLiteralExpression(value)) {
    for (const property of value.getProperties()) {
      if (Node.isSpreadAssignment(property)) continue;
      entries.push({
        name: memberName(property),
        node: property,
        nameNode: property.getNameNode(),
        value: memberValue(property),
      });
    }
  } else if (Node.isArrayLiteralExpression(value)) {
    for (const element of value.getElements()) {
      const name = stageNameOf(element);
      if (name !== null) entries.push({ name, node: element, nameNode: element, value: element });
    }
  }
  return entries.map(({ name, node, nameNode, value: entry }) => {
    const { options, run } = stageParts(entry);
    return { name, place: placeOf(nameNode), node, run, options };
  });
}

function stageNameOf(element: Node): string | null {
  const call = resolved(element);
  const parts = Node.isCallExpression(call) ? call.getArguments() : [call];
  for (const part of parts) {
    if (isStringLiteral(part)) return part.getLiteralText();
    const property = Node.isObjectLiteralExpression(part) ? part.getProperty("name") : undefined;
    const value = property === undefined ? undefined : memberValue(property);
    if (value !== undefined && isStringLiteral(value)) return value.getLiteralText();
  }
  return null;
}

/** A stage is `{ per, uses, run }`, `stage({ ... })`, `stage(options, fn)` or a bare function. */
function stageParts(value: Node): { options: ObjectLiteralExpression | null; run: Node | null } {
  const node = resolved(value);
  const parts = Node.isCallExpression(node) ? node.getArguments().map(resolved) : [node];
  const options = parts.find(Node.isObjectLiteralExpression) ?? null;
  const direct = parts.map(functionOf).find((part) => part !== null) ?? null;
  const member = options?.getProperty("run");
  return { options, run: direct ?? (member === undefined ? null : functionOf(memberValue(member))) };
}

interface ExportedValue {
  readonly exportName: string;
  readonly value: Node;
}

function exportedValues(source: SourceFile): ExportedValue[] {
  const exported: ExportedValue[] = [];
  const add = (exportName: string, local: Node | undefined): void => {
    if (local !== undefined) exported.push({ exportName, value: resolved(local) });
  };
  for (const statement of source.getStatements()) {
    if (Node.isExportAssignment(statement) && !statement.isExportEquals())
      add("default", statement.getExpression());
    else if (Node.isVariableStatement(statement) && statement.hasExportKeyword()) {
      for (const declaration of statement.getDeclarations())
        add(declaration.getName(), declaration.getInitializer());
    } else if (Node.isExportDeclaration(statement) && !statement.hasModuleSpecifier()) {
      for (const specifier of statement.getNamedExports()) {
        add(
          specifier.getAliasNode()?.getText() ?? specifier.getName(),
          initializerOf(source, specifier.getName()),
        );
      }
    }
  }
  return exported;
}

/** Recognises calls of labwright's defineExperiment under whatever name the file imports it. */
function definitionTest(source: SourceFile): (call: CallExpression) => boolean {
  const names = new Set<string>();
  const namespaces = new Set<string>();
  for (const declaration of source.getImportDeclarations()) {
    if (declaration.getModuleSpecifierValue() !== "labwright") continue;
    const namespace = declaration.getNamespaceImport();
    if (namespace !== undefined) namespaces.add(namespace.getText());
    for (const specifier of declaration.getNamedImports()) {
      if (specifier.getName() === "defineExperiment")
        names.add(specifier.getAliasNode()?.getText() ?? specifier.getName());
    }
  }
  return (call) => {
    const callee = call.getExpression();
    if (Node.isIdentifier(callee)) return names.has(callee.getText());
    if (!Node.isPropertyAccessExpression(callee)) return false;
    return namespaces.has(callee.getExpression().getText()) && callee.getName() === "defineExperiment";
  };
}

/** The value behind parentheses, `as`, `satisfies` and a `const` of the same file. */
function resolved(node: Node): Node {
  const bare = unwrapped(node);
  if (!Node.isIdentifier(bare)) return bare;
  const initializer = initializerOf(bare.getSourceFile(), bare.getText());
  return initializer === undefined ? bare : unwrapped(initializer);
}

function unwrapped(node: Node): Node {
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

function initializerOf(source: SourceFile, name: string): Node | undefined {
  return source.getVariableDeclaration(name)?.getInitializer();
}

function objectLiteralOf(node: Node | undefined): ObjectLiteralExpression | null {
  const value = node === undefined ? undefined : resolved(node);
  return Node.isObjectLiteralExpression(value) ? value : null;
}

/** The function that a value is, or names in the same file; null for anything else. */
function functionOf(node: Node): Node | null {
  const value = resolved(node);
  if (Node.isArrowFunction(value) || Node.isFunctionExpression(value) || Node.isMethodDeclaration(value))
    return value;
  if (Node.isIdentifier(value)) return value.getSourceFile().getFunction(value.getText()) ?? null;
  return null;
}

/** The value of an object member: an initializer, the method itself, or the identifier of a shorthand. */
function memberValue(member: Node): Node {
  if (Node.isPropertyAssignment(member)) return member.getInitializerOrThrow();
  if (Node.isShorthandPropertyAssignment(member)) return member.getNameNode();
  return member;
}

function memberName(member: { getName(): string }): string {
  return member.getName().replace(/^(["'`])(.*)\1$/, "$2");
}

function isStringLiteral(node: Node): node is Node & { getLiteralText(): string } {
  return Node.isStringLiteral(node) || Node.isNoSubstitutionTemplateLiteral(node);
}
