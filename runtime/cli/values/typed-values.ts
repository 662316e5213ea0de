// What tokens stand for, given the kinds of value that a parameter is declared with: `5` is text where only text is declared, and a
// list is one value where lists are.
import type { Json } from "../../../lib/experiment/json.ts";
import { type LevelKind, levelKindOf } from "../../../lib/experiment/space/level-kinds.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import { losesDigits, type Token, type Typed, tokensOf } from "./tokens.ts";
import { typedNumber } from "./typed-number.ts";

/** What a parameter is declared with. */
export interface Declared {
  readonly kinds: ReadonlySet<LevelKind>;
  /** Kinds of the elements of its lists; empty when none has any. */
  readonly elements: ReadonlySet<LevelKind>;
}

/** Of a parameter whose values are not declared, since they are derived or the name is unknown. */
export const anything: Declared = {
  kinds: new Set(["number", "text", "boolean", "null", "list", "object"]),
  elements: new Set(),
};

/** What values are declared as. */
export function declaredOf(values: readonly Json[]): Declared {
  return {
    kinds: new Set(values.map(levelKindOf)),
    elements: new Set(values.flatMap((value) => (Array.isArray(value) ? value.map(levelKindOf) : []))),
  };
}

/** The values typed, in order. Throws UserError for what is not understood or is of a kind that is not declared. */
export function typedValues(typed: Typed, declared: Declared): readonly Json[] {
  const tokens = tokensOf(typed);
  const [only] = tokens;
  if (
    tokens.length === 1 &&
    only?.kind === "json" &&
    Array.isArray(only.value) &&
    !declared.kinds.has("list")
  )
    return (only.value as readonly Json[]).map((value) => ofDeclaredKind(typed, value, declared));
  return tokens.flatMap((token) => valuesOf(typed, token, declared));
}

function valuesOf(typed: Typed, token: Token, declared: Declared): readonly Json[] {
  switch (token.kind) {
    case "rule":
      if (!declared.kinds.has("number")) throw ofOtherKind(typed, token.text, declared);
      return token.levels;
    case "json":
      // JSON.parse makes JSON.
      return [ofDeclaredKind(typed, token.value as Json, declared)];
    case "quoted":
      return [ofDeclaredKind(typed, token.text, declared)];
    case "bare":
      return [bareValue(typed, token, declared)];
  }
}

const words: Readonly<Record<string, { readonly kind: LevelKind; readonly value: Json }>> = {
  true: { kind: "boolean", value: true },
  false: { kind: "boolean", value: false },
  null: { kind: "null", value: null },
};

function bareValue(
  typed: Typed,
  { text, escaped }: Extract<Token, { readonly kind: "bare" }>,
  declared: Declared,
): Json {
  const { kinds } = declared;
  if (!escaped) {
    const word = Object.hasOwn(words, text) ? words[text] : undefined;
    if (word !== undefined && kinds.has(word.kind)) return word.value;
    const number = typedNumber(text);
    if (number.kind === "number" && kinds.has("number")) return number.value;
    if (number.kind === "loses" && kinds.has("number")) throw losesDigits(typed, text);
  }
  if (kinds.has("text")) return text;
  throw ofOtherKind(typed, text, declared);
}

function ofDeclaredKind(typed: Typed, value: Json, declared: Declared): Json {
  if (!declared.kinds.has(levelKindOf(value))) throw ofOtherKind(typed, JSON.stringify(value), declared);
  const isForeign = (element: Json) =>
    declared.elements.size > 0 && !declared.elements.has(levelKindOf(element));
  if (Array.isArray(value) && value.some(isForeign))
    throw ofOtherKind(typed, JSON.stringify(value), declared);
  return value;
}

const kindWords: Readonly<Record<LevelKind, string>> = {
  number: "numbers",
  text: "text",
  boolean: "true and false",
  null: "null",
  list: "lists",
  object: "objects",
};

function ofOtherKind(typed: Typed, found: string, declared: Declared): UserError {
  const { option, key } = typed;
  const elements = [...declared.elements].map((kind) => kindWords[kind]);
  const kinds = [...declared.kinds].map((kind) =>
    kind === "list" && elements.length > 0 ? `lists of ${elements.join(" or ")}` : kindWords[kind],
  );
  return new UserError(
    `${option} ${key}: ${found} is of another kind than declared; ${key} takes ${kinds.join(", ")}`,
    {
      hint: nearestForm(found, declared) ?? undefined,
    },
  );
}

/** How to write what was probably meant. */
function nearestForm(found: string, { kinds, elements }: Declared): string | null {
  if (kinds.has("number")) {
    const [, low, high] = /^(-?[\d.]+?)(?:\.\.\.?|:|-|\.\.=)(-?[\d.]+)$/.exec(found) ?? [];
    const ends = [Number(low), Number(high)] as const;
    if (ends.every(Number.isInteger))
      return `Write range(${ends[0]}, ${ends[1] + 1}) for ${ends[0]} to ${ends[1]}.`;
    if (ends.every(Number.isFinite))
      return `Write linspace(${ends[0]}, ${ends[1]}, 5), range(${ends[0]}, ${ends[1]}, step) or the numbers one by one.`;
    if (found.startsWith('"')) return "Numbers stand without quotes.";
    const number = found.trim() === "" ? Number.NaN : Number(found);
    if (Number.isFinite(number)) return `Write ${number}.`;
  }
  if (kinds.has("list"))
    return `Each list is one value: ${elements.has("text") ? '["a","b"],["c"]' : "[64,64],[32]"}.`;
  if (kinds.has("object"))
    return 'An object is written as JSON, {"size":20}; one entry of it as key.size=20.';
  return kinds.has("text") ? `Put it in quotes.` : null;
}
