// Allow comments: `// lab-allow clock-in-trial: only logged, never returned`. At the end of a line it covers that line; on a line of
// its own it covers the statement or member below, whole. Several codes are separated by commas; the reason is not optional.

import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { allowWithoutReason, unknownAllow, unusedAllow } from "../../diagnostic/trial-code-messages.ts";
import { ts } from "../typescript/ts-morph.ts";
import type { Module } from "./module-graph.ts";
import { type Found, placeOfRange } from "./rule.ts";

/** One allow comment. */
export interface Allow {
  readonly module: Module;
  readonly codes: readonly string[];
  readonly reason: string;
  /** Character range of the comment. */
  readonly range: { readonly start: number; readonly end: number };
  /** Lines it covers, counted from 1, both included. */
  readonly lines: readonly [first: number, last: number];
}

/** The allow comments of a module, in order. */
export function allowsOf(module: Module): readonly Allow[] {
  const { text } = module.source;
  const found: Allow[] = [];
  for (let at = text.indexOf("lab-allow"); at >= 0; at = text.indexOf("lab-allow", at + 1)) {
    const opening = /(\/\/|\/\*)[ \t]*$/.exec(text.slice(Math.max(0, at - 40), at))?.[0];
    if (opening === undefined || isInsideToken(module.source, at)) continue;
    const start = at - opening.length;
    const end = endOfComment(text, start);
    const body = text.slice(at + "lab-allow".length, end).replace(/\*\/$/, "");
    if (!/^[\s:]|^$/.test(body)) continue;
    const [, codes = "", reason = ""] = /^([^:]*)(?::([\s\S]*))?$/.exec(body) ?? [];
    found.push({
      module,
      codes: codes.split(/[\s,]+/).filter((code) => code !== ""),
      reason: reason.trim(),
      range: { start, end },
      lines: coveredLines(module.source, start, end),
    });
  }
  return found;
}

/** Takes out what allow comments silence, and adds what is wrong with the comments themselves. */
export function applyAllows(input: {
  readonly root: string;
  readonly found: readonly Found[];
  readonly allows: readonly Allow[];
  readonly codes: readonly string[];
  /** Whether a line was looked at: a comment about other code is not unused. */
  isReached(module: Module, lines: Allow["lines"]): boolean;
}): readonly Diagnostic[] {
  const { root, allows, codes } = input;
  const used = new Set<string>();
  const key = (allow: Allow, code: string): string => `${allow.module.path}:${allow.range.start}:${code}`;
  const placed = allows.map((allow) => ({
    allow,
    place: placeOfRange(root, allow.module.source, allow.range),
  }));
  const left = input.found.filter(({ code, place, allowedAt = [] }) => {
    const anchors = place === null ? allowedAt : [place, ...allowedAt];
    const covering = placed.filter(({ allow, place: { file } }) => {
      const [first, last] = allow.lines;
      return (
        allow.codes.includes(code) &&
        anchors.some((at) => at.file === file && first <= at.line && at.line <= last)
      );
    });
    for (const { allow } of covering) used.add(key(allow, code));
    return covering.length === 0;
  });
  const faults = placed.flatMap(({ allow, place }) => {
    const ofCodes = allow.codes.flatMap((code) => {
      if (!codes.includes(code)) return [unknownAllow({ place, name: code, known: codes })];
      const isUnused = !used.has(key(allow, code)) && input.isReached(allow.module, allow.lines);
      return isUnused ? [unusedAllow({ place, code })] : [];
    });
    if (allow.codes.length === 0) return [unknownAllow({ place, name: "", known: codes })];
    return allow.reason === ""
      ? [...ofCodes, allowWithoutReason({ place, code: allow.codes.join(", ") })]
      : ofCodes;
  });
  return [...left.map(({ allowedAt: _, ...diagnostic }) => diagnostic), ...faults];
}

/** Whether a position lies in a string, a template or a name rather than in a comment. */
function isInsideToken(source: ts.SourceFile, at: number): boolean {
  let inside = false;
  const visit = (node: ts.Node): void => {
    if (at < node.pos || at >= node.end) return;
    const isLeaf =
      node.getChildCount(source) === 0 || ts.isLiteralExpression(node) || ts.isTemplateLiteralToken(node);
    if (isLeaf && at >= node.getStart(source)) inside = true;
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
  return inside;
}

function endOfComment(text: string, start: number): number {
  const isLine = text.startsWith("//", start);
  const at = text.indexOf(isLine ? "\n" : "*/", start);
  if (at < 0) return text.length;
  return isLine ? start + text.slice(start, at).trimEnd().length : at + 2;
}

function coveredLines(source: ts.SourceFile, start: number, end: number): [number, number] {
  const lineOf = (position: number): number => source.getLineAndCharacterOfPosition(position).line + 1;
  const own = lineOf(start);
  const before = source.text.slice(source.getPositionOfLineAndCharacter(own - 1, 0), start);
  if (before.trim() !== "") return [own, own];
  const next = nodeAfter(source, end);
  return next === null ? [own, own] : [own, lineOf(next.end)];
}

/** The outermost statement or member that starts right after a position. */
function nodeAfter(source: ts.SourceFile, position: number): ts.Node | null {
  let found: ts.Node | null = null;
  const visit = (node: ts.Node): void => {
    if (found !== null || node.end <= position) return;
    if (node.pos <= position && node.getStart(source) >= position && isCoverable(node)) {
      found = node;
      return;
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
  return found;
}

function isCoverable(node: ts.Node): boolean {
  if (ts.isStatement(node) || ts.isClassElement(node) || ts.isObjectLiteralElementLike(node)) return true;
  return (
    ts.isExpression(node) && (ts.isArrayLiteralExpression(node.parent) || ts.isCallExpression(node.parent))
  );
}
