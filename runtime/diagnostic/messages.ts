// Every word of a diagnostic, one function a code: `clockInTrial` says "clock-in-trial". A function gets the place and the
// facts, never a half-made sentence. Each code has a case under compile/errors/ and a section in docs/diagnostics.md.
import type { Diagnostic, SourcePlace } from "./diagnostic.ts";
import { listed, nearest, nearestOrAll } from "./nearest.ts";

type Place = SourcePlace | null;
/** What a name was mistyped among. */
interface Mistyped {
  readonly place: Place;
  readonly name: string;
  readonly known: readonly string[];
}
/** Something that trial code does, and the way from the stage to it: ["trial", "playRound", "noise"]. */
interface UseInTrial {
  readonly place: Place;
  readonly experiment: string;
  readonly via: readonly string[];
  /** The source text: "Math.random". */
  readonly use: string;
}

const error = (code: string, place: Place, message: string, hint: string | null): Diagnostic => ({
  code,
  severity: "error",
  place,
  message,
  hint,
});
const warning = (code: string, place: Place, message: string, hint: string | null): Diagnostic => ({
  ...error(code, place, message, hint),
  severity: "warning",
});
const quoted = (names: readonly string[]): string => listed(names.map((name) => `"${name}"`));
const at = (place: SourcePlace): string => `${place.file}:${place.line}:${place.column}`;
const orElse = (code: string): string => `or say why it is sound: // lab-allow ${code}: <reason>`;
const reachedBy = ({ experiment, via }: UseInTrial): string =>
  via.length <= 1
    ? `the ${via[0] ?? "trial"} of "${experiment}"`
    : `the ${via[0]} of "${experiment}", through ${via.slice(1).join(" > ")}`;

// Finding and loading.

export const noExperiments = (of: { place: Place; searched: string; near: string | null }): Diagnostic =>
  error(
    "no-experiments",
    of.place,
    `No experiment was found in ${of.searched}.`,
    of.near === null
      ? "An experiment is an export of a file named experiments.ts or *.experiment.ts."
      : `Did you mean ${of.near}?`,
  );

export const noExport = (of: { place: Place; file: string }): Diagnostic =>
  warning(
    "no-export",
    of.place,
    `${of.file} exports no experiment.`,
    "Export what defineExperiment returns: export default defineExperiment({ ... }).",
  );

export const syntaxError = (of: { place: Place; text: string }): Diagnostic =>
  error("syntax-error", of.place, of.text, null);

/** `hint` is made by explain-type-error.ts from what the compiler expected. */
export const typeError = (of: { place: Place; text: string; hint: string | null }): Diagnostic =>
  error("type-error", of.place, of.text, of.hint);

export const bundleFailed = (of: { place: Place; text: string }): Diagnostic =>
  error("bundle-failed", of.place, `The file cannot be bundled: ${of.text}`, null);

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

export const loadEnded = (of: { place: Place; file: string; how: string }): Diagnostic =>
  error(
    "load-ended",
    of.place,
    `Loading ${of.file} ended the process: ${of.how}.`,
    "A definition is built before anything runs; it may not exit or bring the process down.",
  );

export const loadHung = (of: { place: Place; file: string; what: string; seconds: number }): Diagnostic =>
  error(
    "load-hung",
    of.place,
    `${of.file} was still busy with ${of.what} after ${of.seconds} s.`,
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

export const badName = (of: { place: Place; what: string; name: string }): Diagnostic =>
  error(
    "bad-name",
    of.place,
    `${JSON.stringify(of.name)} cannot name ${article(of.what)}.`,
    "A name starts with a letter and goes on with letters, digits, - and _ (64 at most).",
  );

export const duplicateExperiment = (of: { place: Place; name: string; first: SourcePlace }): Diagnostic =>
  error(
    "duplicate-experiment",
    of.place,
    `Another experiment is already named "${of.name}": ${at(of.first)}.`,
    "The name decides seeds and where results lie, so each experiment needs its own.",
  );

export const unknownProperty = (of: Mistyped & { where: string }): Diagnostic =>
  error(
    "unknown-property",
    of.place,
    `${of.where} has no property "${of.name}".`,
    nearestOrAll(of.name, of.known, "property"),
  );

export const unknownMetric = (of: Mistyped): Diagnostic =>
  error(
    "unknown-metric",
    of.place,
    `No metric is named "${of.name}".`,
    nearestOrAll(of.name, of.known, "metric"),
  );

export const unknownFactor = (of: Mistyped & { constant: boolean }): Diagnostic =>
  error(
    "unknown-factor",
    of.place,
    of.constant ? `"${of.name}" has one value only, so it is no factor.` : `No factor is named "${of.name}".`,
    of.constant && nearest(of.name, of.known) === null
      ? `Sweep it: ${of.name}: sweep([ ... ]).`
      : nearestOrAll(of.name, of.known, "factor"),
  );

export const unknownLevel = (of: {
  place: Place;
  factor: string;
  level: string;
  levels: readonly string[];
}): Diagnostic =>
  error(
    "unknown-level",
    of.place,
    `${of.level} is not a level of "${of.factor}".`,
    of.levels.length === 0 ? null : `The levels are ${listed(of.levels)}.`,
  );

export const unknownSeries = (of: Mistyped): Diagnostic =>
  error(
    "unknown-series",
    of.place,
    `No series is named "${of.name}".`,
    nearestOrAll(of.name, of.known, "series"),
  );

export const unknownParameter = (of: Mistyped & { where: string }): Diagnostic =>
  error(
    "unknown-parameter",
    of.place,
    `${of.where} names "${of.name}", which is no parameter.`,
    nearestOrAll(of.name, of.known, "parameter"),
  );

export const unknownOverride = (of: Mistyped): Diagnostic =>
  error(
    "unknown-override",
    of.place,
    `-S ${of.name}: no experiment of this build has that parameter.`,
    nearestOrAll(of.name, of.known, "parameter"),
  );

export const badOverride = (of: { name: string; text: string; reason: string }): Diagnostic =>
  error(
    "bad-override",
    null,
    `-S ${of.name}=${of.text}: ${of.reason}.`,
    "Write a value, several (a,b,c) or a range(from, to, step) whose end is left out.",
  );

// Parameters and the space.

export const emptySweep = (of: { place: Place; parameter: string }): Diagnostic =>
  error(
    "empty-sweep",
    of.place,
    `The sweep of "${of.parameter}" has no levels.`,
    "A factor needs at least one level.",
  );

export const duplicateLevel = (of: { place: Place; parameter: string; level: string }): Diagnostic =>
  error(
    "duplicate-level",
    of.place,
    `${of.level} stands twice among the levels of "${of.parameter}".`,
    "Equal levels are equal conditions; for more trials of one raise the number of replicates.",
  );

export const badRange = (of: { place: Place; parameter: string; reason: string }): Diagnostic =>
  error("bad-range", of.place, `The range of "${of.parameter}" is impossible: ${of.reason}.`, null);

export const notHashableValue = (of: { place: Place; parameter: string; found: string }): Diagnostic =>
  error(
    "not-hashable-value",
    of.place,
    `"${of.parameter}" holds ${of.found}, which cannot be hashed or sent to another process.`,
    "Parameters are JSON: null, booleans, finite numbers, text, arrays and plain objects. Sweep a name and look the rest up in the trial.",
  );

export const duplicateParameter = (of: { place: Place; parameter: string }): Diagnostic =>
  error(
    "duplicate-parameter",
    of.place,
    `"${of.parameter}" is declared in two parts of the space.`,
    "Each parameter has one source: rename one of the two.",
  );

export const unequalZip = (of: { place: Place; lengths: string }): Diagnostic =>
  error(
    "unequal-zip",
    of.place,
    `zip pairs lists of unequal length: ${of.lengths}.`,
    "Give each the same number of levels, or use the cross product (the default).",
  );

export const emptySpace = (of: { place: Place; experiment: string; raw: number }): Diagnostic =>
  error(
    "empty-space",
    of.place,
    of.raw === 0
      ? `The space of "${of.experiment}" has no condition.`
      : `where() of "${of.experiment}" refuses all ${count(of.raw, "condition")}.`,
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

export const tooManyTrials = (of: {
  place: Place;
  experiment: string;
  trials: number;
  max: number;
}): Diagnostic =>
  error(
    "too-many-trials",
    of.place,
    `"${of.experiment}" has ${grouped(of.trials)} trials; at most ${grouped(of.max)} can be numbered.`,
    "Sample the space (latinHypercube, sobol, random) or lower the number of replicates.",
  );

export const badReplicates = (of: { place: Place; found: string }): Diagnostic =>
  error(
    "bad-replicates",
    of.place,
    `replicate(...) cannot be ${of.found}.`,
    "Give a whole number from 1, or { seeds: [ ... ] } without repetition.",
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
    `${of.part} of "${of.experiment}" threw at ${of.condition}: ${of.text}`,
    null,
  );

// Metrics, series, analyses.

export const noMetrics = (of: { place: Place; experiment: string }): Diagnostic =>
  error(
    "no-metrics",
    of.place,
    `"${of.experiment}" declares no metric.`,
    "Name what a trial returns: metrics: { score: metric.number() }.",
  );

export const twoPrimaries = (of: { place: Place; metrics: readonly string[] }): Diagnostic =>
  error(
    "two-primaries",
    of.place,
    `${quoted(of.metrics)} are all primary.`,
    "One metric answers the question; mark that one only.",
  );

export const badMetric = (of: { place: Place; metric: string; reason: string }): Diagnostic =>
  error("bad-metric", of.place, `The metric "${of.metric}" is impossible: ${of.reason}.`, null);

export const badSeries = (of: { place: Place; series: string; reason: string }): Diagnostic =>
  error(
    "bad-series",
    of.place,
    `The series "${of.series}" cannot be stored: ${of.reason}.`,
    "A row is z.object({ ... }) of numbers, text and booleans.",
  );

export const badAnalysis = (of: { place: Place; reason: string; hint: string | null }): Diagnostic =>
  error("bad-analysis", of.place, `The analysis is impossible: ${of.reason}.`, of.hint);

export const invalidDefinition = (of: { place: Place; path: string; reason: string }): Diagnostic =>
  error("invalid-definition", of.place, `${of.path} of the definition is invalid: ${of.reason}.`, null);

// Stages and needs.

export const badStage = (of: { place: Place; stage: string; reason: string }): Diagnostic =>
  error("bad-stage", of.place, `The stage "${of.stage}" is impossible: ${of.reason}.`, null);

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

export const unknownNeed = (of: Mistyped): Diagnostic =>
  error(
    "unknown-need",
    of.place,
    `The build has no experiment or stage named "${of.name}".`,
    nearestOrAll(of.name, of.known, "name"),
  );

// Trial code. Each of these can be allowed by a comment.

export const randomInTrial = (of: UseInTrial): Diagnostic =>
  error(
    "random-in-trial",
    of.place,
    `${of.use} in ${reachedBy(of)}: its numbers cannot be drawn again.`,
    `Use the trial's own random (random.float(), random.pick(list) ...), ${orElse("random-in-trial")}`,
  );

export const clockInTrial = (of: UseInTrial): Diagnostic =>
  error(
    "clock-in-trial",
    of.place,
    `${of.use} in ${reachedBy(of)}: the clock is not the same on a second run.`,
    `Durations are recorded for every trial already; leave it out, ${orElse("clock-in-trial")}`,
  );

export const processEnvInTrial = (of: UseInTrial): Diagnostic =>
  error(
    "process-env-in-trial",
    of.place,
    `${of.use} in ${reachedBy(of)}: another machine has another environment.`,
    `Make it a parameter (-S name=value sets one on the command line), ${orElse("process-env-in-trial")}`,
  );

export const fileInTrial = (of: UseInTrial): Diagnostic =>
  error(
    "file-in-trial",
    of.place,
    `${of.use} in ${reachedBy(of)}: a file can change without the trial's identity changing.`,
    `Import data (import rows from "./rows.json"), save results with artifact(), ${orElse("file-in-trial")}`,
  );

export const networkInTrial = (of: UseInTrial): Diagnostic =>
  error(
    "network-in-trial",
    of.place,
    `${of.use} in ${reachedBy(of)}: an answer from the network cannot be had again on resume.`,
    `Go through effect(key, request), which keeps the answer, ${orElse("network-in-trial")}`,
  );

export const processInTrial = (of: UseInTrial): Diagnostic =>
  error(
    "process-in-trial",
    of.place,
    `${of.use} in ${reachedBy(of)}: what another process does is not recorded.`,
    `Go through effect(key, request), which keeps the answer, ${orElse("process-in-trial")}`,
  );

export const machineInTrial = (of: UseInTrial): Diagnostic =>
  error(
    "machine-in-trial",
    of.place,
    `${of.use} in ${reachedBy(of)}: it differs from machine to machine.`,
    `The machine of each run is recorded already; leave it out, ${orElse("machine-in-trial")}`,
  );

export const unstableDefinition = (of: {
  place: Place;
  experiment: string;
  use: string;
  where: string;
}): Diagnostic =>
  error(
    "unstable-definition",
    of.place,
    `${of.use} in the ${of.where} of "${of.experiment}": every build would plan other trials and reuse none.`,
    `Write the value out, ${orElse("unstable-definition")}`,
  );

export const unawaitedPromise = (of: {
  place: Place;
  experiment: string;
  use: string;
  inside: string | null;
}): Diagnostic =>
  error(
    "unawaited-promise",
    of.place,
    of.inside === null
      ? `Nobody waits for ${of.use}: the trial of "${of.experiment}" may end before it does.`
      : `${of.inside} does not wait for the promise of its function: the trial of "${of.experiment}" may end before it does.`,
    of.inside === null
      ? `Write await before it, ${orElse("unawaited-promise")}`
      : `Use for (const item of list) { await ... } or await Promise.all(list.map(...)), ${orElse("unawaited-promise")}`,
  );

export const mutableModuleState = (of: UseInTrial & { name: string; declared: SourcePlace }): Diagnostic =>
  error(
    "mutable-module-state",
    of.place,
    `${of.use} changes "${of.name}" (${at(of.declared)}) in ${reachedBy(of)}: it outlives the trial, so the next one sees it.`,
    `Create it inside the trial and pass it on, ${orElse("mutable-module-state")}`,
  );

export const unreadParameter = (of: {
  place: Place;
  experiment: string;
  parameter: string;
  near: string | null;
}): Diagnostic =>
  error(
    "unread-parameter",
    of.place,
    `No stage of "${of.experiment}" reads the swept parameter "${of.parameter}": its levels would be the same trials under other seeds.`,
    of.near === null
      ? `Read it, drop it, ${orElse("unread-parameter")}`
      : `The trial reads "${of.near}". Read it, drop it, ${orElse("unread-parameter")}`,
  );

export const unreturnedMetric = (of: {
  place: Place;
  experiment: string;
  metric: string;
  near: string | null;
}): Diagnostic =>
  error(
    "unreturned-metric",
    of.place,
    `The trial of "${of.experiment}" never returns the metric "${of.metric}".`,
    of.near === null
      ? `Return it, drop it, ${orElse("unreturned-metric")}`
      : `It returns "${of.near}": is that the one?`,
  );

export const undeclaredMetric = (of: Mistyped & { experiment: string }): Diagnostic =>
  error(
    "undeclared-metric",
    of.place,
    `The trial of "${of.experiment}" returns "${of.name}", which is no metric.`,
    nearest(of.name, of.known) === null
      ? `Declare it under metrics, or leave it out: nothing undeclared is stored.`
      : nearestOrAll(of.name, of.known, "metric"),
  );

export const unrecordedSeries = (of: { place: Place; experiment: string; series: string }): Diagnostic =>
  warning(
    "unrecorded-series",
    of.place,
    `No stage of "${of.experiment}" records the series "${of.series}".`,
    `Call record("${of.series}", row), drop it, ${orElse("unrecorded-series")}`,
  );

// lab-allow comments.

export const allowWithoutReason = (of: { place: Place; code: string }): Diagnostic =>
  error(
    "allow-without-reason",
    of.place,
    `lab-allow ${of.code} gives no reason.`,
    `Write // lab-allow ${of.code}: <why this is sound>`,
  );

export const unknownAllow = (of: Mistyped): Diagnostic =>
  error(
    "unknown-allow",
    of.place,
    `"${of.name}" is no code that a comment can allow.`,
    nearestOrAll(of.name, of.known, "code"),
  );

export const unusedAllow = (of: { place: Place; code: string }): Diagnostic =>
  warning(
    "unused-allow",
    of.place,
    `lab-allow ${of.code} allows nothing here.`,
    "Take the comment out, or put it on the line that it is about or the line above.",
  );

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}

function count(n: number, noun: string): string {
  return `${grouped(n)} ${noun}${n === 1 ? "" : "s"}`;
}

function grouped(n: number): string {
  return n.toLocaleString("en-US");
}
