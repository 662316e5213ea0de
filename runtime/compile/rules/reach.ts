// Which code a stage can run: from its function through the declarations it names, across files of the project, transitively.
// What is not reached may do as it likes. Identity rests on the bundler's slices, which a test holds against this.

import type { LocatedExperiment } from "../check/locate.ts";
import { ts } from "../typescript/ts-morph.ts";
import { type Declaration, readDeclaration } from "./declaration.ts";
import { bareOf, loadedBy } from "./denote.ts";
import { type ExportTarget, importOf, type Module, type ModuleGraph } from "./module-graph.ts";
import type { Binding } from "./scope.ts";

/** A declaration that an experiment's stages reach. */
export interface Reached {
  readonly declaration: Declaration;
  /** The way from the stage: ["trial", "playRound", "noise"]. */
  readonly via: readonly string[];
  /** "load": runs only while the module is loaded, once and before any trial; "trial": may run in every trial. */
  readonly phase: "trial" | "load";
}

interface Edge {
  readonly declaration: Declaration;
  readonly phase: "trial" | "load";
}

/** Finds reach over one module graph; declarations and edges are read once for all experiments. */
export class Reach {
  readonly #graph: ModuleGraph;
  readonly #declarations = new Map<ts.Node, Declaration>();
  readonly #edges = new Map<Declaration, readonly Edge[]>();
  readonly #setups = new Map<
    Module,
    readonly { readonly declaration: Declaration; readonly touched: ReadonlySet<Binding> }[]
  >();

  constructor(graph: ModuleGraph) {
    this.#graph = graph;
  }

  /** Everything that the stages of `experiment` reach, nearest first. */
  of(experiment: LocatedExperiment): readonly Reached[] {
    return this.#from(this.roots(experiment));
  }

  /** Everything that one expression of a module reaches. */
  from(module: Module, node: ts.Node, name: string): readonly Reached[] {
    return this.#from([this.#declaration(module, node, name)]);
  }

  #from(roots: readonly Declaration[]): readonly Reached[] {
    const found = new Map<Declaration, Reached>();
    const queue: Reached[] = roots.map((declaration) => ({
      declaration,
      via: [declaration.name],
      phase: "trial",
    }));
    for (const root of queue) found.set(root.declaration, root);
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (found.get(next.declaration) !== next) continue;
      for (const edge of this.#edgesOf(next.declaration)) {
        const phase = next.phase === "load" ? "load" : edge.phase;
        const known = found.get(edge.declaration);
        if (known !== undefined && (known.phase === "trial" || phase === "load")) continue;
        const reached: Reached = {
          declaration: edge.declaration,
          via: [...next.via, edge.declaration.name],
          phase,
        };
        found.set(edge.declaration, reached);
        queue.push(reached);
      }
    }
    return [...found.values()];
  }

  /** The stages' functions; the whole definition where they cannot be told apart. */
  roots(experiment: LocatedExperiment): readonly Declaration[] {
    const module = this.#graph.moduleAt(experiment.source.getFilePath());
    const roots = experiment.stages.map((stage) =>
      this.#declaration(module, stage.node.compilerNode, stage.name),
    );
    const stages = experiment.properties.get("stages");
    if (stages !== undefined && !experiment.stages.some((stage) => stage.name !== "trial")) {
      roots.unshift(this.#declaration(module, stages.node.compilerNode, "stages"));
    }
    const onRecord = experiment.properties.get("onRecord");
    if (onRecord !== undefined) roots.push(this.#declaration(module, onRecord.node.compilerNode, "onRecord"));
    for (const member of experiment.definition?.compilerNode.properties ?? []) {
      if (ts.isSpreadAssignment(member)) roots.push(this.#declaration(module, member, "definition"));
    }
    if (experiment.definition === null)
      roots.push(this.#declaration(module, experiment.call.compilerNode, "definition"));
    return roots;
  }

  /** The declaration of any node of a module, read once. */
  #declaration(module: Module, node: ts.Node, name: string): Declaration {
    let declaration = this.#declarations.get(node);
    if (declaration === undefined) {
      declaration = readDeclaration(module, node, name);
      this.#declarations.set(node, declaration);
    }
    return declaration;
  }

  #edgesOf(declaration: Declaration): readonly Edge[] {
    let edges = this.#edges.get(declaration);
    if (edges === undefined) {
      edges = [...this.#findEdges(declaration)];
      this.#edges.set(declaration, edges);
    }
    return edges;
  }

  *#findEdges(declaration: Declaration): Generator<Edge> {
    for (const identifier of declaration.identifiers) {
      const binding = declaration.module.scopes.bindingOf(identifier);
      if (binding === null) continue;
      const phase = phaseOf(identifier, declaration);
      for (const landing of this.#landings(declaration.module, binding, identifier))
        yield* this.#arrive(landing, phase, declaration);
    }
    for (const call of declaration.calls) {
      const specifier = loadedBy(call);
      const target = specifier === null ? null : this.#graph.resolve(declaration.module, specifier);
      if (target?.kind !== "project") continue;
      for (const landing of this.#membersOf(target.module, call))
        yield* this.#arrive(landing, phaseOf(call, declaration), declaration);
    }
  }

  /** Where a name leads: a declaration of this module, or an export of another. */
  #landings(module: Module, binding: Binding, identifier: ts.Identifier): readonly ExportTarget[] {
    if (binding.kind !== "import") return [{ kind: "binding", module, binding }];
    const imported = importOf(binding);
    const target = imported === null ? null : this.#graph.resolve(module, imported.specifier);
    if (imported === null || target?.kind !== "project") return [];
    if (imported.name === "*") return this.#membersOf(target.module, identifier);
    const found = this.#graph.exported(target.module, imported.name);
    if (found?.kind === "namespace") return this.#membersOf(found.module, identifier);
    return found === null ? [] : [found];
  }

  /** Of a whole module in hand, the exports that are taken from it. */
  #membersOf(module: Module, node: ts.Node): readonly ExportTarget[] {
    const names = namesTaken(node) ?? this.#graph.exportNames(module);
    return names.map((name) => this.#graph.exported(module, name)).filter((found) => found !== null);
  }

  *#arrive(landing: ExportTarget, phase: "trial" | "load", from: Declaration): Generator<Edge> {
    if (landing.kind === "outside") return;
    if (landing.kind === "namespace") {
      for (const name of this.#graph.exportNames(landing.module)) {
        const found = this.#graph.exported(landing.module, name);
        if (found !== null && found.kind !== "namespace") yield* this.#arrive(found, phase, from);
      }
      return;
    }
    if (landing.kind === "expression") {
      yield { declaration: this.#declaration(landing.module, landing.node, "default"), phase };
      return;
    }
    const { module, binding } = landing;
    const declaration = declarationOf(binding);
    if (declaration === null || isWithin(declaration, from.node)) return;
    yield { declaration: this.#declaration(module, declaration, binding.name), phase };
    for (const setup of this.#setupsOf(module)) {
      if (setup.touched.has(binding)) yield { declaration: setup.declaration, phase: "load" };
    }
  }

  /** Statements of a module that fill or change its declarations while it is loaded: `for (...) table.push(...)`. */
  #setupsOf(
    module: Module,
  ): readonly { readonly declaration: Declaration; readonly touched: ReadonlySet<Binding> }[] {
    let setups = this.#setups.get(module);
    if (setups === undefined) {
      setups = module.source.statements.filter(runsOnLoad).map((statement) => {
        const declaration = this.#declaration(module, statement, "loading");
        const bases = [
          ...declaration.writes,
          ...declaration.calls.filter(ts.isCallExpression).map((call) => call.expression),
        ];
        const touched = new Set<Binding>();
        for (const base of bases) {
          const root = rootOf(base);
          const isMethod = base !== root || declaration.writes.includes(base);
          const binding = isMethod && ts.isIdentifier(root) ? module.scopes.bindingOf(root) : null;
          if (binding !== null && binding.scope === module.scopes.top) touched.add(binding);
        }
        return { declaration, touched };
      });
      this.#setups.set(module, setups);
    }
    return setups;
  }
}

/** The object that a chain of members starts from: `a` of `a.b[c].d`. */
export function rootOf(node: ts.Expression): ts.Node {
  let root: ts.Node = bareOf(node);
  while (ts.isPropertyAccessExpression(root) || ts.isElementAccessExpression(root))
    root = bareOf(root.expression);
  return root;
}

export function isWithin(node: ts.Node, outer: ts.Node): boolean {
  return node.getSourceFile() === outer.getSourceFile() && node.pos >= outer.pos && node.end <= outer.end;
}

/** The node to read for a binding: its variable declaration, function, class or enum; null for parameters and imports. */
function declarationOf(binding: Binding): ts.Node | null {
  let node = binding.node;
  if (binding.kind === "parameter" || binding.kind === "catch" || binding.kind === "import") return null;
  while (ts.isBindingElement(node) || ts.isObjectBindingPattern(node) || ts.isArrayBindingPattern(node)) {
    node = node.parent;
  }
  return node;
}

/** A call outside every function of a variable's initializer happens once, on load; what it hands back may be used in trials. */
function phaseOf(node: ts.Node, declaration: Declaration): "trial" | "load" {
  if (!ts.isVariableDeclaration(declaration.node) || !isTopLevel(declaration.node)) return "trial";
  const isCallee = ts.isCallExpression(node.parent) && node.parent.expression === node;
  if (!isCallee) return "trial";
  for (let outer: ts.Node = node.parent; outer !== declaration.node; outer = outer.parent) {
    if (ts.isFunctionLike(outer)) return "trial";
  }
  return "load";
}

function isTopLevel(declaration: ts.VariableDeclaration): boolean {
  return (
    ts.isVariableStatement(declaration.parent.parent) && ts.isSourceFile(declaration.parent.parent.parent)
  );
}

function runsOnLoad(statement: ts.Statement): boolean {
  return (
    ts.isExpressionStatement(statement) ||
    ts.isIfStatement(statement) ||
    ts.isIterationStatement(statement, false) ||
    ts.isBlock(statement) ||
    ts.isTryStatement(statement)
  );
}

/** Names taken from a module in hand: `m.a`, `const { a } = m`, `(await import("./m.ts")).a`; null when it is used whole. */
function namesTaken(node: ts.Node): readonly string[] | null {
  let holder = node;
  while (ts.isAwaitExpression(holder.parent) || ts.isParenthesizedExpression(holder.parent))
    holder = holder.parent;
  const { parent } = holder;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === holder) return [parent.name.text];
  if (!ts.isVariableDeclaration(parent) || !ts.isObjectBindingPattern(parent.name)) return null;
  const names: string[] = [];
  for (const element of parent.name.elements) {
    const name = element.propertyName ?? element.name;
    if (element.dotDotDotToken !== undefined || !ts.isIdentifier(name)) return null;
    names.push(name.text);
  }
  return names;
}
