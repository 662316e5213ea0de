// Raised where a command cannot go on because the build found mistakes; carries all of them to the one place that prints.
import type { Diagnostic } from "./diagnostic.ts";

export class InvalidDesign extends Error {
  readonly diagnostics: readonly Diagnostic[];
  /** The project's root, for showing source lines. */
  readonly root: string;

  constructor(root: string, diagnostics: readonly Diagnostic[]) {
    super(`${diagnostics.length} mistakes in the design`);
    this.name = "InvalidDesign";
    this.root = root;
    this.diagnostics = diagnostics;
  }
}
