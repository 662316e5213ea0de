// From what a loaded definition knows of a place (the call of a builder, or of defineExperiment) to the words that are meant: the
// parameter's name, the metric's, the whole call. Source maps give a point; the syntax tree gives what to underline.

import type { SourcePlace } from "../../diagnostic/diagnostic.ts";
import type { LocatedExperiment } from "../check/locate.ts";
import { sourceFileOf } from "../typescript/project.ts";
import { ts } from "../typescript/ts-morph.ts";
import { nameOf } from "./declared-value.ts";
import { propertyValue } from "./definition-parts.ts";
import { nodeInTrial, type TrialPart } from "./place-in-trial.ts";
import { placeOf } from "./rule.ts";

export interface VaguePlace {
  readonly root: string;
  readonly written: LocatedExperiment | null;
  /** What the problem concerns: `parameter "alpha"`, `metric "score"`, "metrics". */
  readonly subject: string;
  /** The part of the trial that it concerns, where that says more than the subject. */
  readonly part: TrialPart | null;
  readonly place: SourcePlace | null;
}

const partOf: Readonly<Record<string, string>> = {
  parameter: "parameters",
  metric: "metrics",
  series: "series",
  need: "needs",
  experiment: "name",
};

/** The most exact place that the syntax gives. */
export function precisePlace({ root, written, subject, part, place }: VaguePlace): SourcePlace | null {
  const inTrial = written === null || part === null ? null : nodeInTrial(written, part);
  if (inTrial !== null) return placeOf(root, inTrial);
  // What is declared has its name among the declared; the trial's own place says less.
  const isDeclared = part !== null && ["metric", "category", "series", "column"].includes(part.kind);
  const isWhole = place === null || isDeclared || (written !== null && sameLine(place, written.place));
  const named = written !== null && isWhole ? placeOfSubject(root, written, subject) : null;
  return named ?? (place === null || place.length > 1 ? place : calledAt(root, place));
}

function placeOfSubject(root: string, written: LocatedExperiment, subject: string): SourcePlace | null {
  const [, kind = subject, name] = /^(\w+)(?: "(.*)")?$/.exec(subject) ?? [];
  const part = partOf[kind] ?? kind;
  const value = propertyValue(written, part);
  if (value !== null && part === "name") return placeOf(root, value);
  const key = value === null || name === undefined ? null : keyNamed(value, name);
  return key === null ? (written.properties.get(part)?.place ?? null) : placeOf(root, key);
}

/** The first key of that name in the object literals of a value: spaces nest them. */
function keyNamed(value: ts.Node, name: string): ts.Node | null {
  let found: ts.Node | null = null;
  const visit = (node: ts.Node): void => {
    if (found !== null || ts.isFunctionLike(node)) return;
    const isKey =
      ts.isObjectLiteralElementLike(node) && node.name !== undefined && nameOf(node.name) === name;
    if (isKey) found = node.name ?? null;
    else ts.forEachChild(node, visit);
  };
  visit(value);
  return found;
}

/** The whole call or `new` whose callee stands at a point: engines report the last name of `sweep.log`. */
function calledAt(root: string, place: SourcePlace): SourcePlace {
  const source = sourceFileOf(root, place.file).compilerNode;
  if (place.line > source.getLineStarts().length) return place;
  const position = source.getPositionOfLineAndCharacter(place.line - 1, 0) + place.column - 1;
  let found: ts.Node | null = null;
  const visit = (node: ts.Node): void => {
    if (position < node.getStart(source) || position >= node.end) return;
    const isCall = ts.isCallExpression(node) || ts.isNewExpression(node);
    if (isCall && position < node.expression.end) found = node;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found === null ? place : placeOf(root, found);
}

function sameLine(a: SourcePlace, b: SourcePlace): boolean {
  return a.file === b.file && a.line === b.line;
}
