// TypeScript's own sentence, cut to what helps: very long types are shortened, and where it lists what it would have taken, the
// nearest of them becomes the hint.
import {
  type ExplainedTypeError,
  explainDefinitionType,
  type TypeErrorPlace,
  withoutInternals,
} from "./explain-definition-type.ts";
import { listed, nearest } from "./nearest.ts";

const longestType = 60;

/**
 * Splits a message of the type checker into sentence and hint.
 *
 * @example explainTypeError(`Argument of type '"scoer"' is not assignable to parameter of type '"score" | "steps"'`).hint // 'Did you mean "score"?'
 * @example explainTypeError(`Property 'sise' does not exist on type '{ readonly size: 1 | 2; }'`).hint // 'Did you mean "size"?'
 */
export function explainTypeError(
  message: string,
  place: TypeErrorPlace = { stagesBelow: false },
): ExplainedTypeError {
  const ofDefinition = explainDefinitionType(message, place);
  return ofDefinition ?? explainAny(message);
}

function explainAny(whole: string): ExplainedTypeError {
  const message = withoutInternals(whole);
  const suggestion = /[.:]?\s*Did you mean (?:to write )?'"?([^'"]+)"?'\?/.exec(message);
  if (suggestion?.[1] !== undefined) {
    const text = message.slice(0, suggestion.index) + message.slice(suggestion.index + suggestion[0].length);
    return { text: shortened(text), hint: `Did you mean "${suggestion[1]}"?` };
  }
  return { text: shortened(message), hint: unionHint(message) ?? memberHint(message) };
}

/** `'"a"' is not assignable to type '"b" | "c"'`. */
function unionHint(message: string): string | null {
  const [, found, wanted = ""] =
    /ype '("[^"']*"|-?[\d.]+)' is not assignable to (?:parameter of )?type '([^']*)'/.exec(message) ?? [];
  const members = wanted.split(" | ");
  if (found === undefined || !members.every((member) => /^("[^"]*"|-?[\d.]+|true|false|null)$/.test(member)))
    return null;
  const near = nearest(unquoted(found), members.map(unquoted));
  if (near !== null && found.startsWith('"')) return `Did you mean "${near}"?`;
  return members.length === 1 ? `Only ${members[0]} is possible here.` : `Possible are ${listed(members)}.`;
}

/** `Property 'x' does not exist on type '{ a: ...; b: ... }'`. */
function memberHint(message: string): string | null {
  const [, name, type] = /'([^']+)' does not exist (?:on|in) type '(\{[^']*\})'/.exec(message) ?? [];
  if (name === undefined || type === undefined) return null;
  const names = membersOf(type);
  const near = nearest(name, names);
  if (near !== null) return `Did you mean "${near}"?`;
  return names.length === 0
    ? null
    : `There ${names.length === 1 ? "is" : "are"} ${listed(names.map((each) => `"${each}"`))}.`;
}

/** Names of the outermost members of an object type as TypeScript prints it. */
function membersOf(type: string): string[] {
  const names: string[] = [];
  let depth = 0;
  for (const [token, member] of type.matchAll(/=>|(?:readonly )?([\w$]+)\??:|[{}()[\]<>]/g)) {
    if (member !== undefined) {
      if (depth === 1) names.push(member);
    } else if (token !== "=>") depth += "{([<".includes(token) ? 1 : -1;
  }
  return names;
}

function shortened(message: string): string {
  return message
    .replace(/'([^']*)'/g, (whole, type: string) =>
      type.length <= longestType ? whole : `'${type.slice(0, longestType - 3)}...'`,
    )
    .trim();
}

function unquoted(text: string): string {
  return text.replace(/^"(.*)"$/, "$1");
}
