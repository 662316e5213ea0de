// Where the experiments of a file stand, found by syntax alone: the `defineExperiment({...})` calls behind its exports, their
// properties, and the functions of their stages. Whatever is built in another way (a call in a helper, a spread) is left null.
import path from "node:path";
import type { SourcePlace } from "../../diagnostic/diagnostic.ts";
import { placeOfRange, sourceFileOf } from "../typescript/project.ts";
import {
  type CallExpression,
  Node,
  type ObjectLiteralExpression,
  type SourceFile,
} from "../typescript/ts-morph.ts";
import { type LocatedStage, locateStages } from "./locate-stages.ts";
import {
  functionOf,
  initializerOf,
  isStringLiteral,
  memberName,
  memberValue,
  objectLiteralOf,
  resolved,
  unwrapped,
} from "./syntax-values.ts";

export type { LocatedStage };

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
  const stages = locateStages(properties.get("stages")?.node, placeOf);
  if (trialMember !== undefined) {
    stages.push({
      name: "trial",
      place: trialMember.place,
      node: trialMember.node,
      run: trial,
      options: null,
      within: null,
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
