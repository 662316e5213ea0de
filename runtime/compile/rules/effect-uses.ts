// Which effects an experiment leaves to the performers of `lab.config.ts`, as far as its text says: the kinds of the calls of `effect` without
// `perform`. Whether there is such a performer is asked whenever the build is used, since the configuration is no part of it.
import type { SourcePlace } from "../../diagnostic/diagnostic.ts";
import { ts } from "../typescript/ts-morph.ts";
import { bareOf } from "./denote.ts";
import { placeOf, type Subject } from "./rule.ts";

export interface EffectUse {
  readonly experiment: string;
  readonly kind: string;
  /** Of the kind, or of the call that names none. */
  readonly place: SourcePlace;
}

export function effectUses(subject: Subject): readonly EffectUse[] {
  const { root, name: experiment, context, reached } = subject;
  return reached.flatMap(({ declaration }) =>
    declaration.calls.flatMap((call): EffectUse[] => {
      if (!ts.isCallExpression(call) || context.nameOf(declaration.module, call.expression) !== "effect")
        return [];
      const found = kindOf(call);
      return found === null ? [] : [{ experiment, kind: found.kind, place: placeOf(root, found.node) }];
    }),
  );
}

/** Null where the call performs the effect itself, or the text does not say which kind it is. */
function kindOf(call: ts.CallExpression): { readonly kind: string; readonly node: ts.Node } | null {
  const given = call.arguments[2];
  const none = { kind: "default", node: call.expression };
  if (given === undefined) return none;
  const options = bareOf(given);
  if (!ts.isObjectLiteralExpression(options)) return null;
  let kind: { readonly kind: string; readonly node: ts.Node } | null = none;
  for (const property of options.properties) {
    if (property.name === undefined || !ts.isIdentifier(property.name)) return null;
    if (property.name.text === "perform") return null;
    if (property.name.text !== "kind") continue;
    if (!ts.isPropertyAssignment(property)) return null;
    const value = bareOf(property.initializer);
    kind = ts.isStringLiteralLike(value) ? { kind: value.text, node: value } : null;
  }
  return kind;
}
