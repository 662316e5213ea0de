// Designs that sample ranges: Latin hypercube, Sobol's sequence, independent draws. Point i is a function of (seed, column, i), so a
// design needs no memory, and a longer Sobol or random design begins with the points of a shorter one.
import { murmur128OfWords } from "../../random/murmur128.ts";
import { streamSeedOf } from "../../random/seed-of.ts";
import type { State128 } from "../../random/xoshiro128.ts";
import type { Json } from "../json.ts";
import { rowNodeOf } from "./factor-nodes.ts";
import { levelCountOf, levelReaderOf } from "./level-source.ts";
import { permutedRow } from "./row-permutation.ts";
import { sobolDimensionOf } from "./sobol-points.ts";
import type { SampledRange, Space } from "./space.ts";
import type { SpaceNode } from "./space-node.ts";

export type SampledTree = Extract<Space, { readonly kind: "sampled" }>;

/** The coordinate of a point in [0, 1). */
type Coordinate = (row: number) => number;

export function sampledNodeOf(tree: SampledTree): SpaceNode {
  const names = tree.ranges.map(({ name }) => name);
  const coordinates = tree.ranges.map(({ name }, column) => coordinateOf(tree, name, column));
  return rowNodeOf({
    size: tree.count,
    names,
    // One coordinate and one range a column.
    at: (column, row) =>
      valueIn(
        (tree.ranges[column] as SampledTree["ranges"][number]).range,
        (coordinates[column] as Coordinate)(row),
      ),
  });
}

function coordinateOf(tree: SampledTree, name: string, column: number): Coordinate {
  if (tree.method === "sobol") return sobolDimensionOf(column, tree.scramble ? { seed: tree.seed } : null);
  // Columns are told apart by name: reordering or adding ranges leaves the others' values.
  const key = streamSeedOf([0, 0, 0, 0], JSON.stringify(["labwright/design", tree.method, tree.seed, name]));
  if (tree.method === "random") return (row) => uniformAt(key, row);
  return (row) => {
    const cell = permutedRow(row, tree.count, key[0]);
    // Rounding may carry the sum to the next cell's edge, which for the last cell is 1.
    return Math.min((cell + uniformAt(key, row)) / tree.count, 1 - 2 ** -53);
  };
}

const block = new Int32Array(8);

/** A uniform number in [0, 1) for a row of a column. */
function uniformAt(key: State128, row: number): number {
  block.set(key, 0);
  block[4] = row;
  block[5] = 3;
  const [high, low] = murmur128OfWords(block);
  return ((high >>> 5) * 67108864 + (low >>> 6)) / 9007199254740992;
}

/** The value of a range at coordinate u, 0 <= u < 1. */
export function valueIn(range: SampledRange, u: number): Json {
  switch (range.kind) {
    case "uniform":
      return Math.min(range.low + (range.high - range.low) * u, below(range.high));
    case "log": {
      const value = range.low * (range.high / range.low) ** u;
      return Math.min(Number(value.toPrecision(15)), below(range.high));
    }
    case "integer":
      return range.low + Math.floor(u * (range.high - range.low + 1));
    case "choice":
      return levelReaderOf(range.levels)(Math.floor(u * levelCountOf(range.levels)));
  }
}

/** A number next below a finite one, so that rounding never yields the excluded upper end. */
function below(high: number): number {
  return high - Math.max(Math.abs(high) * 2 ** -53, Number.MIN_VALUE);
}
