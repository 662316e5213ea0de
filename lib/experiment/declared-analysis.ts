// What all functions of the analysis door share: reading what they were called with, and making an analysis with its problems of it.
import type { DeclaredAnalysis } from "./analyses.ts";
import type { Common } from "./analysis-shapes.ts";
import type { AnalysisSpec, Baseline, Family } from "./analysis-spec.ts";
import { callSiteOf } from "./call-site.ts";
import { checkFactor, checkLevel, type KnownNames, type Problems } from "./check-names.ts";
import type { CustomAnalysis } from "./custom-analysis.ts";
import { isHandle } from "./handle.ts";
import type { Json } from "./json.ts";
import { type Misfit, optionProblems, readOptions, required, type Shape } from "./option-shapes.ts";
import { type DefinitionProblem, problemOf } from "./problem.ts";

export interface Across {
  readonly across: string;
  readonly baseline?: Json;
}

/** What a builder was called with: its first arguments, none of which may be left out, and the options after them. */
export function readCall<T extends object>(
  args: readonly unknown[],
  first: Readonly<Record<string, Shape>>,
  shapes: Readonly<Record<string, Shape>>,
): { readonly call: Partial<T>; readonly misfits: readonly Misfit[] } {
  const names = Object.keys(first);
  const needed = Object.fromEntries(Object.entries(first).map(([name, shape]) => [name, required(shape)]));
  const leading = readOptions(Object.fromEntries(names.map((name, i) => [name, args[i]])), needed);
  const options = readOptions(args[names.length] ?? {}, shapes);
  const call = { ...leading.options, ...options.options };
  // Each member fits the shape of its name, which is what T says.
  return {
    call: call as Partial<T>,
    misfits: leading.misfits.length > 0 ? leading.misfits : options.misfits,
  };
}

export interface Declaration {
  readonly builder: (...args: never[]) => unknown;
  /** What the author called; the builder's name unless told. */
  readonly called?: string;
  readonly misfits: readonly Misfit[];
  /** Of a call with misfits only a stand-in, which no build gets to see. */
  readonly spec: AnalysisSpec;
  /** Asked only where everything has the right shape. */
  readonly checks: () => readonly Problems[];
  readonly custom?: CustomAnalysis | null;
}

export function declared({
  builder,
  called = builder.name,
  misfits,
  spec,
  checks,
  custom = null,
}: Declaration): DeclaredAnalysis {
  const site = callSiteOf(builder);
  const problems = misfits.length > 0 ? misfitProblems(misfits, `${called}(...)`) : checks().flat();
  const own = problems.map((problem) => ({ ...problem, site, subject: subjectOf(problem, spec.name) }));
  return { kind: "labwright/analysis", spec, custom, problems: own, site };
}

function misfitProblems(misfits: readonly Misfit[], subject: string): Problems {
  return misfits.flatMap((misfit) =>
    misfit.key === "unit" && misfit.found !== '"replicate"'
      ? [problemOf({ code: "rounds-as-replicates", subject, found: misfit.found })]
      : optionProblems([misfit], { code: "bad-option", subject }),
  );
}

function subjectOf(problem: DefinitionProblem, name: string): string {
  return problem.subject === "analysis" ? `analysis "${name}"` : problem.subject;
}

export function commonPart(name: string, { confidence = 0.95, exploratory = false }: Partial<Common>) {
  const family: Family = { name, correction: "none" };
  return { name, family, confidence, exploratory };
}

export function checkAcross(known: KnownNames, { across = "", baseline }: Partial<Across>): Problems[] {
  return [checkFactor(known, across), baseline === undefined ? [] : checkLevel(known, across, baseline)];
}

export function baselineOf(level: Json | undefined): Baseline | null {
  return level === undefined ? null : { level };
}

/** The levels of `where`, without those left undefined. */
export function whereOf({ where = {} }: Partial<Common>): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    Object.entries(where).flatMap(([name, level]) => (level === undefined ? [] : [[name, level] as const])),
  );
}

/** Tells apart two analyses that differ in their conditions only. */
export function suffixOf(options: Partial<Common>): string {
  const parts = Object.entries(whereOf(options)).map(([name, level]) => `${name}=${JSON.stringify(level)}`);
  return parts.length === 0 ? "" : ` where ${parts.join(", ")}`;
}

export function isAnalysis(value: unknown): value is DeclaredAnalysis {
  return isHandle(value, "labwright/analysis");
}
