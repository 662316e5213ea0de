// circular-needs and circular-stages: experiments, or stages of one, that wait for each other. Running the module would only say
// "cannot access before initialization"; the syntax shows the circle. No comment can allow it.

import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { circularNeeds, circularStages } from "../../diagnostic/messages.ts";
import type { LocatedExperiment } from "../check/locate.ts";
import { ts } from "../typescript/ts-morph.ts";
import { keysOf, propertyValue } from "./definition-parts.ts";
import { bareOf, type Denoter } from "./denote.ts";
import type { Module } from "./module-graph.ts";
import { placeOf } from "./rule.ts";

/** What is waited for: a definition's or a stage's call, with its name and those it needs. */
interface Waiting {
  readonly name: string;
  readonly module: Module;
  /** The `needs` object; null when there is none. */
  readonly needs: ts.Node | null;
}

/** Circles among the experiments of a build and among the stages of each. */
export function checkCircles(of: {
  readonly root: string;
  readonly experiments: readonly LocatedExperiment[];
  readonly denoter: Denoter;
}): readonly Diagnostic[] {
  const { root, experiments, denoter } = of;
  const moduleOf = ({ source }: LocatedExperiment): Module => denoter.graph.moduleAt(source.getFilePath());
  const byCall = new Map<ts.Node, Waiting>();
  for (const experiment of experiments) {
    const name = experiment.name ?? experiment.exportName;
    const needs = propertyValue(experiment, "needs");
    byCall.set(experiment.call.compilerNode, { name, module: moduleOf(experiment), needs });
  }
  const ofExperiments = circlesIn(byCall, denoter).map(({ cycle, first }) =>
    circularNeeds({ place: first.needs === null ? null : placeOf(root, first.needs), cycle }),
  );
  const ofStages = experiments.flatMap((experiment) => {
    const stages = new Map<ts.Node, Waiting>();
    for (const { name, node, options } of experiment.stages) {
      const needs = options?.getProperty("needs")?.compilerNode;
      const value = needs !== undefined && ts.isPropertyAssignment(needs) ? needs.initializer : null;
      stages.set(node.compilerNode, { name, module: moduleOf(experiment), needs: value });
    }
    return circlesIn(stages, denoter).map(({ cycle, first }) =>
      circularStages({
        place: first.needs === null ? null : placeOf(root, first.needs),
        experiment: experiment.name ?? experiment.exportName,
        cycle,
      }),
    );
  });
  return [...ofExperiments, ...ofStages];
}

/** Each circle once, from the member that is written first. */
function circlesIn(
  nodes: ReadonlyMap<ts.Node, Waiting>,
  denoter: Denoter,
): { readonly cycle: readonly string[]; readonly first: Waiting }[] {
  const found: { cycle: string[]; first: Waiting }[] = [];
  const done = new Set<Waiting>();
  const walk = (waiting: Waiting, path: readonly Waiting[]): void => {
    const start = path.indexOf(waiting);
    if (start >= 0) {
      found.push({ cycle: [...path.slice(start), waiting].map(({ name }) => name), first: waiting });
      return;
    }
    if (done.has(waiting)) return;
    for (const next of neededBy(waiting, nodes, denoter)) walk(next, [...path, waiting]);
    done.add(waiting);
  };
  for (const waiting of nodes.values()) walk(waiting, []);
  return found;
}

function neededBy(
  { module, needs }: Waiting,
  nodes: ReadonlyMap<ts.Node, Waiting>,
  denoter: Denoter,
): readonly Waiting[] {
  if (needs === null) return [];
  return [...keysOf(denoter, module, needs).names.values()].flatMap(({ value }) => {
    const call = callBehind(denoter, value.module, value.node);
    const waiting = call === null ? undefined : nodes.get(call);
    return waiting === undefined ? [] : [waiting];
  });
}

/** The call that a name was given the value of, here or in another file. */
function callBehind(denoter: Denoter, module: Module, name: ts.Node): ts.Node | null {
  const denoted = denoter.of(module, name);
  if (denoted?.kind === "expression") {
    const bare = bareOf(denoted.node);
    return ts.isIdentifier(bare) ? callBehind(denoter, denoted.module, bare) : bare;
  }
  if (denoted?.kind !== "declared" || !ts.isVariableDeclaration(denoted.binding.node)) return null;
  const { initializer } = denoted.binding.node;
  return initializer === undefined ? null : bareOf(initializer);
}
