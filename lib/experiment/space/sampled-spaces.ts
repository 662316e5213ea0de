// Designs that sample ranges instead of combining levels: design.latinHypercube, design.sobol, design.random.
// A design's points depend on its own seed alone, not on the seed of the replicates.
import { type CallSite, callSiteOf } from "../call-site.ts";
import { flag, number, optionProblems, readOptions, shownValue } from "../option-shapes.ts";
import { type DefinitionProblem, problemOf } from "../problem.ts";
import type { Between, ConditionSpace, Sweep } from "./condition-space.ts";
import { levelCountOf } from "./level-source.ts";
import { sobolDimensionsMax } from "./sobol-points.ts";
import type { SampledRange, Space } from "./space.ts";
import { checkName, isBetween, isSweep, readMembers } from "./space-input.ts";

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
export type SampledSpace<P> = ConditionSpace<SampledCondition<P>, keyof P & string>;

/**
 * `count` points, one in each of `count` equal slices of every range (McKay, Beckman and Conover 1979).
 * `latinHypercube({ alpha: range(0, 1), beta: between.log(1e-6, 1e-2) }, 100, { seed: 7 })`.
 */
export function latinHypercube<const P extends SampledInput>(
  ranges: P,
  count: number,
  options: DesignOptions = {},
): SampledSpace<P> {
  return designOf({ method: "latin-hypercube", ranges, count, options }, callSiteOf(latinHypercube));
}

/** `count` points of Sobol's sequence (Joe and Kuo 2008), at most 100 ranges; a power of two balances best. */
export function sobol<const P extends SampledInput>(
  ranges: P,
  count: number,
  options: SobolOptions = {},
): SampledSpace<P> {
  return designOf({ method: "sobol", ranges, count, options }, callSiteOf(sobol));
}

/** `count` independent points. */
export function random<const P extends SampledInput>(
  ranges: P,
  count: number,
  options: DesignOptions = {},
): SampledSpace<P> {
  return designOf({ method: "random", ranges, count, options }, callSiteOf(random));
}

type Method = Extract<Space, { readonly kind: "sampled" }>["method"];

const builderNames: Readonly<Record<Method, string>> = {
  "latin-hypercube": "design.latinHypercube(...)",
  sobol: "design.sobol(...)",
  random: "design.random(...)",
};

const seedShape = number("a whole number from 0 to 2^53-1", () => true);

interface Call {
  readonly method: Method;
  readonly ranges: unknown;
  readonly count: unknown;
  readonly options: unknown;
}

function designOf<P>(call: Call, site: CallSite | null): SampledSpace<P> {
  const { method } = call;
  const subject = builderNames[method];
  const isSobol = method === "sobol";
  const { options, misfits } = isSobol
    ? readOptions<SobolOptions>(call.options, { seed: seedShape, scramble: flag() })
    : readOptions<SobolOptions>(call.options, { seed: seedShape });
  const { seed = 0, scramble = isSobol } = options;
  const expected =
    "between(...) or sweep(...) by name; put constants beside the design with space.cross(...)";
  const { ranges, areRead, sites, problems: found } = readColumns(call.ranges, { subject, expected, site });
  const problems = [
    ...found,
    ...optionProblems(misfits, { code: "bad-option", subject }).map((problem) => ({ ...problem, site })),
  ];
  const columns = areRead ? ranges.length : null;
  problems.push(...checkDesign({ method, columns, count: call.count, seed }, site));
  return {
    kind: "labwright/space",
    // What cannot be counted has no points.
    tree: {
      kind: "sampled",
      method,
      count: isCount(call.count) ? call.count : 0,
      seed,
      scramble,
      ranges,
    },
    problems,
    sites,
  };
}

export interface ReadColumns {
  readonly ranges: Extract<Space, { readonly kind: "sampled" }>["ranges"];
  readonly sites: Readonly<Record<string, CallSite | null>>;
  /** False where some column is neither a range nor a sweep. */
  readonly areRead: boolean;
  readonly problems: readonly DefinitionProblem[];
}

/** Reads ranges and sweeps by name. */
export function readColumns(
  given: unknown,
  of: { readonly subject: string; readonly expected: string; readonly site: CallSite | null },
): ReadColumns {
  const { members, problems } = readMembers(given, { ...of, fits: isColumn });
  return {
    ranges: members.map(([name, column]) => ({ name, range: rangeOf(column) })),
    sites: Object.fromEntries(members.map(([name, column]) => [name, column.site])),
    areRead: problems.length === 0,
    problems: [
      ...problems,
      ...members.flatMap(([name, column]) => [
        ...checkName(name, of.site),
        ...column.problems.map((problem) => ({ ...problem, subject: `parameter "${name}"` })),
      ]),
    ],
  };
}

function isColumn(value: unknown): value is Between | Sweep<unknown> {
  return isBetween(value) || isSweep(value);
}

function rangeOf(column: Between | Sweep<unknown>): SampledRange {
  if (column.kind === "labwright/between") return column.range;
  // An empty sweep has its own problem; the design then has nothing to draw.
  const levels = levelCountOf(column.levels) > 0 ? column.levels : { kind: "list" as const, levels: [null] };
  return { kind: "choice", levels };
}

interface Counted {
  readonly method: Method;
  /** Null where some could not be read. */
  readonly columns: number | null;
  readonly count: unknown;
  readonly seed: number;
}

function checkDesign({ method, columns, count, seed }: Counted, site: CallSite | null): DefinitionProblem[] {
  const problems: DefinitionProblem[] = [];
  const subject = builderNames[method];
  if (count === 0 || columns === 0) problems.push(problemOf({ code: "empty-sweep", subject, site }));
  else if (!isCount(count)) {
    const expected = "a whole number of points from 1 to 4294967295";
    problems.push(
      problemOf({ code: "bad-range", subject, found: `${shownValue(count)} points`, expected, site }),
    );
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    const { expected } = seedShape;
    problems.push(problemOf({ code: "bad-seed", subject, found: String(seed), expected, site }));
  }
  if (method === "sobol" && columns !== null && columns > sobolDimensionsMax) {
    const expected = `at most ${sobolDimensionsMax} ranges`;
    problems.push(problemOf({ code: "bad-range", subject, found: `${columns} ranges`, expected, site }));
  }
  return problems;
}

function isCount(count: unknown): count is number {
  return typeof count === "number" && Number.isInteger(count) && count >= 1 && count < 2 ** 32;
}
