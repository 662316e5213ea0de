// Which names of the outside world reached code uses: Math.random, node:fs readFile, a package's shuffle. Each rule of the
// "-in-trial" family asks for its own set; aliases count where the alias is made.

import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import type { UseInTrial } from "../../diagnostic/trial-code-messages.ts";
import { ts } from "../typescript/ts-morph.ts";
import type { Declaration } from "./declaration.ts";
import { bareOf, type Denoted, type Denoter, loadedBy } from "./denote.ts";
import type { Reached } from "./reach.ts";
import { placeOf, type Rule, type Subject } from "./rule.ts";

/** One mention of something outside the project. */
export interface OutsideUse {
  readonly node: ts.Node;
  readonly denoted: Outside;
  /** As a person would write it: "Math.random", "readFileSync (node:fs)". */
  readonly text: string;
}

/** A rule that says what its words and its set are; the set is asked by other rules too. */
export interface UseRule extends Rule {
  forbids(use: OutsideUse): boolean;
}

/** A rule that reports every reached mention that `forbids` picks out. */
export function trialUseRule(rule: {
  readonly code: string;
  readonly message: (use: UseInTrial) => Diagnostic;
  forbids(use: OutsideUse): boolean;
}): UseRule {
  return {
    code: rule.code,
    forbids: rule.forbids,
    check(subject: Subject): readonly Diagnostic[] {
      const report = ({ declaration, via }: Reached): readonly Diagnostic[] =>
        outsideUses(declaration, subject.denoter)
          .filter((use) => rule.forbids(use))
          .map((use) =>
            rule.message({
              place: placeOf(subject.root, placed(use)),
              experiment: subject.name,
              via,
              use: use.text,
            }),
          );
      return subject.reached.flatMap(report);
    },
  };
}

const kept = new WeakMap<Declaration, readonly OutsideUse[]>();

/** Every mention of a global, built-in module or package in a declaration; the outermost member only. */
export function outsideUses(declaration: Declaration, denoter: Denoter): readonly OutsideUse[] {
  let uses = kept.get(declaration);
  if (uses === undefined) {
    uses = [...findUses(declaration, denoter)];
    kept.set(declaration, uses);
  }
  return uses;
}

function* findUses(declaration: Declaration, denoter: Denoter): Generator<OutsideUse> {
  const { module } = declaration;
  const use = (node: ts.Node, denoted: Denoted | null): OutsideUse[] =>
    denoted === null || !("path" in denoted) || ts.isTypeOfExpression(node.parent)
      ? []
      : [{ node, denoted, text: textOf(denoted, node) }];
  for (const identifier of declaration.identifiers) {
    if (isInnerMember(identifier)) continue;
    const binding = module.scopes.bindingOf(identifier);
    if (isDestructured(identifier)) continue;
    const denoted = denoter.of(module, identifier);
    // An alias of a member was reported where it was made; imports and modules in hand are reported where they are used.
    const isModule =
      denoted !== null && denoted.kind !== "global" && "path" in denoted && denoted.path === "";
    if (binding === null || binding.kind === "import" || isModule) yield* use(identifier, denoted);
  }
  for (const member of declaration.members) {
    if (isInnerMember(member) || isDestructured(member)) continue;
    yield* use(member, denoter.of(module, member));
  }
  for (const element of declaration.elements) {
    if (!ts.isIdentifier(element.name)) continue;
    const binding = module.scopes.bindingOf(element.name);
    if (binding?.node === element) yield* use(element, denoter.ofBinding(module, binding));
  }
  for (const call of declaration.calls) {
    const isUsedElsewhere = isInnerMember(call) || isNamed(call);
    if (loadedBy(call) !== null && !isUsedElsewhere) yield* use(call, denoter.of(module, call));
  }
}

/** `new Date()` is marked whole. */
export function placed({ node, denoted }: OutsideUse): ts.Node {
  return denoted.kind === "global" && denoted.path === "Date" ? node.parent : node;
}

type Outside = Extract<Denoted, { readonly path: string }>;

function textOf(denoted: Outside, node: ts.Node): string {
  if (denoted.path === "Date") return ts.isNewExpression(node.parent) ? "new Date()" : "Date()";
  if (denoted.kind === "global") return denoted.path;
  return denoted.path === "" ? denoted.module : `${denoted.path} (${denoted.module})`;
}

/** `Math` of `Math.random` says nothing that the member does not say better. */
function isInnerMember(node: ts.Node): boolean {
  const outer = wrappedOf(node);
  const { parent } = outer;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === outer;
  if (!ts.isElementAccessExpression(parent) || parent.expression !== outer) return false;
  return ts.isStringLiteralLike(parent.argumentExpression);
}

/** `const { random } = Math`: the elements are reported, not the initializer. */
function isDestructured(node: ts.Node): boolean {
  const name = nameGiven(node);
  return (
    name !== null && ts.isObjectBindingPattern(name) && !name.elements.some((each) => each.dotDotDotToken)
  );
}

/** `const fs = await import("node:fs")`: what is done with the name is reported. */
function isNamed(node: ts.Node): boolean {
  const name = nameGiven(node);
  return name !== null && (ts.isIdentifier(name) || isDestructured(node));
}

/** The name or pattern of the variable that a node initializes; null when it does not. */
function nameGiven(node: ts.Node): ts.BindingName | null {
  const outer = wrappedOf(node);
  const { parent } = outer;
  return ts.isVariableDeclaration(parent) && parent.initializer === outer ? parent.name : null;
}

/** The node with the parentheses, casts and awaits around it. */
function wrappedOf(node: ts.Node): ts.Node {
  let outer = node;
  while (
    ts.isAwaitExpression(outer.parent) ||
    (outer.parent !== undefined && bareOf(outer.parent) !== outer.parent)
  ) {
    outer = outer.parent;
  }
  return outer;
}
