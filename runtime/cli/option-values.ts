// Values of options as typed on the command line: counts, durations, sizes and `key=values` pairs. Each parser refuses with what it saw
// and what it expected.
import { UserError } from "../diagnostic/user-error.ts";
import { type Labels, labelsIn } from "../execute/protocol/labels.ts";
import type { Shard } from "../plan/selection.ts";
import type { RunBudget } from "../run/budget.ts";
import type { Keep } from "../store/clean/cleanable.ts";
import type { Typed } from "./values/tokens.ts";

/** `4`: a whole number of at least `min`. */
export function countOf(option: string, min: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text.trim()) || !Number.isSafeInteger(value) || value < min) {
      throw new UserError(`${option} takes a whole number of at least ${min}, not "${text}"`);
    }
    return value;
  };
}

/** `0.8`: a number above `low`, and below `high` when given. */
export function numberBetween(
  option: string,
  low: number,
  high = Number.POSITIVE_INFINITY,
): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (value > low && value < high) return value;
    const range = high === Number.POSITIVE_INFINITY ? `above ${low}` : `above ${low} and below ${high}`;
    throw new UserError(`${option} takes a number ${range}, not "${text}"`);
  };
}

/** `0.1,0.2`: numbers other than 0, which are differences, so that their sign says nothing. */
export function differencesOf(option: string): (text: string) => readonly number[] {
  return (text) =>
    text.split(",").map((part) => {
      const value = part.trim() === "" ? Number.NaN : Math.abs(Number(part));
      if (Number.isFinite(value) && value > 0) return value;
      throw new UserError(`${option} takes differences such as 0.1 or 0.1,0.2, not "${text}"`);
    });
}

/** `0.3,0.4`: numbers of at least 0. */
export function numbersOf(option: string): (text: string) => readonly number[] {
  return (text) =>
    text.split(",").map((part) => {
      const value = part.trim() === "" ? Number.NaN : Number(part);
      if (Number.isFinite(value) && value >= 0) return value;
      throw new UserError(`${option} takes numbers of at least 0 such as 0.3 or 0.3,0.4, not "${text}"`);
    });
}

/** `0,1,2` or `0-2,5`: whole numbers, each once, ascending. */
export function indicesOf(option: string): (text: string) => readonly number[] {
  return (text) => {
    const indices = new Set<number>();
    for (const part of text.split(",")) {
      const [, low, high = low] = /^(\d{1,7})(?:-(\d{1,7}))?$/.exec(part.trim()) ?? [];
      if (low === undefined || Number(low) > Number(high))
        throw new UserError(`${option} takes indices from 0 such as 0,1,2 or 0-2,5, not "${text}"`);
      for (let index = Number(low); index <= Number(high); index += 1) indices.add(index);
    }
    return [...indices].sort((a, b) => a - b);
  };
}

/** `a,b`: texts, each once. */
export function listOf(option: string): (text: string) => readonly string[] {
  return (text) => {
    const parts = text.split(",").map((part) => part.trim());
    if (parts.every((part) => part !== "")) return [...new Set(parts)];
    throw new UserError(`${option} takes a name or several with commas, not "${text}"`);
  };
}

/** `2/5`: the second of five parts. */
export function shardOf(text: string): Shard {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text.trim()) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (shard.index >= 1 && shard.index <= shard.of && Number.isSafeInteger(shard.of)) return shard;
  throw new UserError(`--shard takes a part such as 1/5 to 5/5, not "${text}"`);
}

/** `10`, `30d`, `tag=pilot`, several with commas: runs that `lab clean` keeps. */
export function keepOf(text: string): Keep {
  let keep: Keep = { newest: 0, since: null, tags: [] };
  for (const part of text.split(",").map((each) => each.trim())) {
    if (/^\d+$/.test(part)) keep = { ...keep, newest: Number(part) };
    else if (/^tag=./.test(part)) keep = { ...keep, tags: [...keep.tags, part.slice(4)] };
    else {
      const ms = durationMsOf("--keep")(part);
      keep = { ...keep, since: new Date(Date.now() - ms).toISOString() };
    }
  }
  return keep;
}

const durationUnits: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `500ms`, `30s`, `10m`, `2h`; a bare number is seconds. Milliseconds. */
export function durationMsOf(option: string): (text: string) => number {
  return (text) => {
    const match = /^(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)?$/.exec(text.trim());
    const value = match === null ? Number.NaN : Number(match[1]) * (durationUnits[match[2] ?? "s"] ?? 1000);
    if (!(value > 0)) throw new UserError(`${option} takes a duration such as 30s, 10m or 2h, not "${text}"`);
    return value;
  };
}

/** `experiment=3`, one for each time that it is given. */
export function priorityOf(
  option: string,
): (text: string, earlier: readonly (readonly [string, number])[]) => readonly (readonly [string, number])[] {
  return (text, earlier) => {
    const [, name, digits] = /^(.+)=(-?\d{1,4})$/.exec(text.trim()) ?? [];
    if (name === undefined)
      throw new UserError(`${option} takes experiment=n, n a whole number, not "${text}"`);
    return [...earlier, [name, Number(digits)]];
  };
}

/** What a timer of the system can wait, in hours. */
const hoursMax = 590;

/** Hours, whole or not, as milliseconds. */
export function hoursOf(option: string): (text: string) => number {
  return (text) => {
    const hours = text.trim() === "" ? Number.NaN : Number(text);
    if (!(hours > 0 && hours <= hoursMax))
      throw new UserError(`${option} takes hours such as 8 or 0.5, at most ${hoursMax}, not "${text}"`);
    return hours * 3_600_000;
  };
}

const quantities: Readonly<Record<string, number>> = { "": 1, k: 1e3, M: 1e6, G: 1e9 };

/** `usd=5 tokens=2M calls=10000 time=2h`, with spaces or commas between. */
export function budgetOf(text: string): RunBudget {
  const wrong = (found: string): UserError =>
    new UserError(`--budget takes limits such as "usd=5 tokens=2M calls=10000 time=2h", not "${found}"`);
  const budget: Record<string, number> = {};
  for (const part of text.split(/[\s,]+/).filter((each) => each !== "")) {
    const match = /^(usd|tokens|calls|time)=(.+)$/.exec(part);
    const [, name = "", amount = ""] = match ?? [];
    if (match === null || `${name}Ms` in budget || name in budget) throw wrong(part);
    if (name === "time") {
      budget.timeMs = durationMsOf("--budget time")(amount);
      continue;
    }
    const quantity = /^(\d+(?:\.\d+)?)([kMG]?)$/.exec(amount);
    const value = Number(quantity?.[1]) * (quantities[quantity?.[2] ?? ""] ?? Number.NaN);
    if (!(value > 0)) throw wrong(part);
    budget[name] = value;
  }
  if (Object.keys(budget).length === 0) throw wrong(text);
  return budget;
}

const sizeUnits: Readonly<Record<string, number>> = { mb: 1, mib: 1, m: 1, gb: 1024, gib: 1024, g: 1024 };

/** `512MB`, `2GB`; a bare number is megabytes. Megabytes. */
export function memoryMbOf(option: string): (text: string) => number {
  return (text) => {
    const match = /^(\d+(?:\.\d+)?)\s*([a-z]+)?$/i.exec(text.trim());
    const unit = sizeUnits[(match?.[2] ?? "mb").toLowerCase()];
    const value = match === null || unit === undefined ? Number.NaN : Number(match[1]) * unit;
    if (!(value >= 16))
      throw new UserError(`${option} takes a size of at least 16 MB such as 512MB or 2GB, not "${text}"`);
    return Math.round(value);
  };
}

/** `0.1` is a share of the trials, `5` a number of trials. */
export function failureLimitOf(text: string): number {
  const value = Number(text);
  const valid =
    text.trim() !== "" && Number.isFinite(value) && value >= 0 && (value < 1 || Number.isInteger(value));
  if (!valid)
    throw new UserError(
      `--fail-on-error takes a share below 1 such as 0.1, or a number of trials such as 5, not "${text}"`,
    );
  return value;
}

/** Collects repeated `key=values` options; the values stay text until the parameters of the build say what they take. */
export function pairsOf(
  option: Typed["option"],
): (text: string, earlier: readonly Typed[]) => readonly Typed[] {
  return (text, earlier) => {
    const at = text.indexOf("=");
    const key = text.slice(0, Math.max(0, at)).trim();
    if (key === "" || at === text.length - 1)
      throw new UserError(`${option} takes key=values, not "${text}"`, {
        hint: 'Several values are separated by commas: key=1,2; an empty text is key="".',
      });
    const twice = earlier.find((each) => each.key === key);
    if (twice !== undefined)
      throw new UserError(`${option} ${key} is given twice`, {
        hint: `Several values are separated by commas: ${key}=${twice.text},${text.slice(at + 1)}.`,
      });
    return [...earlier, { option, key, text: text.slice(at + 1).trim() }];
  };
}

/** `gpu,site=north`: names, each with a value or without. */
export function labelsOf(text: string): Labels {
  const labels = labelsIn(text.split(","));
  if (labels === null)
    throw new UserError(`--labels takes names such as gpu or gpu,site=north, not "${text}"`);
  return labels;
}
