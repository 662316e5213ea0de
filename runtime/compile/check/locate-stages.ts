// Where the stages of an experiment stand: the `stage({ ... })` calls of its `stages` callback. A stage is named by the key under
// which the callback returns it or another stage needs it.

import type { SourcePlace } from "../../diagnostic/diagnostic.ts";
import { type CallExpression, Node, type ObjectLiteralExpression } from "../typescript/ts-morph.ts";
import { functionOf, memberName, memberValue, objectLiteralOf, resolved } from "./syntax-values.ts";

/** A stage of an experiment as written: its name, its whole value, and its function where that stands in the file itself. */
export interface LocatedStage {
  /** The last stage of every experiment is "trial". */
  readonly name: string;
  readonly place: SourcePlace;
  /** The `stage(...)` call; the property for the trial. */
  readonly node: Node;
  /** The function that runs: arrow, function expression, method or declaration; null when it is not in this file. */
  readonly run: Node | null;
  /** The object literal with `per`, `uses`, `needs`; null for the trial. */
  readonly options: ObjectLiteralExpression | null;
  /** The callback around the stage, whose locals its function may use; null for the trial. */
  readonly within: Node | null;
}

/** The stages in the `stages` member of a definition, in order of writing. */
export function locateStages(member: Node | undefined, placeOf: (node: Node) => SourcePlace): LocatedStage[] {
  const value = member === undefined ? undefined : resolved(memberValue(member));
  const callback = value === undefined ? null : functionOf(value);
  const within = callback ?? value;
  if (within === undefined) return [];
  return stageCalls(within).map(({ call, options }) => {
    const run = options.getProperty("run");
    const { name, nameNode } = nameOf(call, within);
    const runs = run === undefined ? null : functionOf(memberValue(run));
    return { name, place: placeOf(nameNode), node: call, run: runs, options, within: callback };
  });
}

/** Calls with an object that has `run`: what `stage` is called does not matter. The `run` of a command is a list. */
function stageCalls(
  within: Node,
): { readonly call: CallExpression; readonly options: ObjectLiteralExpression }[] {
  return within.getDescendants().flatMap((call) => {
    if (!Node.isCallExpression(call)) return [];
    const options = objectLiteralOf(call.getArguments()[0]);
    const run = options?.getProperty("run");
    if (options === null || run === undefined) return [];
    return Node.isArrayLiteralExpression(resolved(memberValue(run))) ? [] : [{ call, options }];
  });
}

function nameOf(call: Node, within: Node): { readonly name: string; readonly nameNode: Node } {
  const parent = call.getParent();
  if (Node.isPropertyAssignment(parent)) return { name: memberName(parent), nameNode: parent.getNameNode() };
  if (!Node.isVariableDeclaration(parent)) return { name: "", nameNode: call };
  const local = parent.getName();
  for (const property of within.getDescendants()) {
    if (!Node.isPropertyAssignment(property)) continue;
    if (property.getInitializer()?.getText() === local)
      return { name: memberName(property), nameNode: property.getNameNode() };
  }
  return { name: local, nameNode: parent.getNameNode() };
}
