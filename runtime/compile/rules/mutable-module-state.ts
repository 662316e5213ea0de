// mutable-module-state: a trial changes something that outlives it. Trials of one worker then see each other, so results depend on
// order and on how many workers there are. State filled once while the module loads is no problem.

import { mutableModuleState } from "../../diagnostic/trial-code-messages.ts";
import { ts } from "../typescript/ts-morph.ts";
import { importOf, type Module } from "./module-graph.ts";
import { aliasRoot, type Mutation, Mutations } from "./mutation.ts";
import type { Reached } from "./reach.ts";
import { type Found, placeOf, type Rule, type Subject } from "./rule.ts";
import type { Binding, Scope } from "./scope.ts";

const kept = new WeakMap<Subject["denoter"], Mutations>();

export const mutableModuleStateRule: Rule = {
  code: "mutable-module-state",
  check(subject: Subject): readonly Found[] {
    const mutations = kept.get(subject.denoter) ?? new Mutations(subject.denoter);
    kept.set(subject.denoter, mutations);
    const inTrials = subject.reached.filter((reached) => reached.phase === "trial");
    return inTrials.flatMap((reached) => changesIn(subject, reached, mutations.of(reached.declaration)));
  },
};

/** The first change of each module-level name within one declaration. */
function changesIn(subject: Subject, { declaration, via }: Reached, mutations: readonly Mutation[]): Found[] {
  const reported = new Set<ts.Node>();
  return mutations.flatMap((mutation) => {
    const changed = changedName(subject, declaration.module, mutation);
    if (changed === null || reported.has(changed.declaration)) return [];
    reported.add(changed.declaration);
    const declared = placeOf(subject.root, changed.declaration);
    const diagnostic = mutableModuleState({
      place: placeOf(subject.root, mutation.node),
      experiment: subject.name,
      via,
      use: shortText(mutation.node),
      name: changed.name,
      declared,
    });
    return [{ ...diagnostic, allowedAt: [declared] }];
  });
}

interface Changed {
  readonly name: string;
  readonly declaration: ts.Node;
}

function changedName(subject: Subject, module: Module, { target, inPlace }: Mutation): Changed | null {
  const root = aliasRoot(module, target);
  if (!ts.isIdentifier(root)) return null;
  const binding = module.scopes.bindingOf(root);
  if (binding === null) return isGlobalObject(root) ? { name: root.text, declaration: root } : null;
  if (binding.kind === "import") return inPlace ? imported(subject, module, binding) : null;
  if (binding.scope !== module.scopes.top && !isAroundStages(subject, binding.scope)) return null;
  return { name: binding.name, declaration: nameNode(binding) };
}

/** The callback of `stages` runs once: its locals live as long as the module's. */
function isAroundStages({ experiment }: Subject, scope: Scope): boolean {
  const owner = ts.findAncestor(scope.node, ts.isFunctionLike);
  return owner !== undefined && experiment.stages.some((stage) => stage.within?.compilerNode === owner);
}

/** An imported object may be changed as well as an own one. */
function imported(subject: Subject, module: Module, binding: Binding): Changed | null {
  const from = importOf(binding);
  const target = from === null ? null : subject.denoter.graph.resolve(module, from.specifier);
  if (from === null || target?.kind !== "project") return null;
  const found = subject.denoter.graph.exported(target.module, from.name);
  return found?.kind === "binding" ? { name: binding.name, declaration: nameNode(found.binding) } : null;
}

function isGlobalObject(root: ts.Identifier): boolean {
  return /^(globalThis|global|window|self)$/.test(root.text);
}

function nameNode({ node }: Binding): ts.Node {
  const name = "name" in node ? (node.name as ts.Node | undefined) : undefined; // Every declaration names itself by `name`.
  return name ?? node;
}

function shortText(node: ts.Node): string {
  const text = node.getText().replace(/\s+/g, " ");
  return text.length <= 40 ? text : `${text.slice(0, 37)}...`;
}
