// Reads what an author handed over, value by value and under guard: what has another shape than its place asks for is told once and
// left out, so that nothing behind this door meets a value that types ruled out. JavaScript, JSON and forced types come this way.
import { findNonJson } from "./json.ts";
import { type DefinitionProblem, type DefinitionProblemCode, problemOf } from "./problem.ts";

/** What may stand in one place. */
export interface Shape {
  /** In words that go on "Expected ...". */
  readonly expected: string;
  fits(value: unknown): boolean;
  /** True: leaving it out is a mistake too. */
  readonly isRequired?: boolean;
}

/** A value, key or option that is not what its place asks for. */
export interface Misfit {
  /** The key; empty for the whole object. */
  readonly key: string;
  /** What was found, in words; null for a key that is missing. */
  readonly found: string | null;
  readonly expected: string | null;
  /** Keys that there are, for a key that nothing asks for. */
  readonly candidates: readonly string[];
}

export interface ReadOptions<T> {
  /** A copy with only what fits. */
  readonly options: Partial<T>;
  readonly misfits: readonly Misfit[];
}

/** Reads an object by the shapes of its keys. T is what the keys hold when they fit. */
export function readOptions<T extends object>(
  given: unknown,
  shapes: { readonly [K in keyof T]?: Shape },
): ReadOptions<T> {
  const expected = Object.entries<Shape | undefined>(shapes).flatMap(([key, shape]) =>
    shape === undefined ? [] : [[key, shape] as const],
  );
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    const needed = expected.filter(([, { isRequired }]) => isRequired).map(([key]) => `${key}: ...`);
    const example = needed.length === 0 ? "" : ` such as { ${needed.join(", ")} }`;
    const misfit = { key: "", found: shownValue(given), expected: `an object${example}`, candidates: [] };
    return { options: {}, misfits: [misfit] };
  }
  const misfits: Misfit[] = [];
  const options: Record<string, unknown> = {};
  for (const [key, shape] of expected) {
    const read = readKey(given, key);
    if ("thrown" in read) {
      const found = `a value that throws when it is read (${read.thrown})`;
      misfits.push({ key, found, expected: shape.expected, candidates: [] });
    } else if (read.value === undefined) {
      if (shape.isRequired) misfits.push({ key, found: null, expected: shape.expected, candidates: [] });
    } else if (shape.fits(read.value)) options[key] = read.value;
    else misfits.push({ key, found: shownValue(read.value), expected: shape.expected, candidates: [] });
  }
  const candidates = expected.map(([key]) => key);
  for (const key of keysOf(given))
    if (!Object.hasOwn(shapes, key)) {
      const read = readKey(given, key);
      misfits.push({
        key,
        found: "value" in read ? shownValue(read.value) : null,
        expected: null,
        candidates,
      });
    }
  // A key under another name is not missing as well.
  const isRenamed = misfits.some(({ candidates: near }) => near.length > 0);
  const told = isRenamed
    ? misfits.filter(({ found, candidates: near }) => found !== null || near.length > 0)
    : misfits;
  // Each value that was kept fits the shape of its key, which is what T says.
  return { options: options as Partial<T>, misfits: told };
}

/** The problems of misfits, each about a key of `subject`: "margin 0", "across is missing", "no option is called acros". */
export function optionProblems(
  misfits: readonly Misfit[],
  of: { readonly code: DefinitionProblemCode; readonly subject: string },
): readonly DefinitionProblem[] {
  return misfits.map(({ key, found, expected, candidates }) => {
    if (candidates.length > 0)
      return problemOf({ ...of, found: key, expected: listed(candidates), candidates });
    const words = found === null ? `${key} is missing` : `${key} ${found}`.trim();
    return problemOf({ ...of, found: words, expected });
  });
}

function listed(keys: readonly string[]): string {
  return `one of ${keys.join(", ")}`;
}

function readKey(given: object, key: string): { readonly value: unknown } | { readonly thrown: string } {
  try {
    return { value: Reflect.get(given, key) };
  } catch (thrown) {
    return { thrown: shownValue(thrown instanceof Error ? thrown.message : thrown) };
  }
}

function keysOf(given: object): readonly string[] {
  try {
    return Object.keys(given);
  } catch {
    return [];
  }
}

const longestShown = 60;

/** A value in a few words: JSON where it is data, cut after 60 characters; "a function", "an instance of Map" where it is not. */
export function shownValue(value: unknown): string {
  try {
    const nonJson = findNonJson(value);
    if (nonJson?.path === "") return nonJson.found;
    if (nonJson !== null)
      return `${Array.isArray(value) ? "a list" : "an object"} with ${nonJson.found} at ${nonJson.path}`;
    const text = JSON.stringify(value);
    return text.length <= longestShown ? text : `${text.slice(0, longestShown - 3)}...`;
  } catch {
    return "a value that cannot be read";
  }
}

/** The same shape, but it may not be left out. */
export function required(shape: Shape): Shape {
  return { ...shape, isRequired: true };
}

export function text(expected: string): Shape {
  return { expected, fits: (value) => typeof value === "string" };
}

export function number(expected: string, isWithin: (value: number) => boolean = Number.isFinite): Shape {
  return { expected, fits: (value) => typeof value === "number" && isWithin(value) };
}

export function oneOf(...choices: readonly string[]): Shape {
  const quoted = choices.map((choice) => `"${choice}"`);
  const expected = `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
  return { expected, fits: (value) => typeof value === "string" && choices.includes(value) };
}

export function flag(): Shape {
  return { expected: "true or false", fits: (value) => typeof value === "boolean" };
}

export function callback(expected: string): Shape {
  return { expected, fits: (value) => typeof value === "function" };
}

/** An object with keys of the author's own. */
export function record(expected: string): Shape {
  return { expected, fits: (value) => typeof value === "object" && value !== null && !Array.isArray(value) };
}

/** A list whose members all fit. */
export function listOf(expected: string, fits: (member: unknown) => boolean): Shape {
  return { expected, fits: (value) => Array.isArray(value) && value.every(fits) };
}

/** Any JSON data. */
export function data(expected: string): Shape {
  return { expected, fits: (value) => findNonJson(value) === null };
}
