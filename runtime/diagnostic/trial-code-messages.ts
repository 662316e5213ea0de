// Words of the rules about trial code, one function a code: `clockInTrial` says "clock-in-trial". All but the last three can be
// silenced by a comment that says why. Each code has a case under compile/errors/ and a section in docs/diagnostics.md.
import type { Diagnostic, SourcePlace } from "./diagnostic.ts";
import { nearest, nearestOrAll } from "./nearest.ts";
import { notHandedWords } from "./trial-parts.ts";
import { at, error, type Place, warning } from "./worded.ts";

/** What a name was mistyped among. */
interface Mistyped {
  readonly place: Place;
  readonly name: string;
  readonly known: readonly string[];
}

/** Something that trial code does, and the way from the stage to it: ["trial", "playRound", "noise"]. */
export interface UseInTrial {
  readonly place: Place;
  readonly experiment: string;
  readonly via: readonly string[];
  /** The source text: "Math.random". */
  readonly use: string;
}

const orElse = (code: string): string => `or say why it is sound: // lab-allow ${code}: <reason>`;
const reachedBy = ({ experiment, via }: UseInTrial): string =>
  via.length <= 1
    ? `the ${via[0] ?? "trial"} of "${experiment}"`
    : `the ${via[0]} of "${experiment}", through ${via.slice(1).join(" > ")}`;

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
    `Ask through a port under effects, or effect(key, request), which keep the answer, ${orElse("network-in-trial")}`,
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
  /** Whether a program is among its stages. */
  hasProgram: boolean;
}): Diagnostic =>
  error(
    "unread-parameter",
    of.place,
    `No stage of "${of.experiment}" reads the swept parameter "${of.parameter}": its levels would be the same trials under other seeds.`,
    `${of.near === null ? "" : `The trial reads "${of.near}". `}${
      of.hasProgram ? `Hand it on, with parameter("${of.parameter}") in run or config.set` : "Read it"
    }, drop it, ${orElse("unread-parameter")}`,
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

export const notHanded = (of: { place: Place; name: string; isTrial: boolean }): Diagnostic => {
  const { text, hint } = notHandedWords(of.isTrial ? "A trial" : "A stage", of.name);
  return error("not-handed", of.place, `${text}.`, hint);
};

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

/** `known` are the kinds that lab.config.ts has performers of. */
export const unknownEffectKind = (of: Mistyped & { readonly experiment: string }): Diagnostic =>
  error(
    "unknown-effect-kind",
    of.place,
    `Nobody performs effects of kind "${of.name}", which ${of.experiment} asks for.`,
    `${nearestOrAll(of.name, of.known, "kind") ?? "No performer is declared."} Give the call a \`perform\`, or declare a performer of the kind in lab.config.ts.`,
  );
