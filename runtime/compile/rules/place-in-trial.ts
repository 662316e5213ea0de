// Where a trial of an orchestrator says what does not fit the schema: an option of `grpc`, a key of its configuration or a value in it, the level
// that a parameter brings there, the field of a metric or of a series.
import type { LocatedExperiment } from "../check/locate.ts";
import { ts } from "../typescript/ts-morph.ts";
import { nameOf } from "./declared-value.ts";
import { propertyValue } from "./definition-parts.ts";
import { bareOf } from "./denote.ts";

/** What of a trial does not fit. */
export type TrialPart =
  /** Of `grpc`; where it is not written, its schema. */
  | { readonly kind: "option"; readonly name: string }
  /** `value`, as JSON, is one that its field cannot hold; null where there is no such field. */
  | { readonly kind: "configuration"; readonly path: string; readonly value: string | null }
  | { readonly kind: "metric" | "series"; readonly name: string }
  | { readonly kind: "category"; readonly metric: string; readonly value: string }
  | { readonly kind: "column"; readonly series: string; readonly name: string };

/** Null where it is not written in the trial, nor in what the trial draws on. */
export function nodeInTrial(written: LocatedExperiment, part: TrialPart): ts.Node | null {
  if (part.kind === "column") return columnOf(written, part);
  if (part.kind === "category") return categoryOf(written, part);
  const options = optionsOf(written);
  if (options === null) return null;
  switch (part.kind) {
    case "option":
      return valueAt(options, [part.name]) ?? valueAt(options, ["proto"]);
    case "configuration":
      return inConfiguration(written, options, part);
    case "metric":
      return valueAt(options, ["metrics", part.name]);
    case "series":
      return valueAt(options, ["series", part.name]);
  }
}

/** The object that the trial's call is given. */
function optionsOf(written: LocatedExperiment): ts.ObjectLiteralExpression | null {
  const trial = propertyValue(written, "trial");
  const call = trial === null ? null : bareOf(trial);
  const given = call !== null && ts.isCallExpression(call) ? call.arguments[0] : undefined;
  const options = given === undefined ? null : bareOf(given);
  return options !== null && ts.isObjectLiteralExpression(options) ? options : null;
}

/** The key of `set` that leads there, or what stands below it as far as it is written. */
function inConfiguration(
  written: LocatedExperiment,
  options: ts.ObjectLiteralExpression,
  { path, value: found }: Extract<TrialPart, { readonly kind: "configuration" }>,
): ts.Node | null {
  const set = valueAt(options, ["configuration", "set"]);
  const parts = path.split(".");
  if (set === null) return levelOf(written, parts[0] ?? "", found);
  const member = memberAt(set, parts);
  if (member === null) return null;
  const { property, rest } = member;
  const value = bareOf(property.initializer);
  const [token] = ts.isCallExpression(value) ? value.arguments : [];
  if (token !== undefined && ts.isStringLiteral(token))
    return found === null ? property.name : (levelOf(written, token.text, found) ?? property.name);
  return below(property, rest);
}

/** The value of a parameter that was found, among its levels; its key where it is not written out. */
function levelOf(written: LocatedExperiment, parameter: string, found: string | null): ts.Node | null {
  const parameters = propertyValue(written, "parameters");
  if (parameters === null) return null;
  let level: ts.Node | null = null;
  let key: ts.Node | null = null;
  const inLevels = (node: ts.Node): void => {
    if (found !== null && jsonOf(node) === found) level ??= node;
    else ts.forEachChild(node, inLevels);
  };
  const visit = (node: ts.Node): void => {
    if (level !== null || ts.isFunctionLike(node)) return;
    if (!ts.isPropertyAssignment(node) || nameOf(node.name) !== parameter) {
      ts.forEachChild(node, visit);
      return;
    }
    key ??= node.name;
    inLevels(node.initializer);
  };
  visit(parameters);
  return level ?? key;
}

/** A literal as JSON; null for anything else. */
function jsonOf(node: ts.Node): string | null {
  if (ts.isStringLiteralLike(node)) return JSON.stringify(node.text);
  if (ts.isNumericLiteral(node)) return JSON.stringify(Number(node.text));
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken)
    return ts.isNumericLiteral(node.operand) ? JSON.stringify(-Number(node.operand.text)) : null;
  if (node.kind === ts.SyntaxKind.TrueKeyword) return "true";
  return node.kind === ts.SyntaxKind.FalseKeyword ? "false" : null;
}

/** The key of a column in its series' schema. */
function columnOf(
  written: LocatedExperiment,
  of: Extract<TrialPart, { readonly kind: "column" }>,
): ts.Node | null {
  const series = propertyValue(written, "series");
  const schema = series === null ? null : valueAt(series, [of.series]);
  const call = schema === null ? null : bareOf(schema);
  const [columns] = call !== null && ts.isCallExpression(call) ? call.arguments : [];
  return columns === undefined ? null : (memberAt(columns, [of.name])?.property.name ?? null);
}

function categoryOf(
  written: LocatedExperiment,
  { metric, value }: Extract<TrialPart, { readonly kind: "category" }>,
): ts.Node | null {
  const metrics = propertyValue(written, "metrics");
  const made = metrics === null ? null : valueAt(metrics, [metric]);
  const call = made === null ? null : bareOf(made);
  const [given] = call !== null && ts.isCallExpression(call) ? call.arguments : [];
  const categories = given === undefined ? null : bareOf(given);
  if (categories === null || !ts.isArrayLiteralExpression(categories)) return null;
  return categories.elements.find((each) => jsonOf(each) === JSON.stringify(value)) ?? null;
}

/** The value of a property, of a property of that, and so on. */
function valueAt(object: ts.Node, path: readonly string[]): ts.Node | null {
  let value: ts.Node = object;
  for (const name of path) {
    const member = memberAt(value, [name]);
    if (member === null) return null;
    value = member.property.initializer;
  }
  return value;
}

interface Member {
  readonly property: ts.PropertyAssignment;
  /** What of the path lies below it. */
  readonly rest: readonly string[];
}

/** The property that a path begins with; a key may hold dots itself. */
function memberAt(object: ts.Node, path: readonly string[]): Member | null {
  const bare = bareOf(object);
  if (!ts.isObjectLiteralExpression(bare)) return null;
  for (let count = path.length; count > 0; count -= 1) {
    const name = path.slice(0, count).join(".");
    const property = bare.properties.find(
      (each): each is ts.PropertyAssignment => ts.isPropertyAssignment(each) && nameOf(each.name) === name,
    );
    if (property !== undefined) return { property, rest: path.slice(count) };
  }
  return null;
}

/** As deep as the path is written: the key of the last property, or the item of a list. */
function below(property: ts.PropertyAssignment, path: readonly string[]): ts.Node {
  const value = bareOf(property.initializer);
  const [first, ...rest] = path;
  if (first === undefined) return property.name;
  const item = ts.isArrayLiteralExpression(value) ? value.elements[Number(first)] : undefined;
  const inner = memberAt(item ?? value, item === undefined ? path : rest);
  return inner === null ? (item ?? property.name) : below(inner.property, inner.rest);
}
