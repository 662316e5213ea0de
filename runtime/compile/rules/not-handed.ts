// not-handed: a part of the context that a trial or a stage is not handed, such as a port in a stage. Of TypeScript the type checker says
// it; a file in JavaScript would find `undefined` there after hours of other trials.
import { notHanded } from "../../diagnostic/trial-code-messages.ts";
import { stageParts, trialParts } from "../../diagnostic/trial-parts.ts";
import { ts } from "../typescript/ts-morph.ts";
import { nameOf } from "./declared-value.ts";
import { type Found, placeOf, type Rule, type Subject } from "./rule.ts";

export const notHandedRule: Rule = {
  code: "not-handed",
  check(subject: Subject): readonly Found[] {
    const { experiment, root } = subject;
    if (!/[.][cm]?jsx?$/.test(experiment.file)) return [];
    return experiment.stages.flatMap(({ run }): readonly Found[] => {
      if (run === null) return [];
      const isTrial = run === experiment.trial;
      const handed: readonly string[] = isTrial ? trialParts : stageParts;
      return partsTaken(subject, run.compilerNode)
        .filter(({ name }) => !handed.includes(name))
        .map(({ node, name }) => notHanded({ place: placeOf(root, node), name, isTrial }));
    });
  },
};

/** What a function takes from its context: by destructuring its parameter, or as members of it. */
function partsTaken({ context, module }: Subject, run: ts.Node): { node: ts.Node; name: string }[] {
  const taken: { node: ts.Node; name: string }[] = [];
  const visit = (node: ts.Node): void => {
    const name = ts.isPropertyAccessExpression(node) ? context.nameOf(module, node) : null;
    if (name !== null && ts.isPropertyAccessExpression(node)) taken.push({ node: node.name, name });
    if (ts.isBindingElement(node) && node.dotDotDotToken === undefined) {
      const holder = node.parent.parent;
      const own = nameOf(node.propertyName ?? node.name);
      if (own !== null && ts.isParameter(holder) && context.isParameter(module, holder))
        taken.push({ node, name: own });
    }
    ts.forEachChild(node, visit);
  };
  visit(run);
  return taken;
}
