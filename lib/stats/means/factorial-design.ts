// From labelled observations to cells and sum-to-zero contrasts: the design matrix of a factorial analysis of variance.
// Only the cells' sizes, means and spreads are kept; least squares on them equals least squares on the observations.
import { momentsOf } from "../moments.ts";
import { assertSample, refuse } from "../refusal.ts";

/** One label per observation for every factor, and the observations. */
export interface FactorialData {
  readonly factors: Readonly<Record<string, readonly (string | number)[]>>;
  readonly y: readonly number[];
}

/** A term of the model: the factors it crosses and its contrast columns, one value a cell. */
export interface DesignTerm {
  readonly name: string;
  readonly factors: readonly string[];
  /** columns[j][cell] */
  readonly columns: readonly (readonly number[])[];
}

/** Cells, contrasts and the variation within cells. */
export interface FactorialDesign {
  readonly n: number;
  readonly terms: readonly DesignTerm[];
  readonly cells: readonly {
    readonly size: number;
    readonly offset: number;
    readonly levels: readonly number[];
  }[];
  /** Sum of squares within cells and its degrees of freedom. */
  readonly within: { readonly sumOfSquares: number; readonly df: number };
  readonly levels: Readonly<Record<string, readonly (string | number)[]>>;
}

/** Builds the design; interactions up to `order` factors (default: all). Levels are in order of first appearance. */
export function factorialDesign(
  data: FactorialData,
  order: number = Number.POSITIVE_INFINITY,
): FactorialDesign {
  const names = Object.keys(data.factors);
  if (names.length === 0) refuse("bad-option", "no factor was given");
  assertSample(data.y, { name: "the response", least: 2 });
  const levels: Record<string, (string | number)[]> = {};
  for (const name of names) {
    const labels = data.factors[name]!;
    if (labels.length !== data.y.length)
      refuse(
        "unequal-lengths",
        `factor "${name}" has ${labels.length} labels for ${data.y.length} observations`,
      );
    levels[name] = [...new Set(labels)];
    if (levels[name].length < 2)
      refuse(
        "too-few",
        `factor "${name}" has one level (${String(labels[0])}); an analysis of variance needs two`,
      );
  }
  const cells = cellsOf(data, { names, levels });
  const terms = subsetsOf(names, order).map((factors) => ({
    name: factors.join(":"),
    factors,
    columns: columnsOf({ factors, names, levels, cells }),
  }));
  const within = cells.reduce((sum, cell) => sum + cell.squares, 0);
  return {
    n: data.y.length,
    terms,
    cells,
    within: { sumOfSquares: within, df: data.y.length - cells.length },
    levels,
  };
}

function cellsOf(
  data: FactorialData,
  { names, levels }: { names: readonly string[]; levels: Record<string, (string | number)[]> },
) {
  const places = names.map((name) => new Map(levels[name]!.map((level, i) => [level, i])));
  const byKey = new Map<string, { levels: number[]; values: number[] }>();
  data.y.forEach((value, row) => {
    const at = names.map((name, f) => places[f]!.get(data.factors[name]![row]!)!);
    const key = at.join(",");
    const cell = byKey.get(key);
    if (cell === undefined) byKey.set(key, { levels: at, values: [value] });
    else cell.values.push(value);
  });
  const origin = data.y[0]!;
  return [...byKey.values()].map((cell) => {
    const { n, offset, sd } = momentsOf(cell.values, origin);
    return { size: n, offset, levels: cell.levels, squares: (n - 1) * sd * sd };
  });
}

/** Main effects first, then interactions by order, as R lists them. */
function subsetsOf(names: readonly string[], order: number): string[][] {
  const subsets: string[][] = [];
  for (let code = 1; code < 2 ** names.length; code += 1)
    subsets.push(names.filter((_, i) => Math.floor(code / 2 ** i) % 2 === 1));
  return subsets
    .filter((subset) => subset.length <= order)
    .sort((a, b) => a.length - b.length || lexical(a, b, names));
}

function lexical(a: readonly string[], b: readonly string[], names: readonly string[]): number {
  for (let i = 0; i < a.length; i += 1) {
    const gap = names.indexOf(a[i]!) - names.indexOf(b[i]!);
    if (gap !== 0) return gap;
  }
  return 0;
}

function columnsOf(options: {
  factors: readonly string[];
  names: readonly string[];
  levels: Record<string, (string | number)[]>;
  cells: readonly { levels: readonly number[] }[];
}): number[][] {
  const { factors, names, levels, cells } = options;
  let columns: number[][] = [cells.map(() => 1)];
  for (const factor of factors) {
    const f = names.indexOf(factor);
    const last = levels[factor]!.length - 1;
    const next: number[][] = [];
    for (let contrast = 0; contrast < last; contrast += 1)
      for (const column of columns)
        next.push(
          column.map((value, cell) => {
            const level = cells[cell]!.levels[f]!;
            return value * (level === last ? -1 : level === contrast ? 1 : 0);
          }),
        );
    columns = next;
  }
  return columns;
}
