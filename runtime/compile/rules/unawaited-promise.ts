// unawaited-promise: a promise made in trial code that nobody waits for. The trial may end, and its record be written, before the
// work is done. `void promise` is no reason; an allow comment is.

import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { unawaitedPromise } from "../../diagnostic/trial-code-messages.ts";
import { ts } from "../typescript/ts-morph.ts";
import { bareOf } from "./denote.ts";
import { contextAnswer, type PromiseJudge, promiseJudge } from "./promise-valued.ts";
import type { Reached } from "./reach.ts";
import { placeOf, type Rule, type Subject } from "./rule.ts";

export const unawaitedPromiseRule: Rule = {
  code: "unawaited-promise",
  check(subject: Subject): readonly Diagnostic[] {
    const judge = promiseJudge(subject.denoter, (module, callee) => {
      const name = subject.context.nameOf(module, callee);
      if (name !== null) return contextAnswer(name);
      const isDraw =
        ts.isPropertyAccessExpression(callee) &&
        subject.context.nameOf(module, callee.expression) === "random";
      return isDraw ? "no" : null;
    });
    const inTrials = subject.reached.filter((reached) => reached.phase === "trial");
    return inTrials.flatMap((reached) => [
      ...droppedStatements(subject, reached, judge),
      ...droppedByForEach(subject, reached, judge),
      ...droppedNames(subject, reached, judge),
    ]);
  },
};

function droppedStatements(subject: Subject, { declaration }: Reached, judge: PromiseJudge): Diagnostic[] {
  return declaration.statements.flatMap((statement) => {
    const value = droppedValue(statement.expression);
    const answer = judge.of(declaration.module, value);
    const isPromise =
      answer === "yes" || (answer === "unknown" && asksChecker(value) && subject.isPromise(value));
    return isPromise ? [report(subject, value, null)] : [];
  });
}

/** `forEach` hands the promise of its callback to nobody. */
function droppedByForEach(subject: Subject, { declaration }: Reached, judge: PromiseJudge): Diagnostic[] {
  return declaration.calls.flatMap((call) => {
    const callee = bareOf(call.expression);
    if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== "forEach") return [];
    const callback = call.arguments?.[0];
    if (callback === undefined || judge.ofCallback(declaration.module, callback) !== "yes") return [];
    return [report(subject, callee.name, "forEach")];
  });
}

/** `const saved = checkpoint(state)` whose name is never used again. */
function droppedNames(subject: Subject, { declaration }: Reached, judge: PromiseJudge): Diagnostic[] {
  return declaration.declarations.flatMap((variable) => {
    if (!ts.isIdentifier(variable.name) || variable.initializer === undefined) return [];
    const isLocal = variable !== declaration.node;
    if (!isLocal || judge.of(declaration.module, variable.initializer) !== "yes") return [];
    const isUsed = declaration.identifiers.some(
      (identifier) => declaration.module.scopes.bindingOf(identifier)?.node === variable,
    );
    return isUsed ? [] : [report(subject, variable.initializer, null)];
  });
}

function report(subject: Subject, node: ts.Node, inside: string | null): Diagnostic {
  const call = bareOf(node);
  const callee = ts.isCallExpression(call) || ts.isNewExpression(call) ? call.expression : call;
  const text = callee.getText();
  return unawaitedPromise({
    place: placeOf(subject.root, node),
    experiment: subject.name,
    use: /^[\w$.#?]+$/.test(text) ? `${ts.isNewExpression(call) ? "new " : ""}${text}(...)` : "this promise",
    inside,
  });
}

/** What a statement leaves lying: through `void`, and the right-hand side of an assignment is kept by somebody. */
function droppedValue(expression: ts.Expression): ts.Node {
  const bare = bareOf(expression);
  return ts.isVoidExpression(bare) ? droppedValue(bare.expression) : bare;
}

const settled =
  /^(push|pop|shift|unshift|splice|sort|reverse|fill|set|add|delete|clear|forEach|log|warn|error|info|debug|record)$/;

/** The checker is asked about calls only, and not about the everyday ones whose names say enough. */
function asksChecker(node: ts.Node): boolean {
  if (!ts.isCallExpression(node)) return false;
  const callee = bareOf(node.expression);
  return !(ts.isPropertyAccessExpression(callee) && settled.test(callee.name.text));
}
