// All rules over all experiments of a build: syntax only, the type checker only for calls that may give promises. Modules, scopes and declarations are read once and shared, so the
// cost grows with the code that is reached, not with the number of experiments.
import path from "node:path";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import type { LocatedExperiment } from "../check/locate.ts";
import type { SourceFile, ts } from "../typescript/ts-morph.ts";
import { type Allow, allowsOf, applyAllows } from "./allow.ts";
import { checkCircles } from "./circular-needs.ts";
import { clockInTrialRule } from "./clock-in-trial.ts";
import { functionBehind, propertyValue } from "./definition-parts.ts";
import { Denoter } from "./denote.ts";
import { type EffectUse, effectUses } from "./effect-uses.ts";
import { fileInTrialRule } from "./file-in-trial.ts";
import { machineInTrialRule } from "./machine-in-trial.ts";
import { type Module, moduleGraph } from "./module-graph.ts";
import { mutableModuleStateRule } from "./mutable-module-state.ts";
import { networkInTrialRule } from "./network-in-trial.ts";
import { notHandedRule } from "./not-handed.ts";
import { processEnvInTrialRule } from "./process-env-in-trial.ts";
import { processInTrialRule } from "./process-in-trial.ts";
import { promiseChecker } from "./promise-checker.ts";
import { randomInTrialRule } from "./random-in-trial.ts";
import { Reach } from "./reach.ts";
import { type Found, placeOf, type Rule, type Subject } from "./rule.ts";
import { stageContextNames } from "./stage-context.ts";
import { unawaitedPromiseRule } from "./unawaited-promise.ts";
import { undeclaredMetricRule } from "./undeclared-metric.ts";
import { unreadParameterRule } from "./unread-parameter.ts";
import { unrecordedSeriesRule } from "./unrecorded-series.ts";
import { unreturnedMetricRule } from "./unreturned-metric.ts";
import { unstableDefinitionRule } from "./unstable-definition.ts";

/** Every rule; the codes are those that an allow comment may name. */
export const rules: readonly Rule[] = [
  randomInTrialRule,
  clockInTrialRule,
  processEnvInTrialRule,
  fileInTrialRule,
  networkInTrialRule,
  processInTrialRule,
  machineInTrialRule,
  unawaitedPromiseRule,
  mutableModuleStateRule,
  unstableDefinitionRule,
  unreadParameterRule,
  unreturnedMetricRule,
  undeclaredMetricRule,
  notHandedRule,
  unrecordedSeriesRule,
];

/** What the rules found, and which effects trials leave to others. */
export interface CheckedRules {
  readonly diagnostics: readonly Diagnostic[];
  readonly effects: readonly EffectUse[];
}

/** Runs the rules. `files`, relative to `root`, are those whose allow comments are checked besides the files that are reached. */
export function checkRules(input: {
  readonly root: string;
  readonly files: readonly string[];
  readonly experiments: readonly LocatedExperiment[];
}): CheckedRules {
  const { root, experiments } = input;
  const graph = moduleGraph(root);
  const denoter = new Denoter(graph);
  const reach = new Reach(graph);
  const looked = new Map<Module, [first: number, last: number][]>();
  const look = (module: Module, node: ts.Node): void => {
    const { line, length } = { line: placeOf(root, node).line, length: linesOf(module.source, node) };
    looked.set(module, [...(looked.get(module) ?? []), [line, line + length]]);
  };
  for (const file of input.files) looked.set(graph.moduleAt(path.resolve(root, file)), []);

  const promises = promiseChecker({ root, files: [...new Set(experiments.map(({ file }) => file))] });
  const found = new Map<string, Found>();
  const effects: EffectUse[] = [];
  for (const experiment of experiments) {
    const module = graph.moduleAt(experiment.source.getFilePath());
    const reached = reach.of(experiment);
    const subject: Subject = {
      root,
      experiment,
      name: experiment.name ?? experiment.exportName,
      module,
      reached,
      reachedFrom: (node, name) => reach.from(module, node, name),
      denoter,
      isPromise: (call) => promises.isPromise(call),
      context: stageContextNames(stageFunctions(experiment, denoter, module), denoter),
    };
    look(module, experiment.call.compilerNode);
    for (const { declaration } of reached) look(declaration.module, declaration.node);
    for (const rule of rules) for (const each of rule.check(subject)) keepFirst(found, each);
    effects.push(...effectUses(subject));
  }
  promises.close();
  const diagnostics = applyAllows({
    root,
    found: [...found.values()],
    allows: [...looked.keys()].flatMap((module): readonly Allow[] => allowsOf(module)),
    codes: rules.map((rule) => rule.code),
    isReached: (module, [first, last]) =>
      looked.get(module)?.some(([from, to]) => first <= to && from <= last) ?? false,
  });
  const all = [...diagnostics, ...checkCircles({ root, experiments, denoter })].sort(byPlace);
  return { diagnostics: all, effects };
}

/** A helper that many experiments reach is reported once, for the first. */
function keepFirst(found: Map<string, Found>, each: Found): void {
  const key = `${each.code} ${each.place?.file}:${each.place?.line}:${each.place?.column}`;
  if (!found.has(key)) found.set(key, each);
}

function stageFunctions(
  experiment: LocatedExperiment,
  denoter: Denoter,
  module: Module,
): ReadonlySet<ts.Node> {
  const functions = new Set<ts.Node>();
  for (const stage of experiment.stages) if (stage.run !== null) functions.add(stage.run.compilerNode);
  for (const name of ["trial", "onRecord"]) {
    const value = propertyValue(experiment, name);
    const found = value === null ? null : functionBehind(denoter, module, value);
    if (found !== null) functions.add(found.node);
  }
  return functions;
}

function linesOf(source: SourceFile["compilerNode"], node: ts.Node): number {
  const { line: first } = source.getLineAndCharacterOfPosition(node.getStart(source));
  return source.getLineAndCharacterOfPosition(node.end).line - first;
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  const [left, right] = [a.place, b.place];
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  if (left.file !== right.file) return left.file < right.file ? -1 : 1;
  return left.line - right.line || left.column - right.column || (a.code < b.code ? -1 : 1);
}
