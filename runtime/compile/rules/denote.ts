// What an expression stands for, followed through aliases, destructuring and imports: a global ("Math.random"), something of a
// built-in module or package ("node:fs" readFileSync), or a declaration of the project. Null is "cannot be told": never guessed.
import { ts } from "../typescript/ts-morph.ts";
import { type ExportTarget, importOf, type Module, type ModuleGraph, type Target } from "./module-graph.ts";
import type { Binding } from "./scope.ts";

export type Denoted =
  /** `path` without globalThis: "Math.random". */
  | { readonly kind: "global"; readonly path: string }
  /** `path` within the module: "promises.readFile"; "" for the module itself. */
  | { readonly kind: "builtin" | "package"; readonly module: string; readonly path: string }
  | { readonly kind: "declared"; readonly module: Module; readonly binding: Binding }
  /** A default-exported expression. */
  | { readonly kind: "expression"; readonly module: Module; readonly node: ts.Node }
  | { readonly kind: "namespace"; readonly module: Module };

const globalObjects = new Set(["globalThis", "window", "self", "global"]);

/** Tells what expressions of the graph's modules stand for; answers are kept. */
export class Denoter {
  readonly graph: ModuleGraph;
  readonly #bindings = new Map<Binding, Denoted | null>();

  constructor(graph: ModuleGraph) {
    this.graph = graph;
  }

  /** What `node`, an expression of `module`, stands for. */
  of(module: Module, node: ts.Node): Denoted | null {
    const bare = bareOf(node);
    if (ts.isIdentifier(bare)) {
      const binding = module.scopes.bindingOf(bare);
      return binding === null ? globalOf(bare.text) : this.ofBinding(module, binding);
    }
    if (ts.isPropertyAccessExpression(bare)) return this.#member(module, bare.expression, bare.name.text);
    if (ts.isElementAccessExpression(bare) && ts.isStringLiteralLike(bare.argumentExpression)) {
      return this.#member(module, bare.expression, bare.argumentExpression.text);
    }
    if (ts.isMetaProperty(bare)) return { kind: "global", path: "import.meta" };
    const specifier = loadedBy(bare);
    // `require` may be anything's name; import(...) may not.
    return specifier === null ? null : this.#target(this.graph.resolve(module, specifier), "*");
  }

  /** What a binding stands for; itself, unless it is an import or an alias. */
  ofBinding(module: Module, binding: Binding): Denoted | null {
    const known = this.#bindings.get(binding);
    if (known !== undefined) return known;
    const self: Denoted = { kind: "declared", module, binding };
    // Set first, so that `const a = b, b = a` ends.
    this.#bindings.set(binding, self);
    const denoted = binding.kind === "import" ? this.#import(module, binding) : this.#alias(module, binding);
    const result = binding.kind === "import" ? denoted : (denoted ?? self);
    this.#bindings.set(binding, result);
    return result;
  }

  #import(module: Module, binding: Binding): Denoted | null {
    const imported = importOf(binding);
    if (imported === null) return null;
    return this.#target(this.graph.resolve(module, imported.specifier), imported.name);
  }

  #target(target: Target | null, name: string): Denoted | null {
    if (target === null) return null;
    if (target.kind === "project") {
      if (name === "*") return { kind: "namespace", module: target.module };
      return this.#exported(this.graph.exported(target.module, name));
    }
    // The default export of a built-in module is the module.
    const path = name === "*" || (name === "default" && target.kind === "builtin") ? "" : name;
    return { kind: target.kind, module: target.name, path };
  }

  #exported(found: ExportTarget | null): Denoted | null {
    if (found === null) return null;
    switch (found.kind) {
      case "binding":
        return this.ofBinding(found.module, found.binding);
      case "expression": {
        const denoted = this.of(found.module, found.node);
        return denoted ?? { kind: "expression", module: found.module, node: found.node };
      }
      case "namespace":
        return { kind: "namespace", module: found.module };
      case "outside":
        return this.#target(found.target, found.name);
    }
  }

  /** `const { random } = Math`, `const now = Date.now`: what a constant without a life of its own stands for. */
  #alias(module: Module, binding: Binding): Denoted | null {
    if (binding.kind !== "const") return null;
    const { node } = binding;
    if (ts.isVariableDeclaration(node)) {
      return node.initializer === undefined ? null : this.of(module, node.initializer);
    }
    return ts.isBindingElement(node) ? this.#element(module, node) : null;
  }

  #element(module: Module, element: ts.BindingElement): Denoted | null {
    const pattern = element.parent;
    if (!ts.isObjectBindingPattern(pattern) || element.dotDotDotToken !== undefined) return null;
    const name = element.propertyName ?? element.name;
    if (!ts.isIdentifier(name) && !ts.isStringLiteralLike(name)) return null;
    const holder = pattern.parent;
    let base: Denoted | null = null;
    if (ts.isBindingElement(holder)) base = this.#element(module, holder);
    else if (ts.isVariableDeclaration(holder) && holder.initializer !== undefined) {
      base = this.of(module, holder.initializer);
    }
    return base === null ? null : this.#memberOf(base, name.text);
  }

  #member(module: Module, base: ts.Expression, name: string): Denoted | null {
    const denoted = this.of(module, base);
    return denoted === null ? null : this.#memberOf(denoted, name);
  }

  #memberOf(base: Denoted, name: string): Denoted | null {
    switch (base.kind) {
      case "global":
        return globalObjects.has(base.path)
          ? globalOf(name)
          : { kind: "global", path: `${base.path}.${name}` };
      case "builtin":
      case "package": {
        if (name === "default" && base.path === "") return base;
        return { ...base, path: base.path === "" ? name : `${base.path}.${name}` };
      }
      case "namespace":
        return this.#exported(this.graph.exported(base.module, name));
      case "declared":
      case "expression":
        return null;
    }
  }
}

function globalOf(name: string): Denoted {
  return { kind: "global", path: name };
}

/** The literal specifier of `import("x")`, `await import("x")` or `require("x")`; null for anything else. */
export function loadedBy(node: ts.Node): string | null {
  const bare = bareOf(node);
  const call = ts.isAwaitExpression(bare) ? bareOf(bare.expression) : bare;
  if (!ts.isCallExpression(call)) return null;
  const isLoad =
    call.expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(call.expression) && call.expression.text === "require");
  const [specifier] = call.arguments;
  return isLoad && specifier !== undefined && ts.isStringLiteralLike(specifier) ? specifier.text : null;
}

/** The expression inside parentheses, `as`, `satisfies` and `!`. */
export function bareOf(node: ts.Node): ts.Node {
  let bare = node;
  while (
    ts.isParenthesizedExpression(bare) ||
    ts.isAsExpression(bare) ||
    ts.isSatisfiesExpression(bare) ||
    ts.isNonNullExpression(bare) ||
    ts.isTypeAssertionExpression(bare)
  ) {
    bare = bare.expression;
  }
  return bare;
}
