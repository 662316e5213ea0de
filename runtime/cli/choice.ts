// A first word of which there is a fixed choice, such as a format or a tracker: one place from which a command that lacks it, a mistyped one,
// and completion have the words there are.
import { nearest } from "../diagnostic/nearest.ts";
import { UserError } from "../diagnostic/user-error.ts";

export interface Choice<T extends string = string> {
  /** What each word is: "format for an export". */
  readonly noun: string;
  readonly words: readonly T[];
  /** What may stand there beside these: "the address of a PostgreSQL". */
  readonly or?: string;
}

/** 'Expected "mlflow".', 'Expected "bash", "zsh" or "fish".' */
export function expectedWords({ words, or }: Omit<Choice, "noun">): string {
  const all = [...words.map((word) => `"${word}"`), ...(or === undefined ? [] : [or])];
  const last = all.at(-1)!;
  return `Expected ${all.length === 1 ? last : `${all.slice(0, -1).join(", ")} or ${last}`}.`;
}

/** The nearest word where one is near, else all there are. */
export function choiceHint(choice: Omit<Choice, "noun">, typed: string): string {
  const near = nearest(typed, choice.words);
  return near === null ? expectedWords(choice) : `Did you mean "${near}"?`;
}

/** Throws UserError for a word that is none of them. */
export function chosen<T extends string>(choice: Choice<T>, typed: string): T {
  const found = choice.words.find((word) => word === typed);
  if (found !== undefined) return found;
  throw new UserError(`"${typed}" is no ${choice.noun}`, { hint: choiceHint(choice, typed) });
}
