// Words of the compiler's diagnostics, one function a code: `emptySpace` says "empty-space". A function gets the place and the
// facts, never a half-made sentence. Trial code and the builders' problems have files of their own beside this one.
import type { Diagnostic, SourcePlace } from "./diagnostic.ts";
import { nearest, nearestOrAll } from "./nearest.ts";
import { at, count, error, type Place, warning } from "./worded.ts";

/** What a name was mistyped among. */
interface Mistyped {
  readonly place: Place;
  readonly name: string;
  readonly known: readonly string[];
}
// Finding and loading.

export const noExperiments = (of: { place: Place; searched: string; near: string | null }): Diagnostic =>
  error(
    "no-experiments",
    of.place,
    `No experiment was found in ${of.searched}.`,
    of.near === null
      ? "An experiment is an export of a file named experiments.ts or *.experiment.ts (or .js)."
      : `Did you mean ${of.near}?`,
  );

export const notAModule = (of: { path: string }): Diagnostic =>
  error(
    "not-a-module",
    null,
    `${of.path} is ${/x$/.test(of.path) ? "JSX" : "CommonJS"}; an experiment is an ES module.`,
    `Name it ${of.path.replace(/[.]\w+$/, /ts/.test(of.path.slice(-3)) ? ".ts" : ".js")}, with \`import\` and \`export\`.`,
  );

/** `specifier` is a package without declarations of its own; what is imported from it has no types. */
export const untypedPackage = (of: { place: Place; specifier: string }): Diagnostic =>
  warning(
    "untyped-package",
    of.place,
    `The package ${of.specifier} comes without types, so nothing that is done with it is checked.`,
    `npm install --save-dev @types/${of.specifier.replace(/^@/, "").replace("/", "__")} has them, if somebody wrote any.`,
  );

export const noExport = (of: { place: Place; file: string }): Diagnostic =>
  warning(
    "no-export",
    of.place,
    `${of.file} exports no experiment.`,
    "Export what defineExperiment returns: export default defineExperiment({ ... }).",
  );

export const othersBroken = (of: { files: readonly string[] }): Diagnostic =>
  warning(
    "others-broken",
    null,
    `${count(of.files.length, "other file")} ${of.files.length === 1 ? "does" : "do"} not build: ${listed(of.files)}; \`lab build\` shows why.`,
    null,
  );

function listed(files: readonly string[]): string {
  const shown = files.slice(0, 3).join(", ");
  return files.length > 3 ? `${shown} and ${files.length - 3} more` : shown;
}

/** `hint` is made by explain-type-error.ts from what the compiler expected. */
export const typeError = (of: { place: Place; text: string; hint: string | null }): Diagnostic =>
  error("type-error", of.place, of.text, of.hint);

export const bundleFailed = (of: { place: Place; text: string }): Diagnostic =>
  error("bundle-failed", of.place, `The file cannot be bundled: ${of.text}`, null);

export const packagesMissing = (of: { place: Place; packages: readonly string[] }): Diagnostic =>
  error(
    "packages-missing",
    of.place,
    `package.json lists ${listed(of.packages)}, which ${of.packages.length === 1 ? "is" : "are"} not installed.`,
    "Run npm install in the project.",
  );

export const loadFailed = (of: { place: Place; file: string; text: string }): Diagnostic =>
  error(
    "load-failed",
    of.place,
    `${of.file} threw while it was loaded: ${of.text}`,
    "A definition is built before anything runs; move work that can fail into a stage.",
  );

export const pathOutsideProject = (of: { path: string; root: string }): Diagnostic =>
  error(
    "path-outside-project",
    null,
    `"${of.path}" lies outside the project ${of.root}.`,
    "Give a path inside the project, or name another project with --project.",
  );

export const pathMissing = (of: { path: string; siblings: readonly string[] }): Diagnostic =>
  error(
    "path-missing",
    null,
    `"${of.path}" does not exist.`,
    nearest(of.path, of.siblings) === null
      ? "Give a file or a folder of the project."
      : `Did you mean "${nearest(of.path, of.siblings)}"?`,
  );

export const pathNotAnExperiment = (of: { path: string }): Diagnostic =>
  error(
    "path-not-an-experiment",
    null,
    `"${of.path}" is not an experiment file.`,
    "Give a file named experiments.ts or *.experiment.ts, or a folder that holds some.",
  );

/** `what` opens the sentence: `Loading a.experiment.ts`, `The where of "walk"`. */
export const loadEnded = (of: { place: Place; what: string; how: string }): Diagnostic =>
  error(
    "load-ended",
    of.place,
    `${of.what} ended the process: ${of.how}.`,
    "A definition is built before anything runs; it may not exit or bring the process down.",
  );

export const loadHung = (of: { place: Place; what: string; seconds: number }): Diagnostic =>
  error(
    "load-hung",
    of.place,
    `${of.what} had not come to an end after ${of.seconds} s.`,
    "A definition is built before anything runs; move work that takes long into a stage.",
  );

export const definitionNotLiteral = (of: { place: Place; experiment: string; part: string }): Diagnostic =>
  warning(
    "definition-not-literal",
    of.place,
    `${of.part} of "${of.experiment}" is not written where it is exported, so every edit of the definition counts as an edit of its trials.`,
    "Write it out: export default defineExperiment({ ..., trial(...) { ... } }).",
  );

// Names.

export const metricNamedAsParameter = (of: { place: Place; name: string }): Diagnostic =>
  error(
    "metric-named-as-parameter",
    of.place,
    `"${of.name}" is both a parameter and a metric.`,
    "Each is a column of the results; rename one of the two.",
  );

export const duplicateExperiment = (of: { place: Place; name: string; first: SourcePlace }): Diagnostic =>
  error(
    "duplicate-experiment",
    of.place,
    `Another experiment is already named "${of.name}": ${at(of.first)}.`,
    "The name decides seeds and where results lie, so each experiment needs its own.",
  );

export const unknownOverride = (of: Mistyped): Diagnostic =>
  error(
    "unknown-override",
    of.place,
    `-S ${of.name}: no experiment of this build has that parameter.`,
    nearestOrAll(of.name, of.known, "parameter"),
  );

// Parameters and the space.

export const emptySpace = (of: { place: Place; experiment: string; raw: number }): Diagnostic =>
  error(
    "empty-space",
    of.place,
    of.raw === 0
      ? `The space of "${of.experiment}" has no condition.`
      : `space.where of "${of.experiment}" refuses all ${count(of.raw, "condition")}.`,
    "At least one condition must remain.",
  );

export const equalConditions = (of: {
  place: Place;
  experiment: string;
  condition: string;
  first: number;
  second: number;
}): Diagnostic =>
  error(
    "equal-conditions",
    of.place,
    `Conditions ${of.first} and ${of.second} of "${of.experiment}" are equal: ${of.condition}.`,
    "They would be the same trials. Take one out; for more trials raise the number of replicates.",
  );

export const conditionThrew = (of: {
  place: Place;
  experiment: string;
  part: string;
  condition: string;
  text: string;
}): Diagnostic =>
  error(
    "condition-threw",
    of.place,
    `The ${of.part} of "${of.experiment}" threw at ${of.condition}: ${of.text}`,
    null,
  );

// Stages and needs.

export const unknownNeed = (of: Mistyped): Diagnostic =>
  error(
    "unknown-need",
    of.place,
    `The build has no experiment or stage named "${of.name}".`,
    nearestOrAll(of.name, of.known, "name"),
  );

export const badSeries = (of: { place: Place; series: string; reason: string }): Diagnostic =>
  error(
    "bad-series",
    of.place,
    `The series "${of.series}" cannot be stored: ${of.reason}.`,
    "A row is z.object({ ... }) of numbers, text and booleans.",
  );

export const circularStages = (of: {
  place: Place;
  experiment: string;
  cycle: readonly string[];
}): Diagnostic =>
  error(
    "circular-stages",
    of.place,
    `Stages of "${of.experiment}" wait for each other: ${of.cycle.join(" > ")}.`,
    "A stage may need only stages that do not need it.",
  );

export const circularNeeds = (of: { place: Place; cycle: readonly string[] }): Diagnostic =>
  error(
    "circular-needs",
    of.place,
    `Experiments wait for each other's results: ${of.cycle.join(" > ")}.`,
    "Break the circle: one of them must run without the others' results.",
  );
