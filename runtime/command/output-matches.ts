// Metrics that are read from what a program prints: the last match of each expression, taken while lines come, so that no output is kept.
import { typedCell } from "./values.ts";

export class OutputMatches {
  readonly #expressions: readonly { readonly name: string; readonly expression: RegExp }[];
  readonly #found = new Map<string, unknown>();
  readonly #patterns: Readonly<Record<string, string>>;

  /** An expression a metric; the first group is its value, or the whole match where there is none. */
  constructor(patterns: Readonly<Record<string, string>>) {
    this.#patterns = patterns;
    this.#expressions = Object.entries(patterns).map(([name, pattern]) => ({
      name,
      expression: new RegExp(pattern, "m"),
    }));
  }

  look(line: string): void {
    for (const { name, expression } of this.#expressions) {
      const match = expression.exec(line);
      if (match !== null) this.#found.set(name, typedCell(match[1] ?? match[0]));
    }
  }

  /** Throws, in words, where no line matched. */
  values(names: readonly string[]): Readonly<Record<string, unknown>> {
    const absent = names.find((name) => !this.#found.has(name));
    if (absent !== undefined)
      throw new Error(
        `no line of the output matches /${this.#patterns[absent] ?? ""}/ for the metric "${absent}"`,
      );
    return Object.fromEntries(this.#found);
  }
}
