// Designs that sample ranges instead of combining levels: design.latinHypercube, design.sobol, design.random.
// A design's points depend on its own seed alone, not on the seed of the replicates.
import { type CallSite, callSiteOf } from "../call-site.ts";
import { type DefinitionProblem, problemOf } from "../problem.ts";
import type { Between, ConditionSpace, Sweep } from "./condition-space.ts";
import { levelCountOf } from "./level-source.ts";
import { sobolDimensionsMax } from "./sobol-points.ts";
import type { SampledRange, Space } from "./space.ts";
import { checkName, isBetween, isSweep } from "./space-input.ts";

/** The columns of a design: ranges, and sweeps whose levels are then equally likely. */
export interface SampledInput {
  readonly [name: string]: Between | Sweep<unknown>;
}

export interface DesignOptions {
  /** A whole number from 0 to 2^53-1; 0 unless told. */
  readonly seed?: number;
}

export interface SobolOptions extends DesignOptions {
  /** Random linear scramble and digital shift, so that no point lies on a corner; true unless told. */
  readonly scramble?: boolean;
}

type SampledCondition<P> = { readonly [K in keyof P]: P[K] extends Sweep<infer T> ? T : number };
type SampledSpace<P> = ConditionSpace<SampledCondition<P>, keyof P & string>;

/**
 * `count` points, one in each of `count` equal slices of every range (McKay, Beckman and Conover 1979).
 * `latinHypercube({ alpha: range(0, 1), beta: between.log(1e-6, 1e-2) }, 100, { seed: 7 })`.
 */
export function latinHypercube<const P extends SampledInput>(
  ranges: P,
  count: number,
  { seed = 0 }: DesignOptions = {},
): SampledSpace<P> {
  return designOf(
    { method: "latin-hypercube", ranges, count, seed, scramble: false },
    callSiteOf(latinHypercube),
  );
}

/** `count` points of Sobol's sequence (Joe and Kuo 2008), at most 100 ranges; a power of two balances best. */
export function sobol<const P extends SampledInput>(
  ranges: P,
  count: number,
  { seed = 0, scramble = true }: SobolOptions = {},
): SampledSpace<P> {
  return designOf({ method: "sobol", ranges, count, seed, scramble }, callSiteOf(sobol));
}

/** `count` independent points. */
export function random<const P extends SampledInput>(
  ranges: P,
  count: number,
  { seed = 0 }: DesignOptions = {},
): SampledSpace<P> {
  return designOf({ method: "random", ranges, count, seed, scramble: false }, callSiteOf(random));
}

interface Design {
  readonly method: Extract<Space, { readonly kind: "sampled" }>["method"];
  readonly ranges: SampledInput;
  readonly count: number;
  readonly seed: number;
  readonly scramble: boolean;
}

function designOf<P>(design: Design, site: CallSite | null): SampledSpace<P> {
  const { method, count, seed, scramble } = design;
  const problems: DefinitionProblem[] = [];
  const ranges: { readonly name: string; readonly range: SampledRange }[] = [];
  const sites: Record<string, CallSite | null> = {};
  for (const [name, column] of Object.entries(design.ranges)) {
    const subject = `parameter "${name}"`;
    problems.push(...checkName(name, site));
    if (isBetween(column) || isSweep(column)) {
      problems.push(...column.problems.map((problem) => ({ ...problem, subject })));
      ranges.push({ name, range: rangeOf(column) });
      sites[name] = column.site;
    } else {
      const expected = "between(...) or sweep(...); put constants beside the design with space.cross(...)";
      problems.push(problemOf({ code: "bad-range", subject, found: JSON.stringify(column), expected, site }));
    }
  }
  problems.push(...checkDesign(design, site));
  // What cannot be counted has no points.
  const points = isCount(count) ? count : 0;
  return {
    kind: "labwright/space",
    tree: { kind: "sampled", method, count: points, seed, scramble, ranges },
    problems,
    sites,
  };
}

function rangeOf(column: Between | Sweep<unknown>): SampledRange {
  if (column.kind === "labwright/between") return column.range;
  // An empty sweep has its own problem; the design then has nothing to draw.
  const levels = levelCountOf(column.levels) > 0 ? column.levels : { kind: "list" as const, levels: [null] };
  return { kind: "choice", levels };
}

function checkDesign(
  { method, count, seed, ranges }: Design,
  site: CallSite | null,
): readonly DefinitionProblem[] {
  const problems: DefinitionProblem[] = [];
  if (count === 0 || Object.keys(ranges).length === 0) {
    problems.push(problemOf({ code: "empty-sweep", subject: method, site }));
  } else if (!isCount(count)) {
    const expected = "a whole number of points from 1 to 4294967295";
    problems.push(
      problemOf({ code: "bad-range", subject: method, found: `${count} points`, expected, site }),
    );
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    const expected = "a whole number from 0 to 2^53-1";
    problems.push(problemOf({ code: "bad-seed", subject: method, found: String(seed), expected, site }));
  }
  const columns = Object.keys(ranges).length;
  if (method === "sobol" && columns > sobolDimensionsMax) {
    const expected = `at most ${sobolDimensionsMax} ranges`;
    problems.push(
      problemOf({ code: "bad-range", subject: method, found: `${columns} ranges`, expected, site }),
    );
  }
  return problems;
}

function isCount(count: number): boolean {
  return Number.isInteger(count) && count >= 1 && count < 2 ** 32;
}
