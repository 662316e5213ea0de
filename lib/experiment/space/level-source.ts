// The levels of a sweep, by position. Rules compute their levels in decimals, so that range(0, 1, 0.1) holds 0.3 and not
// 0.30000000000000004, and log(1e-6, 1, 7) every decade: a level's text is part of every trial's name.
import type { Json } from "../json.ts";
import { conditionKeyOf } from "./condition-key.ts";
import { log10Of, powerOf10 } from "./decimal-powers.ts";
import {
  asShort,
  between,
  type Decimal,
  decimalOf,
  doubleOf,
  stepped,
  toSignificant,
} from "./exact-decimal.ts";
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
    case "range":
      return steppedReaderOf(source);
    case "linspace": {
      const ends = [decimalOf(source.start), decimalOf(source.stop)] as const;
      return spacedReaderOf(source, (position) => between(ends, position, source.count - 1));
    }
    case "log": {
      const start = log10Of(decimalOf(source.start));
      const stop = log10Of(decimalOf(source.stop));
      const steps = BigInt(source.count - 1);
      return spacedReaderOf(source, (position) =>
        powerOf10((start * (steps - BigInt(position)) + stop * BigInt(position)) / steps),
      );
    }
  }
}

type Stepped = Extract<LevelSource, { readonly kind: "range" }>;
type Spaced = Extract<LevelSource, { readonly kind: "linspace" | "log" }>;

function steppedReaderOf({ start, step, count }: Stepped): (position: number) => number {
  const last = start + step * count;
  if ([start, step, last].every(Number.isSafeInteger))
    return (position) => noMinusZero(start + position * step);
  const [from, by] = [decimalOf(start), decimalOf(step)];
  return (position) => doubleOf(stepped(from, by, position));
}

/** Levels kept once computed; of a factor with more, each is computed whenever it is read. */
const keptMax = 1 << 20;

/**
 * A level is the decimal that it is, where that has no more decimals than the ends; else its first 15 digits, which no person would
 * want more of; and where levels lie so close that 15 digits would move them, the nearest double.
 */
function spacedReaderOf(
  source: Spaced,
  exactAt: (position: number) => Decimal,
): (position: number) => number {
  const { start, stop, count } = source;
  const decimals = Math.max(decimalsOf(start), decimalsOf(stop));
  const isFine = isEvenlyFine(source);
  const computed = (position: number): number => {
    if (position === 0) return noMinusZero(start);
    if (position === count - 1) return noMinusZero(stop);
    const exact = exactAt(position);
    return doubleOf(asShort(exact, decimals) ?? (isFine ? exact : toSignificant(exact, 15)));
  };
  if (count > keptMax) return computed;
  let kept: Float64Array | null = null;
  return (position) => {
    kept ??= new Float64Array(count).fill(Number.NaN);
    const known = kept[position];
    if (known !== undefined && !Number.isNaN(known)) return known;
    const level = computed(position);
    kept[position] = level;
    return level;
  };
}

/** Below this doubles have fewer than fifteen digits. */
const smallest = 1e-300;

/** Whether neighbours differ by so little that fifteen digits, or those of the smallest doubles, cannot tell them apart well. */
export function isEvenlyFine(source: Stepped | Spaced): boolean {
  const step = Math.abs(stepOf(source));
  if (source.kind === "log") return step < 1e-11 || Math.min(source.start, source.stop) < smallest;
  const last = source.kind === "range" ? source.start + source.step * source.count : source.stop;
  return step < Math.max(smallest, 1e-11 * Math.max(Math.abs(source.start), Math.abs(last)));
}

/** The distance of neighbours; at equal ratios, relative to their size. */
function stepOf(source: Stepped | Spaced): number {
  if (source.kind === "range") return source.step;
  const { kind, start, stop, count } = source;
  const steps = count - 1;
  return kind === "linspace" ? stop / steps - start / steps : (Math.log(stop) - Math.log(start)) / steps;
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
