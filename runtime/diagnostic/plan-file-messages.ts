// Words for the mistakes in plan files, one function a code, as messages.ts has them for modules. Mistakes that a module can make as
// well (an empty sweep, an unknown metric) have their words there, at the line and column of the plan file.
import type { Diagnostic } from "./diagnostic.ts";
import { listed, nearest, nearestOrAll } from "./nearest.ts";
import { error, type Place } from "./worded.ts";

export const planSyntax = (of: { place: Place; text: string }): Diagnostic =>
  error("plan-syntax", of.place, `The file cannot be read: ${of.text}.`, null);

/** `within` is what the key stands in: "a plan file", "program". */
export const unknownPlanKey = (of: {
  place: Place;
  key: string;
  within: string;
  known: readonly string[];
}): Diagnostic => {
  const near = nearest(of.key, of.known) ?? holding(of.key, of.known);
  return error(
    "unknown-plan-key",
    of.place,
    `There is no key "${of.key}" in ${of.within}.`,
    near === null ? `The keys are ${listed(of.known, 20)}.` : `Did you mean "${near}"?`,
  );
};

/** "replicates" is a part of "num_replicates_per_run". */
function holding(key: string, known: readonly string[]): string | null {
  return key.length < 4 ? null : (known.find((one) => one.includes(key.toLowerCase())) ?? null);
}

export const badPlanValue = (of: {
  place: Place;
  /** `parameter "lr"`, `num_replicates_per_run`. */
  subject: string;
  found: string;
  expected: string;
  /** What there is to choose from. */
  choices?: readonly string[];
}): Diagnostic => {
  const near = nearest(of.found.replace(/^"|"$/g, ""), of.choices ?? []);
  return error(
    "bad-plan-value",
    of.place,
    `${/^\w+$/.test(of.subject) ? of.subject : of.subject.charAt(0).toUpperCase() + of.subject.slice(1)} cannot be ${of.found}.`,
    near === null ? `Expected ${of.expected}.` : `Did you mean "${near}"?`,
  );
};

export const missingPlanKey = (of: { place: Place; key: string; example: string }): Diagnostic =>
  error("missing-plan-key", of.place, `The plan has no ${of.key}.`, `Write one, such as ${of.example}`);

export const missingBaseFile = (of: {
  place: Place;
  file: string;
  folder: string;
  reason: string;
  near: string | null;
}): Diagnostic =>
  error(
    "missing-base-file",
    of.place,
    `The base configuration ${of.file} ${of.reason}.`,
    `${of.near === null ? "" : `Did you mean "${of.near}"? `}It is looked for in the folder of the plan${of.folder === "." ? "" : `, ${of.folder}`}, or below it.`,
  );

export const unknownConfigKey = (of: {
  place: Place;
  path: string;
  base: string;
  known: readonly string[];
}): Diagnostic =>
  error(
    "unknown-config-key",
    of.place,
    `The base configuration ${of.base} has no "${of.path}".`,
    nearestOrAll(of.path, of.known, "key"),
  );

export const executionSequence = (of: { place: Place; found: string; expected: string }): Diagnostic =>
  error(
    "execution-sequence",
    of.place,
    `The execution sequence cannot be carried out: ${of.found}.`,
    `Expected ${of.expected}.`,
  );
