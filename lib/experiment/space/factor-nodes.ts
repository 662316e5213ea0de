// Nodes whose conditions are combinations of levels: the product of parameters, and sweeps zipped side by side.
import type { Json } from "../json.ts";
import { levelCountOf, levelKeyOf, levelReaderOf, positionFinderOf } from "./level-source.ts";
import type { LevelSource, SpaceParameter } from "./space.ts";
import type { SpaceNode } from "./space-node.ts";

/** Mixed radix: the last parameter varies fastest, as in nested loops written in declared order. */
export function productNodeOf(parameters: readonly SpaceParameter[]): SpaceNode {
  const names = parameters.map((parameter) => parameter.name);
  const sources = parameters.map(sourceOf);
  const counts = sources.map(levelCountOf);
  const finders = sources.map(positionFinderOf);
  const size = counts.reduce((product, count) => product * count, 1);
  const strides = counts.map((_, i) => counts.slice(i + 1).reduce((product, count) => product * count, 1));
  const readers = sources.map(levelReaderOf);
  const lists = sources.map((source) => (source.kind === "list" ? source.levels : null));
  return {
    size,
    parameters: names,
    coordinates: names,
    filtered: false,
    write(target, index) {
      for (let i = 0; i < names.length; i++) {
        // All five arrays have one entry a parameter, and the position is below the count.
        const position = Math.floor(index / (strides[i] as number)) % (counts[i] as number);
        const list = lists[i];
        target[names[i] as string] = list
          ? (list[position] as (typeof list)[number])
          : (readers[i] as ReturnType<typeof levelReaderOf>)(position);
      }
    },
    locate(condition) {
      let index = 0;
      for (let i = 0; i < names.length; i++) {
        const name = names[i] as string;
        const position = Object.hasOwn(condition, name)
          ? (finders[i] as ReturnType<typeof positionFinderOf>)(condition[name])
          : -1;
        if (position < 0) return -1;
        index += position * (strides[i] as number);
      }
      return index;
    },
    admits: () => true,
  };
}

function sourceOf(parameter: SpaceParameter): LevelSource {
  return parameter.kind === "sweep" ? parameter.levels : { kind: "list", levels: [parameter.value] };
}

/** The i-th condition has the i-th level of every factor; as many as the shortest has. */
export function zipNodeOf(
  factors: readonly { readonly name: string; readonly levels: LevelSource }[],
): SpaceNode {
  const size = factors.length === 0 ? 0 : Math.min(...factors.map(({ levels }) => levelCountOf(levels)));
  const readers = factors.map(({ levels }) => levelReaderOf(levels));
  return rowNodeOf({
    size,
    names: factors.map(({ name }) => name),
    at: (column, row) => (readers[column] as (typeof readers)[number])(row),
  });
}

export interface Rows {
  readonly size: number;
  readonly names: readonly string[];
  at(column: number, row: number): Json;
}

/** A node over rows that all have the same columns; a row is found through a table made at the first call. */
export function rowNodeOf(rows: Rows): SpaceNode {
  const { size, names } = rows;
  const rowKeyOf = (cell: (column: number) => unknown): string =>
    names.map((_, column) => keyTextOf(cell(column))).join("\u0001");
  let table: Map<string, number> | null = null;
  return {
    size,
    parameters: names,
    coordinates: names,
    filtered: false,
    write(target, index) {
      for (let column = 0; column < names.length; column++) {
        target[names[column] as string] = rows.at(column, index);
      }
    },
    locate(condition) {
      if (!names.every((name) => Object.hasOwn(condition, name))) return -1;
      if (table === null) {
        table = new Map();
        for (let row = size - 1; row >= 0; row--)
          table.set(
            rowKeyOf((column) => rows.at(column, row)),
            row,
          );
      }
      return table.get(rowKeyOf((column) => condition[names[column] as string])) ?? -1;
    },
    admits: () => true,
  };
}

function keyTextOf(value: unknown): string {
  const key = levelKeyOf(value);
  return typeof key === "number" ? `${key}` : `${typeof key}:${String(key)}`;
}
