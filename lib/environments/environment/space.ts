// A schema as a space: what can be listed, drawn from and checked quickly. The schema's JSON Schema is read, so whatever zod writes there
// counts (enums, literals, bounds, lists, objects, unions); refinements beyond it are honoured by checking what was drawn.
import { z } from "zod";
import type { Random } from "../../random/random.ts";

export type Space =
  | { readonly kind: "values"; readonly values: readonly unknown[] }
  | { readonly kind: "integer"; readonly min: number; readonly max: number }
  | { readonly kind: "number"; readonly min: number; readonly max: number; readonly isOpen: boolean }
  | { readonly kind: "text" }
  | { readonly kind: "list"; readonly item: Space; readonly min: number; readonly max: number }
  | { readonly kind: "tuple"; readonly items: readonly Space[] }
  | { readonly kind: "object"; readonly fields: readonly Field[] }
  | { readonly kind: "either"; readonly spaces: readonly Space[] };

export interface Field {
  readonly name: string;
  readonly space: Space;
  readonly isOptional: boolean;
}

/** Where a schema sets no bound of its own. */
const unbounded = 1000;
const listMax = 8;

/** The part of JSON Schema that zod writes and this file reads. */
interface Written {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Written[];
  readonly oneOf?: readonly Written[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly properties?: Readonly<Record<string, Written>>;
  readonly required?: readonly string[];
  readonly items?: Written;
  readonly prefixItems?: readonly Written[];
  readonly minItems?: number;
  readonly maxItems?: number;
}

/**
 * The space of a schema; values are what its parse returns.
 * @example spaceOf(z.enum(["C", "D"])) // { kind: "values", values: ["C", "D"] }
 * @throws TypeError for a schema of which no value can be drawn (functions, dates, transforms, free-form records).
 */
export function spaceOf(schema: z.ZodType): Space {
  try {
    const space = read(z.toJSONSchema(schema, { io: "output" }) as Written);
    if (space.kind !== "values") return space;
    // What a refinement refuses is not written there.
    return { kind: "values", values: space.values.filter((value) => schema.safeParse(value).success) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TypeError(`this schema is no space that values can be drawn from: ${reason}`);
  }
}

function read(written: Written): Space {
  if ("const" in written) return { kind: "values", values: [written.const] };
  if (written.enum !== undefined) return { kind: "values", values: written.enum };
  const either = written.anyOf ?? written.oneOf;
  if (either !== undefined) return joined(either.map(read));
  const { type } = written;
  if (typeof type === "object") return joined(type.map((one) => read({ ...written, type: one })));
  switch (type) {
    case "boolean":
      return { kind: "values", values: [false, true] };
    case "null":
      return { kind: "values", values: [null] };
    case "integer":
      return integers(written);
    case "number":
      return numbers(written);
    case "string":
      return { kind: "text" };
    case "array":
      return list(written);
    case "object":
      return { kind: "object", fields: fieldsOf(written) };
    default:
      throw new TypeError(`there is no space for ${JSON.stringify(written)}`);
  }
}

/** Lists of values are one list, so that all of them are equally likely. */
function joined(spaces: readonly Space[]): Space {
  const lists = spaces.flatMap((space) => (space.kind === "values" ? [space.values] : []));
  return lists.length === spaces.length
    ? { kind: "values", values: lists.flat() }
    : { kind: "either", spaces };
}

function integers(written: Written): Space {
  const low =
    written.minimum ?? (written.exclusiveMinimum === undefined ? -Infinity : written.exclusiveMinimum + 1);
  const high =
    written.maximum ?? (written.exclusiveMaximum === undefined ? Infinity : written.exclusiveMaximum - 1);
  const [min, max] = bounded(
    Math.max(low, -Number.MAX_SAFE_INTEGER),
    Math.min(high, Number.MAX_SAFE_INTEGER),
  );
  return { kind: "integer", min, max };
}

function numbers(written: Written): Space {
  const [min, max] = bounded(
    written.minimum ?? written.exclusiveMinimum ?? -Infinity,
    written.maximum ?? written.exclusiveMaximum ?? Infinity,
  );
  return { kind: "number", min, max, isOpen: written.exclusiveMinimum !== undefined };
}

/** Open ends are drawn from a thousand at most: zod writes the largest safe integers where an author wrote no bound. */
function bounded(low: number, high: number): readonly [number, number] {
  const isLow = low > -Number.MAX_SAFE_INTEGER;
  const isHigh = high < Number.MAX_SAFE_INTEGER;
  if (isLow && isHigh) return [low, high];
  if (isLow) return [low, low + unbounded];
  return isHigh ? [high - unbounded, high] : [-unbounded, unbounded];
}

function list(written: Written): Space {
  if (written.prefixItems !== undefined) return { kind: "tuple", items: written.prefixItems.map(read) };
  const min = written.minItems ?? 0;
  return { kind: "list", item: read(written.items ?? {}), min, max: written.maxItems ?? min + listMax };
}

function fieldsOf(written: Written): readonly Field[] {
  const required = new Set(written.required ?? []);
  return Object.entries(written.properties ?? {}).map(([name, value]) => ({
    name,
    space: read(value),
    isOptional: !required.has(name),
  }));
}

/** All values of a space where there are at most `most` of them; null otherwise. */
export function valuesOf(space: Space, most = 10_000): readonly unknown[] | null {
  switch (space.kind) {
    case "values":
      return space.values.length <= most ? space.values : null;
    case "integer":
      return space.max - space.min < most
        ? Array.from({ length: space.max - space.min + 1 }, (_, i) => space.min + i)
        : null;
    case "either": {
      const parts = space.spaces.map((part) => valuesOf(part, most));
      const all = parts.some((part) => part === null) ? null : parts.flatMap((part) => part ?? []);
      return all === null || all.length > most ? null : all;
    }
    default:
      return null;
  }
}

/** One value of a space. The low end of a range of numbers comes once in twenty, since ends are where things break. */
export function drawFrom(space: Space, random: Random): unknown {
  switch (space.kind) {
    case "values":
      return random.pick(space.values);
    case "integer":
      return random.integer(space.min, space.max);
    case "number": {
      const edge = random.float();
      if (edge < 0.05 && !space.isOpen) return space.min;
      return space.min + (space.max - space.min) * random.float();
    }
    case "text":
      return Array.from({ length: random.integer(0, 6) }, () => random.pick([..."abcxyz"])).join("");
    case "list":
      return Array.from({ length: random.integer(space.min, space.max) }, () => drawFrom(space.item, random));
    case "tuple":
      return space.items.map((item) => drawFrom(item, random));
    case "object":
      return Object.fromEntries(
        space.fields
          .filter((field) => !field.isOptional || random.boolean())
          .map((field) => [field.name, drawFrom(field.space, random)]),
      );
    case "either":
      return drawFrom(random.pick(space.spaces), random);
  }
}

/** A check of values against a schema that is quick where these are listed or a range of numbers. */
export interface Check {
  has(value: unknown): boolean;
  /** The values that it accepts where they are few and text, numbers, booleans or null; null elsewhere. */
  readonly listed: readonly unknown[] | null;
}

/** Values are compared one by one up to so many. */
const listedMax = 16;

export function checkOf(schema: z.ZodType): Check {
  const values = listedOf(schema);
  if (values !== null)
    return { has: (value) => values.has(value), listed: values.size <= listedMax ? [...values] : null };
  const range = rangeOf(schema);
  if (range === null) return { has: (value) => schema.safeParse(value).success, listed: null };
  const { min, max, isWhole } = range;
  const has = isWhole
    ? (value: unknown) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
    : (value: unknown) => typeof value === "number" && value >= min && value <= max;
  return { has, listed: null };
}

interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly isWhole: boolean;
}

/** The ends of a schema that is a range of numbers and nothing more; null for any other. */
function rangeOf(schema: z.ZodType): NumberRange | null {
  if (!(schema instanceof z.ZodNumber)) return null;
  const checks = (schema.def.checks ?? []).map((check) => check._zod.def.check);
  const written = z.toJSONSchema(schema) as Written;
  const { type, minimum, maximum } = written;
  const isPlain = checks.every((check) => check === "greater_than" || check === "less_than");
  const isWhole = type === "integer" && "format" in schema.def && schema.def.format === "safeint";
  if ((type !== "number" && !isWhole) || !isPlain || minimum === undefined || maximum === undefined)
    return null;
  return { min: minimum, max: maximum, isWhole };
}

/** The values of a schema that lists text, numbers, booleans or null; null for any other, also one that nothing could be drawn from. */
function listedOf(schema: z.ZodType): ReadonlySet<unknown> | null {
  try {
    const space = spaceOf(schema);
    if (space.kind !== "values" || space.values.some((value) => typeof value === "object" && value !== null))
      return null;
    return new Set(space.values);
  } catch {
    return null;
  }
}
