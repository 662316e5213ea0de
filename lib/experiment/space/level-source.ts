// The levels of a sweep, by position. Ranges compute their levels in decimals, so that range(0, 1, 0.1) holds 0.3 and not
// 0.30000000000000004: a level's text is part of every trial's name.
import type { Json } from "../json.ts";
import { conditionKeyOf } from "./condition-key.ts";
import type { LevelSource } from "./space.ts";

export function levelCountOf(source: LevelSource): number {
  return source.kind === "list" ? source.levels.length : source.count;
}

/** A function from a position (0 to count - 1) to the level there. */
export function levelReaderOf(source: LevelSource): (position: number) => Json {
  switch (source.kind) {
    case "list": {
      const { levels } = source;
      // Callers stay within the list.
      return (position) => levels[position] as Json;
    }
    case "range": {
      const { start, step } = source;
      const decimals = Math.min(15, Math.max(decimalsOf(start), decimalsOf(step)));
      if (decimals === 0) return (position) => noMinusZero(start + position * step);
      return (position) => noMinusZero(Number((start + position * step).toFixed(decimals)));
    }
    case "linspace": {
      const { start, stop, count } = source;
      return (position) => {
        if (position === 0) return noMinusZero(start);
        if (position === count - 1) return noMinusZero(stop);
        return noMinusZero(Number((start + ((stop - start) * position) / (count - 1)).toPrecision(15)));
      };
    }
    case "log": {
      const { start, stop, count } = source;
      return (position) => {
        if (position === 0) return start;
        if (position === count - 1) return stop;
        return Number((start * (stop / start) ** (position / (count - 1))).toPrecision(15));
      };
    }
  }
}

/** All levels in declared order. A list gives its own array; a range makes one. */
export function levelsOf(source: LevelSource): readonly Json[] {
  if (source.kind === "list") return source.levels;
  const levelAt = levelReaderOf(source);
  return Array.from({ length: source.count }, (_, position) => levelAt(position));
}

/** A function from a level to its position, -1 when it is none. The table is made at the first call. */
export function positionFinderOf(source: LevelSource): (level: unknown) => number {
  let table: Map<unknown, number> | null = null;
  return (level) => {
    table ??= tableOf(levelsOf(source));
    return table.get(levelKeyOf(level)) ?? -1;
  };
}

function tableOf(levels: readonly Json[]): Map<unknown, number> {
  const table = new Map<unknown, number>();
  for (let i = levels.length - 1; i >= 0; i--) table.set(levelKeyOf(levels[i]), i);
  return table;
}

/** Primitives are their own key (a Map takes 0 and -0 for one); lists and objects go by canonical text, marked as such. */
export function levelKeyOf(level: unknown): unknown {
  if (typeof level !== "object" || level === null) return level;
  try {
    return `\u0000${conditionKeyOf(level)}`;
  } catch {
    // What has no canonical text equals no level.
    return Symbol("no level");
  }
}

/** Number of decimals in the shortest text of a number: 0.25 has 2, 1e-6 has 6. */
export function decimalsOf(value: number): number {
  const [digits = "", exponent = "0"] = String(value).split("e");
  const fraction = digits.split(".")[1]?.length ?? 0;
  return Math.max(0, fraction - Number(exponent));
}

function noMinusZero(value: number): number {
  return value === 0 ? 0 : value;
}
