// What a command of `lab` is: words for the help page, options, and a loader for the code, which is imported only when asked for.
import type { Choice } from "./choice.ts";

export interface OptionSpec {
  /** As commander takes it: "-j, --jobs <n>". */
  readonly flags: string;
  readonly summary: string;
  /** Environment variable that sets it; null for flags that make no sense as a lasting setting. */
  readonly env: string | null;
  readonly parse?: (text: string, earlier: never) => unknown;
  readonly initial?: unknown;
  readonly choices?: readonly string[];
}

/** Options by camel-cased name, as parsed. */
export type OptionValues = Readonly<Record<string, unknown>>;

/** Runs a command and answers with its exit code; `commands` are all that there are. */
export type CommandHandler = (
  positional: readonly string[],
  options: OptionValues,
  commands: readonly CommandSpec[],
) => Promise<number>;

export interface CommandSpec {
  readonly name: string;
  /** As commander takes it: "[experiment...]"; empty for none. */
  readonly positional: string;
  /** What the first word is one of, where there is a fixed choice. */
  readonly choice?: Choice;
  readonly summary: string;
  /** Examples and remarks below the options in `lab <command> --help`. */
  readonly details?: string;
  /** Words that begin with a dash and are no option are taken as positional ones: `lab tag latest -old`. */
  readonly takesDashes?: boolean;
  readonly group: "write" | "run" | "look" | "conclude" | "keep";
  readonly options: readonly OptionSpec[];
  readonly load: () => Promise<{ readonly handle: CommandHandler }>;
}
