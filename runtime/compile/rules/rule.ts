// What a rule is and what it is given. A rule looks at one experiment, its syntax and its reach, and returns diagnostics; it never
// asks for types. Whether an allow comment silences one is not its business.
import path from "node:path";
import type { Diagnostic, SourcePlace } from "../../diagnostic/diagnostic.ts";
import type { LocatedExperiment } from "../check/locate.ts";
import type { ts } from "../typescript/ts-morph.ts";
import type { Denoter } from "./denote.ts";
import type { Module } from "./module-graph.ts";
import type { Reached } from "./reach.ts";
import type { StageContextNames } from "./stage-context.ts";

/** One experiment as the rules see it. */
export interface Subject {
  readonly root: string;
  readonly experiment: LocatedExperiment;
  /** The literal name, or the export's. */
  readonly name: string;
  /** The module that declares the experiment. */
  readonly module: Module;
  readonly reached: readonly Reached[];
  /** What any other expression of the module reaches. */
  reachedFrom(node: ts.Node, name: string): readonly Reached[];
  readonly context: StageContextNames;
  readonly denoter: Denoter;
  /** Whether a call that syntax cannot judge gives a promise, by the type checker. */
  isPromise(call: ts.Node): boolean;
}

export interface Rule {
  /** The code of its diagnostics, which is the code in an allow comment. */
  readonly code: string;
  check(subject: Subject): readonly Found[];
}

/** A diagnostic, and where else an allow comment may stand: at the declaration that several places misuse. */
export interface Found extends Diagnostic {
  readonly allowedAt?: readonly SourcePlace[];
}

/** The place of a node; its first line is underlined. */
export function placeOf(root: string, node: ts.Node): SourcePlace {
  const source = node.getSourceFile();
  return placeOfRange(root, source, { start: node.getStart(source), end: node.end });
}

/** The place of a range of characters; its first line is underlined. */
export function placeOfRange(
  root: string,
  source: ts.SourceFile,
  { start, end }: { readonly start: number; readonly end: number },
): SourcePlace {
  const { line, character } = source.getLineAndCharacterOfPosition(start);
  const lineEnd = source.text.indexOf("\n", start);
  const text = source.text.slice(start, lineEnd < 0 ? end : Math.min(end, lineEnd));
  return {
    file: path.relative(root, source.fileName).split(path.sep).join("/"),
    line: line + 1,
    column: character + 1,
    length: Math.max(1, text.trimEnd().length),
  };
}
