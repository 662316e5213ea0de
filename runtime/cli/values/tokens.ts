// Values as typed after `-S key=` and `--filter key=`, cut into tokens. Quotes and brackets are as a shell user expects them: what they
// enclose is one value, a backslash takes the next character as it is, and what is not understood is refused with its position.
import { type LevelRule, levelsByRule, ruleForms } from "../../../lib/experiment/space/level-rules.ts";
import { levelsOf } from "../../../lib/experiment/space/level-source.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import { losingNumbers, typedNumber } from "./typed-number.ts";

export type Token =
  /** Without quotes: a number, true, false, null or text, as the parameter takes it; `escaped` makes it text. */
  | { readonly kind: "bare"; readonly text: string; readonly escaped: boolean }
  | { readonly kind: "quoted"; readonly text: string }
  /** A JSON list or object. */
  | { readonly kind: "json"; readonly value: object }
  /** `range(...)`, `linspace(...)` or `log(...)`. */
  | { readonly kind: "rule"; readonly text: string; readonly levels: readonly number[] };

/** What was typed: the option, the key and the text after its `=`. */
export interface Typed {
  readonly option: "-S" | "--filter";
  readonly key: string;
  readonly text: string;
}

type Read = { readonly token: Token; readonly end: number };

/** The values of a text in order, separated by commas. Throws UserError with the position, counted from 1 in `key=text`. */
export function tokensOf(typed: Typed): readonly Token[] {
  const { text } = typed;
  const tokens: Token[] = [];
  let at = pastSpace(text, 0);
  for (;;) {
    const { token, end } = tokenAt(typed, at);
    tokens.push(token);
    at = pastSpace(text, end);
    if (at === text.length) return tokens;
    if (text[at] !== ",") {
      const after = text[end - 1] ?? "";
      throw refusal(typed, at, `is not understood after ${after}`, "Put all of the value in quotes.");
    }
    at = pastSpace(text, at + 1);
  }
}

/** The error for something at a position of the text. */
export function refusal(typed: Typed, at: number, what: string, hint: string): UserError {
  const { option, key, text } = typed;
  const shown = [...text.slice(at)][0];
  const where =
    shown === undefined
      ? "the end"
      : `"${shown}" at position ${[...`${key}=${text.slice(0, at)}`].length + 1}`;
  return new UserError(`${option} ${key}=${text}: ${where} ${what}`, { hint });
}

function tokenAt(typed: Typed, at: number): Read {
  const { text } = typed;
  const first = text[at];
  if (first === undefined || first === ",")
    throw refusal(typed, at, "comes where a value is expected", 'An empty text is written "".');
  if (first === '"') return doubleQuoted(typed, at);
  if (first === "'") return singleQuoted(typed, at);
  if (first === "[" || first === "{") return json(typed, at);
  const rule = /^(range|linspace|log)\(/.exec(text.slice(at));
  return rule === null ? bare(typed, at) : ruled(typed, { at, name: rule[1] as LevelRule });
}

/** JSON's own text: escapes as there. */
function doubleQuoted(typed: Typed, at: number): Read {
  const end = closingQuote(typed.text, at);
  if (end < 0)
    throw refusal(typed, at, "is a quote that is never closed", `Close it, or write \\" for the character.`);
  try {
    return { token: { kind: "quoted", text: JSON.parse(typed.text.slice(at, end)) as string }, end };
  } catch {
    const hint =
      'A backslash in double quotes stands before one of " \\ n t r b f u0000; in single quotes it is itself.';
    throw refusal(typed, at, "opens a text with an escape that is none", hint);
  }
}

/** Everything up to the next single quote, as it stands. */
function singleQuoted(typed: Typed, at: number): Read {
  const close = typed.text.indexOf("'", at + 1);
  if (close < 0)
    throw refusal(typed, at, "is a quote that is never closed", "Close it, or write \\' for the character.");
  return { token: { kind: "quoted", text: typed.text.slice(at + 1, close) }, end: close + 1 };
}

/** The position after the double quote that closes the one at `at`; -1 when none does. */
function closingQuote(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === "\\") i += 1;
    else if (text[i] === '"') return i + 1;
  }
  return -1;
}

function json(typed: Typed, at: number): Read {
  const { text } = typed;
  const end = closingBracket(text, at);
  if (end < 0)
    throw refusal(typed, at, "is a bracket that is never closed", "Lists and objects are written as JSON.");
  const source = text.slice(at, end);
  let value: object;
  try {
    value = JSON.parse(source);
  } catch {
    const hint = `Lists and objects are written as JSON, text and keys in double quotes: ["a", 1] or {"size": 20}.`;
    throw refusal(typed, at, "opens no JSON", hint);
  }
  const [losing] = losingNumbers(source);
  if (losing !== undefined) throw losesDigits(typed, losing);
  return { token: { kind: "json", value }, end };
}

function closingBracket(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const character = text[i]!;
    if (character === '"') {
      const end = closingQuote(text, i);
      if (end < 0) return -1;
      i = end - 1;
    } else if ("[{".includes(character)) depth += 1;
    else if ("]}".includes(character)) {
      depth -= 1;
      if (depth === 0) return i + 1;
    }
  }
  return -1;
}

function ruled(typed: Typed, { at, name }: { readonly at: number; readonly name: LevelRule }): Read {
  const close = typed.text.indexOf(")", at);
  const hint = `Write ${ruleForms[name]}; a text that looks like one stands in quotes.`;
  if (close < 0) throw refusal(typed, at, `begins a ${name}(...) that is never closed`, hint);
  const text = typed.text.slice(at, close + 1);
  const parts = text.slice(name.length + 1, -1).split(",");
  const most = 3;
  const least = name === "range" ? 2 : 3;
  const numbers = parts.map((part) => numberIn(typed, part.trim()));
  if (numbers.length < least || numbers.length > most || !numbers.every((each) => each !== null))
    throw new UserError(`${typed.option} ${typed.key}: "${text}" is not understood`, { hint });
  const { source, wrong } = levelsByRule(name, numbers);
  if (source === null || wrong !== null) {
    const what = {
      "empty-sweep": "holds no number",
      "bad-range": `is impossible${wrong?.expected === undefined ? "" : `: expected ${wrong.expected}`}`,
      "duplicate-level": "holds equal numbers: doubles cannot tell them apart",
    };
    throw new UserError(`${typed.option} ${typed.key}: ${text} ${what[wrong?.code ?? "empty-sweep"]}`, {
      hint,
    });
  }
  // Rules make numbers.
  return { token: { kind: "rule", text, levels: levelsOf(source) as readonly number[] }, end: close + 1 };
}

function numberIn(typed: Typed, text: string): number | null {
  const number = typedNumber(text);
  if (number.kind === "loses") throw losesDigits(typed, text);
  return number.kind === "number" ? number.value : null;
}

/** The error for a number that a double cannot hold. */
export function losesDigits({ option, key }: Typed, text: string): UserError {
  const kept = Number(text);
  return new UserError(`${option} ${key}: ${text} is more than a number can hold; it would become ${kept}`, {
    hint: Number.isFinite(kept)
      ? `Write ${kept}, or "${text}" for a text.`
      : `The largest is 1.7976931348623157e308.`,
  });
}

/** Up to the next comma; spaces around it do not belong to it. */
function bare(typed: Typed, at: number): Read {
  const { text } = typed;
  let value = "";
  let escaped = false;
  let depth = 0;
  /** Length of the value up to its last character that is not a bare space. */
  let kept = 0;
  let i = at;
  for (; i < text.length; i++) {
    const character = text[i]!;
    if (character === "\\") {
      i += 1;
      if (i === text.length)
        throw refusal(typed, i - 1, "takes no character as it is", "A backslash is written \\\\.");
      // A pair of surrogates is one character.
      const taken = String.fromCodePoint(text.codePointAt(i)!);
      value += taken;
      i += taken.length - 1;
      escaped = true;
      kept = value.length;
      continue;
    }
    if (character === "," && depth > 0)
      throw refusal(
        typed,
        i,
        "stands within parentheses",
        `Put quotes around the text: "${text.slice(at)}".`,
      );
    if (character === ",") break;
    if (character === '"' || character === "'")
      throw refusal(
        typed,
        i,
        "stands within a text",
        "Put quotes around all of the text, or a backslash before this one.",
      );
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    value += character;
    if (character.trim() !== "") kept = value.length;
  }
  return { token: { kind: "bare", text: value.slice(0, kept), escaped }, end: i };
}

function pastSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at]!.trim() === "") at += 1;
  return at;
}
