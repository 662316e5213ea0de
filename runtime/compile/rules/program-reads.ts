// Which parameters the programs of an experiment are told of, as far as syntax shows: `parameter("rate")` in `run` and in `config.set`. All of
// them where there is no `set`, since the configuration then has all, and where a part is computed.

import { Node, ts } from "../typescript/ts-morph.ts";
import { declaredValueOf, type Located } from "./declared-value.ts";
import { keysOf, propertyValue } from "./definition-parts.ts";
import type { Denoter } from "./denote.ts";
import type { Subject } from "./rule.ts";

/** Programs of a definition: the `command(...)` calls where its trial and its stages stand. */
export function programsOf({ experiment, denoter, module }: Subject): readonly Located<ts.CallExpression>[] {
  const trial = propertyValue(experiment, "trial");
  const runs = experiment.stages.flatMap(({ options }) => {
    const run = options?.getProperty("run");
    const value = Node.isPropertyAssignment(run) ? run.compilerNode.initializer : null;
    return value === null ? [] : [value];
  });
  return [...(trial === null ? [] : [trial]), ...runs].flatMap((value) => {
    const found = declaredValueOf(denoter, module, value);
    if (found === null || !ts.isCallExpression(found.node) || wordOf(denoter, found) !== "command") return [];
    return [{ module: found.module, node: found.node }];
  });
}

/** Adds what a program is told of; false when it is all, or cannot be told. */
export function addProgram(
  { denoter }: Subject,
  { module, node }: Located<ts.CallExpression>,
  reads: Set<string>,
): boolean {
  const [options] = node.arguments;
  if (options === undefined) return false;
  const parts = keysOf(denoter, module, options);
  const [run, config] = [parts.names.get("run")?.value, parts.names.get("config")?.value];
  if (parts.open || run === undefined || config === undefined) return false;
  const list = declaredValueOf(denoter, run.module, run.node);
  if (list === null || !ts.isArrayLiteralExpression(list.node)) return false;
  const settings = keysOf(denoter, config.module, config.node);
  const set = settings.names.get("set")?.value;
  if (settings.open || set === undefined) return false;
  const values = keysOf(denoter, set.module, set.node);
  if (values.open) return false;
  const words = [
    ...list.node.elements.map((node): Located => ({ module: list.module, node })),
    ...[...values.names.values()].map(({ value }) => value),
  ];
  return words.every((word) => addWord(denoter, word, reads));
}

/** A text, a number, a token or the name of a parameter; false for anything computed. */
function addWord(denoter: Denoter, { module, node }: Located, reads: Set<string>): boolean {
  const denoted = denoter.of(module, node);
  if (denoted?.kind === "package") return true;
  const found = declaredValueOf(denoter, module, node);
  if (found === null) return false;
  if (ts.isCallExpression(found.node)) {
    const [name] = found.node.arguments;
    if (wordOf(denoter, found) !== "parameter" || name === undefined || !ts.isStringLiteralLike(name))
      return false;
    reads.add(name.text);
    return true;
  }
  return isPlain(found.node);
}

function isPlain(node: ts.Node): boolean {
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(isPlain);
  if (ts.isObjectLiteralExpression(node))
    return node.properties.every((each) => ts.isPropertyAssignment(each) && isPlain(each.initializer));
  if (ts.isPrefixUnaryExpression(node)) return isPlain(node.operand);
  return (
    ts.isStringLiteralLike(node) ||
    ts.isNumericLiteral(node) ||
    [ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword, ts.SyntaxKind.NullKeyword].includes(node.kind)
  );
}

/** The word of labwright's that a call is of: "command", "parameter". */
function wordOf(denoter: Denoter, { module, node }: Located): string | null {
  if (!ts.isCallExpression(node)) return null;
  const denoted = denoter.of(module, node.expression);
  return denoted?.kind === "package" && denoted.module === "labwright" ? denoted.path : null;
}
