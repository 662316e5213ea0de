// Options that an engine does not have: a typing error in one would leave the engine with its default, and nobody would know.
import { nearest } from "../../diagnostic/nearest.ts";
import type { EngineProblem } from "./engine.ts";

/** What is given and not known, with what it was perhaps meant to be. */
export function unknownOptions(given: object, known: readonly string[]): readonly EngineProblem[] {
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      found: `option "${name}"`,
      expected: nearest(name, known) ?? (known.length === 1 ? known.join() : `one of ${known.join(", ")}`),
    }));
}
