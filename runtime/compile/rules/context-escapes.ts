// Whether a stage's context is handed on whole to something that syntax cannot follow: then nothing is said of what is not used.
import { ts } from "../typescript/ts-morph.ts";
import { functionBehind, propertyValue } from "./definition-parts.ts";
import { bareOf } from "./denote.ts";
import type { Module } from "./module-graph.ts";
import type { Subject } from "./rule.ts";

/** True when the functions of more than `programs` stages cannot be found, or a context leaves sight. */
export function contextEscapes(subject: Subject, programs = 0): boolean {
  return (
    unseenStages(subject) > programs ||
    subject.reached.some(({ declaration }) =>
      declaration.identifiers.some((identifier) => {
        const isWhole = subject.context.isWhole(declaration.module, identifier);
        return isWhole && !staysInSight(subject, declaration.module, identifier);
      }),
    ) ||
    subject.reached.some(({ declaration }) =>
      declaration.elements.some((element) => isRestOfContext(subject, declaration.module, element)),
    )
  );
}

function unseenStages({ experiment, denoter, module }: Subject): number {
  const trial = propertyValue(experiment, "trial");
  const isSeen = trial !== null && functionBehind(denoter, module, trial) !== null;
  return (
    Number(!isSeen) + experiment.stages.filter((stage) => stage.name !== "trial" && stage.run === null).length
  );
}

function staysInSight(subject: Subject, module: Module, identifier: ts.Identifier): boolean {
  let node: ts.Node = identifier;
  while (bareOf(node.parent) === identifier) node = node.parent;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isVariableDeclaration(parent)) return parent.initializer === node;
  if (!ts.isCallExpression(parent)) return false;
  const index = parent.arguments.indexOf(node as ts.Expression); // It stands for an expression in value position.
  const called = functionBehind(subject.denoter, module, parent.expression);
  if (called === null || !ts.isFunctionLike(called.node)) return false;
  const parameter = called.node.parameters[index];
  return (
    parameter !== undefined &&
    ts.isParameter(parameter) &&
    subject.context.isParameter(called.module, parameter)
  );
}

/** `trial({ record, ...rest })`. */
function isRestOfContext(subject: Subject, module: Module, element: ts.BindingElement): boolean {
  if (element.dotDotDotToken === undefined || !ts.isObjectBindingPattern(element.parent)) return false;
  const holder = element.parent.parent;
  if (ts.isParameter(holder)) return subject.context.isParameter(module, holder);
  return (
    ts.isVariableDeclaration(holder) &&
    holder.initializer !== undefined &&
    subject.context.isWhole(module, holder.initializer)
  );
}
