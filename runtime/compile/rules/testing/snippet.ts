// Small experiments for the tests of rules: a module made of parts, checked in a folder of its own.
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Diagnostic } from "../../../diagnostic/diagnostic.ts";
import { locateExperiments } from "../../check/locate.ts";
import { checkRules } from "../check-rules.ts";

const folders: string[] = [];
/** Removes the projects that `check` made; call it after the tests of a file. */
export function removeProjects(): void {
  for (const folder of folders) rmSync(folder, { recursive: true });
}

/** The diagnostics of a project of these files; `packages` is the node_modules that it gets. */
export function check(files: Readonly<Record<string, string>>, packages?: string): readonly Diagnostic[] {
  const root = mkdtempSync(path.join(tmpdir(), "lab-rules-"));
  folders.push(root);
  if (packages !== undefined) symlinkSync(packages, path.join(root, "node_modules"));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(root, name), text);
  const names = Object.keys(files).filter((name) => name.endsWith(".experiment.ts"));
  return checkRules({ root, files: names, experiments: locateExperiments(root, names) }).diagnostics;
}

/** The parts of a small experiment that a case changes. */
export interface Parts {
  /** Code before the definition. */
  readonly head?: string;
  /** Statements of the trial. */
  readonly body?: string;
  readonly parameters?: string;
  readonly metrics?: string;
  /** Further properties of the definition. */
  readonly rest?: string;
  readonly context?: string;
  readonly result?: string;
  readonly files?: Readonly<Record<string, string>>;
}

/** An experiment module with these parts. */
export function experiment({
  head = "",
  body = "",
  parameters = "{ size: sweep([1, 2]) }",
  ...parts
}: Parts): string {
  const { metrics = "{ score: metric.number() }", rest = "", result = "{ score: parameters.size }" } = parts;
  const { context = "{ parameters, random, record, checkpoint, effect, signal, censored, refuse }" } = parts;
  return `import { defineExperiment, metric, space, sweep, type TrialContext } from "labwright";
import { z } from "zod";
${head}
export default defineExperiment({
  name: "snippet",
  parameters: ${parameters},
  metrics: ${metrics},
  ${rest}
  async trial(${context}) {
    ${body}
    return ${result};
  },
});
`;
}

/** The codes that the rules report for an experiment with these parts. */
export const codesOf = (parts: Parts): string[] =>
  check({ "snippet.experiment.ts": experiment(parts), ...parts.files }).map(({ code }) => code);
