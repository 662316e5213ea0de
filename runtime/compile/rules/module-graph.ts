// The project's own files as modules: what each exports, and what its imports lead to. node_modules, Node's built-in modules and
// labwright itself are outside; rules know them by name only.
import { existsSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";
import { sourceFileOf } from "../typescript/project.ts";
import { ts } from "../typescript/ts-morph.ts";
import { type Binding, type Scopes, scopesOf } from "./scope.ts";

/** One file of the project. */
export interface Module {
  /** Absolute path. */
  readonly path: string;
  readonly source: ts.SourceFile;
  readonly scopes: Scopes;
  readonly exports: ReadonlyMap<string, Exported>;
  /** Specifiers of `export * from`. */
  readonly stars: readonly string[];
}

/** What an export name stands for. */
export type Exported =
  | { readonly kind: "binding"; readonly binding: Binding }
  | { readonly kind: "expression"; readonly node: ts.Node }
  /** `export { name } from "specifier"`; "*" for the whole module. */
  | { readonly kind: "from"; readonly specifier: string; readonly name: string };

/** Where an import specifier leads. */
export type Target =
  | { readonly kind: "project"; readonly module: Module }
  /** Always with the "node:" prefix. */
  | { readonly kind: "builtin"; readonly name: string }
  | { readonly kind: "package"; readonly name: string };

export interface ModuleGraph {
  readonly root: string;
  /** The module of an absolute path that exists. */
  moduleAt(file: string): Module;
  /** Where `specifier`, written in `from`, leads; null for JSON, WebAssembly and what does not exist. */
  resolve(from: Module, specifier: string): Target | null;
  /** The declaration behind an export name, through re-exports; a package's name where it leads out of the project. */
  exported(module: Module, name: string): ExportTarget | null;
  /** Every export name of a module, through `export *`. */
  exportNames(module: Module): readonly string[];
}

export type ExportTarget =
  | { readonly kind: "binding"; readonly module: Module; readonly binding: Binding }
  | { readonly kind: "expression"; readonly module: Module; readonly node: ts.Node }
  | { readonly kind: "namespace"; readonly module: Module }
  | { readonly kind: "outside"; readonly target: Target; readonly name: string };

export function moduleGraph(root: string): ModuleGraph {
  const modules = new Map<string, Module>();
  const resolvePaths = pathMapping(root);

  function moduleAt(file: string): Module {
    let module = modules.get(file);
    if (module === undefined) {
      module = moduleOf(file, sourceFileOf(root, file).compilerNode);
      modules.set(file, module);
    }
    return module;
  }

  function resolve(from: Module, specifier: string): Target | null {
    if (isBuiltin(specifier)) {
      return { kind: "builtin", name: specifier.startsWith("node:") ? specifier : `node:${specifier}` };
    }
    if (/^labwright(\/|$)/.test(specifier)) return { kind: "package", name: specifier };
    const file = /^[./]/.test(specifier)
      ? existingSource(path.resolve(path.dirname(from.path), specifier))
      : resolvePaths(specifier);
    if (file === undefined) return { kind: "package", name: specifier };
    return file === null ? null : { kind: "project", module: moduleAt(file) };
  }

  function exported(module: Module, name: string, seen = new Set<string>()): ExportTarget | null {
    const key = `${module.path}#${name}`;
    if (seen.has(key)) return null;
    seen.add(key);
    const own = module.exports.get(name);
    if (own?.kind === "binding") return throughImport(module, own.binding, seen);
    if (own?.kind === "expression") return { kind: "expression", module, node: own.node };
    if (own?.kind === "from") return through(module, own.specifier, own.name, seen);
    if (name === "default") return null;
    for (const star of module.stars) {
      const target = resolve(module, star);
      const found = target?.kind === "project" ? exported(target.module, name, seen) : null;
      if (found !== null) return found;
    }
    return null;
  }

  /** `import { a } from "./a"; export { a }` leads on to ./a. */
  function throughImport(module: Module, binding: Binding, seen: Set<string>): ExportTarget | null {
    const imported = binding.kind === "import" ? importOf(binding) : null;
    if (imported === null) return { kind: "binding", module, binding };
    return through(module, imported.specifier, imported.name, seen);
  }

  function through(module: Module, specifier: string, name: string, seen: Set<string>): ExportTarget | null {
    const target = resolve(module, specifier);
    if (target === null) return null;
    if (target.kind !== "project") return { kind: "outside", target, name };
    if (name === "*") return { kind: "namespace", module: target.module };
    return exported(target.module, name, seen);
  }

  function exportNames(module: Module, seen = new Set<Module>()): readonly string[] {
    if (seen.has(module)) return [];
    seen.add(module);
    const names = [...module.exports.keys()];
    for (const star of module.stars) {
      const target = resolve(module, star);
      if (target?.kind === "project") names.push(...exportNames(target.module, seen));
    }
    return [...new Set(names)];
  }
  return {
    root,
    moduleAt,
    resolve,
    exported: (module, name) => exported(module, name),
    exportNames: (module) => exportNames(module),
  };
}

/** The specifier and export name ("*" for the namespace) that an import binding stands for. */
export function importOf(binding: Binding): { readonly specifier: string; readonly name: string } | null {
  const { node } = binding;
  if (ts.isImportClause(node)) return { specifier: textOf(node.parent.moduleSpecifier), name: "default" };
  if (ts.isNamespaceImport(node)) return { specifier: textOf(node.parent.parent.moduleSpecifier), name: "*" };
  if (ts.isImportSpecifier(node)) {
    const name = (node.propertyName ?? node.name).text;
    return { specifier: textOf(node.parent.parent.parent.moduleSpecifier), name };
  }
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
    return { specifier: textOf(node.moduleReference.expression), name: "*" };
  }
  return null;
}

function moduleOf(file: string, source: ts.SourceFile): Module {
  const scopes = scopesOf(source);
  const exports = new Map<string, Exported>();
  const stars: string[] = [];
  const addLocal = (name: string, local: string): void => {
    const binding = scopes.top.names.get(local);
    if (binding !== undefined) exports.set(name, { kind: "binding", binding });
  };
  for (const statement of source.statements) {
    if (ts.isExportAssignment(statement)) {
      exports.set("default", { kind: "expression", node: statement.expression });
    } else if (ts.isExportDeclaration(statement)) {
      readExport(statement);
    } else if (hasModifier(statement, ts.SyntaxKind.ExportKeyword)) {
      const isDefault = hasModifier(statement, ts.SyntaxKind.DefaultKeyword);
      // `export default function () {}` has no name to bind; a named one overwrites this below.
      if (isDefault) exports.set("default", { kind: "expression", node: statement });
      for (const [name, binding] of scopes.top.names) {
        if (statementOf(binding.node) === statement) addLocal(isDefault ? "default" : name, name);
      }
    }
  }
  function readExport(statement: ts.ExportDeclaration): void {
    if (statement.isTypeOnly) return;
    const specifier = statement.moduleSpecifier === undefined ? null : textOf(statement.moduleSpecifier);
    const clause = statement.exportClause;
    if (clause === undefined) {
      if (specifier !== null) stars.push(specifier);
    } else if (ts.isNamespaceExport(clause)) {
      exports.set(clause.name.text, { kind: "from", specifier: specifier!, name: "*" });
    } else {
      for (const element of clause.elements) {
        if (element.isTypeOnly) continue;
        const local = (element.propertyName ?? element.name).text;
        if (specifier === null) addLocal(element.name.text, local);
        else exports.set(element.name.text, { kind: "from", specifier, name: local });
      }
    }
  }
  return { path: file, source, scopes, exports, stars };
}

function statementOf(node: ts.Node): ts.Node {
  let current = node;
  while (!ts.isSourceFile(current.parent)) current = current.parent;
  return current;
}

function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  if (!ts.canHaveModifiers(node)) return false;
  return ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false;
}

function textOf(node: ts.Node): string {
  return ts.isStringLiteralLike(node) ? node.text : "";
}

const sourceEndings = [".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx"];

/** The source file that an extension-less or .js path means; null when there is none (data, or a mistake that tsc reports). */
function existingSource(target: string): string | null {
  const ending = path.extname(target);
  const candidates = sourceEndings.includes(ending) ? [target] : [];
  const asTypeScript = { ".js": ".ts", ".mjs": ".mts", ".cjs": ".cts", ".jsx": ".tsx" }[ending];
  if (asTypeScript !== undefined) candidates.unshift(target.slice(0, -ending.length) + asTypeScript);
  candidates.push(...sourceEndings.map((end) => target + end));
  candidates.push(...sourceEndings.map((end) => path.join(target, `index${end}`)));
  return candidates.find((candidate) => existsSync(candidate)) ?? null;
}

/**
 * Resolves what tsconfig's `paths` and package.json's `imports` (#name) map into the project: undefined when neither does.
 */
function pathMapping(root: string): (specifier: string) => string | null | undefined {
  const configFile = path.join(root, "tsconfig.json");
  const config = existsSync(configFile)
    ? ts.readConfigFile(configFile, (file) => readFileSync(file, "utf8")).config
    : {};
  const paths: Record<string, string[]> = config?.compilerOptions?.paths ?? {};
  const base = path.resolve(root, config?.compilerOptions?.baseUrl ?? ".");
  const manifestFile = path.join(root, "package.json");
  const imports: Record<string, unknown> = existsSync(manifestFile)
    ? (ts.readConfigFile(manifestFile, (file) => readFileSync(file, "utf8")).config?.imports ?? {})
    : {};
  const patterns = [
    ...Object.entries(paths).map(([pattern, targets]) => ({ pattern, targets, base })),
    ...Object.entries(imports).map(([pattern, target]) => ({ pattern, targets: leaves(target), base: root })),
  ];
  return (specifier) => {
    for (const { pattern, targets, base: from } of patterns) {
      const star = starOf(pattern, specifier);
      if (star === null) continue;
      for (const target of targets) {
        const file = existingSource(path.resolve(from, target.replace("*", star)));
        if (file !== null && !file.includes(`${path.sep}node_modules${path.sep}`)) return file;
      }
    }
    return undefined;
  };
}

/** The targets of a conditional `imports` entry, in order. */
function leaves(target: unknown): string[] {
  if (typeof target === "string") return [target];
  return typeof target === "object" && target !== null ? Object.values(target).flatMap(leaves) : [];
}

function starOf(pattern: string, specifier: string): string | null {
  const at = pattern.indexOf("*");
  if (at < 0) return pattern === specifier ? "" : null;
  const [head, tail] = [pattern.slice(0, at), pattern.slice(at + 1)];
  const fits = specifier.length >= head.length + tail.length;
  return fits && specifier.startsWith(head) && specifier.endsWith(tail)
    ? specifier.slice(head.length, specifier.length - tail.length)
    : null;
}
