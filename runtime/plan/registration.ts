// What `lab build --register` freezes of an experiment, its hash, and what differs from it later. The code of the trial is not part:
// a registration says what will be asked and decided, before the data; identities say with which code.
import { createHash } from "node:crypto";
import type { AnalysisSpec, MetricSpec, Replicates, StoppingRule } from "../../lib/experiment/definition.ts";
import { conditionKeyOf } from "../../lib/experiment/space/condition-key.ts";
import { spaceFromDescriptor } from "../../lib/experiment/space/indexed-space.ts";
import { withProposedRows } from "../../lib/experiment/space/proposed-node.ts";
import type { SpaceDescriptor } from "../../lib/experiment/space/space.ts";
import { designChanges } from "./design-changes.ts";
import type { OpenedExperiment } from "./opened-plan.ts";

/** Everything that is frozen, as plain JSON. */
export interface RegisteredContent {
  readonly experiment: string;
  readonly question: string | null;
  readonly primary: string | null;
  readonly metrics: Readonly<Record<string, MetricSpec>>;
  readonly analyses: readonly AnalysisSpec[];
  readonly design: {
    readonly space: SpaceDescriptor;
    /** Conditions that every `where` admits, and a hash of which they are. */
    readonly conditions: number;
    readonly admitted: string;
    /** Replicates a condition; null when the stopping rule decides. */
    readonly replicates: number | null;
    readonly seed: number;
    readonly seeds: readonly number[] | null;
    readonly pairing: Replicates["pairing"];
  };
  readonly stopping: StoppingRule | null;
}

/** One file of `.lab/registrations/`: written once, never changed. */
export interface Registration {
  readonly format: "labwright.registration/1";
  readonly hash: string;
  /** ISO 8601. */
  readonly at: string;
  readonly labwright: string;
  readonly content: RegisteredContent;
}

export function registeredContentOf({ planned, space }: OpenedExperiment): RegisteredContent {
  const { count, seed, seeds, pairing, until } = planned.replicates;
  const admitted = createHash("sha256");
  // What is proposed while a run goes on is no part of what was registered.
  for (let index = 0; index < space.size && !space.grows; index += 1)
    if (!space.filtered || space.admits(index)) admitted.update(`${index}\n`);
  return {
    experiment: planned.name,
    question: planned.question,
    primary: planned.primary,
    metrics: planned.metrics,
    analyses: planned.analyses,
    design: {
      space: space.grows ? withProposedRows(planned.space, []) : planned.space,
      conditions: planned.admittedCount,
      admitted: admitted.digest("hex"),
      replicates: until === null ? count : null,
      seed,
      seeds,
      pairing,
    },
    stopping: until,
  };
}

/** SHA-256 of the content's canonical JSON (keys in order, no spaces), lower-case hex. */
export function registrationHashOf(content: RegisteredContent): string {
  return createHash("sha256").update(conditionKeyOf(content)).digest("hex");
}

export interface Departure {
  readonly analyses: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly changed: readonly string[];
  };
  readonly deviations: readonly string[];
}

/** Names of the analyses that are there now and were not, the other way round, and that are no longer the same. */
export function analysisDepartureOf(
  declared: readonly AnalysisSpec[],
  done: readonly AnalysisSpec[],
): Departure["analyses"] {
  const before = new Map(declared.map((spec) => [spec.name, spec]));
  const after = new Map(done.map((spec) => [spec.name, spec]));
  const changed = [...after].filter(([name, spec]) => before.has(name) && !isSame(before.get(name), spec));
  return {
    added: [...after.keys()].filter((name) => !before.has(name)),
    removed: [...before.keys()].filter((name) => !after.has(name)),
    changed: changed.map(([name]) => name),
  };
}

/** How what was done departs from what was registered. */
export function departureOf(registered: RegisteredContent, done: RegisteredContent): Departure {
  const analyses = analysisDepartureOf(registered.analyses, done.analyses);
  const { added, removed } = analyses;
  return {
    analyses,
    deviations: [
      ...(registered.question === done.question ? [] : ["The question was changed."]),
      ...added.map((name) => `The analysis "${name}" was added; it is exploratory.`),
      ...analyses.changed.map((name) => `The analysis "${name}" was changed; it is exploratory.`),
      ...removed.map((name) => `The analysis "${name}" was registered and is not reported.`),
      ...metricDepartures(registered, done),
      ...designDepartures(registered, done),
      ...(isSame(registered.stopping, done.stopping) ? [] : [stoppingDeparture(registered, done)]),
    ],
  };
}

function metricDepartures(registered: RegisteredContent, done: RegisteredContent): readonly string[] {
  const names = [...new Set([...Object.keys(registered.metrics), ...Object.keys(done.metrics)])];
  const primary =
    registered.primary === done.primary
      ? []
      : [`The primary metric was ${registered.primary ?? "none"} and is ${done.primary ?? "none"}.`];
  const others = names
    .filter((name) => !isSame(registered.metrics[name], done.metrics[name]))
    .map((name) =>
      done.metrics[name] === undefined
        ? `The metric ${name} was removed.`
        : `The metric ${name} was ${registered.metrics[name] === undefined ? "added" : "changed"}.`,
    );
  return [...primary, ...others];
}

function designDepartures(registered: RegisteredContent, done: RegisteredContent): readonly string[] {
  const [before, after] = [registered.design, done.design];
  const changes = designChanges(spaceFromDescriptor(before.space), spaceFromDescriptor(after.space));
  const words = changes.map((change) => `The design was changed: ${change.words}.`);
  if (words.length === 0 && !(isSame(before.space, after.space) && before.admitted === after.admitted))
    words.push(
      `The design was changed: other conditions (${before.conditions} before, ${after.conditions} now).`,
    );
  if (before.replicates !== null && after.replicates !== null && before.replicates !== after.replicates)
    words.push(`The number of replicates was ${before.replicates} and is ${after.replicates}.`);
  if (before.seed !== after.seed || !isSame(before.seeds, after.seeds)) words.push("The seeds were changed.");
  if (before.pairing !== after.pairing)
    words.push(`The pairing was ${before.pairing} and is ${after.pairing}.`);
  return words;
}

function stoppingDeparture(registered: RegisteredContent, done: RegisteredContent): string {
  if (registered.stopping === null)
    return "A stopping rule was added; the number of replicates had been fixed.";
  if (done.stopping === null) return "The stopping rule was taken out; the number of replicates is fixed.";
  return `The stopping rule was changed from ${ruleText(registered.stopping)} to ${ruleText(done.stopping)}.`;
}

function ruleText({ goal, metric, min, max, confidence }: StoppingRule): string {
  const words =
    goal.kind === "half-width"
      ? `half-width ${goal.halfWidth} of ${metric}`
      : `${metric} decided ${goal.kind === "decided" ? `against ${goal.value}` : `across ${goal.across}`}`;
  return `${words} (${min} to ${max} replicates, ${Number((100 * confidence).toPrecision(6))}%)`;
}

function isSame(left: unknown, right: unknown): boolean {
  return conditionKeyOf(left ?? null) === conditionKeyOf(right ?? null);
}
