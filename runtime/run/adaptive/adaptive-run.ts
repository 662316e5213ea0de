// All experiments of a run whose number of replicates is decided while it runs: what is wanted of them at first, what is added or
// dropped as records come, and what is written into the manifest at the end.

import type { PlanRun } from "../../execute/controller/controller-options.ts";
import { recordedOf } from "../../execute/controller/jobs/recorded-units.ts";
import { bitmapOf, clearFrom, hasBit, setBit } from "../../plan/bitmap.ts";
import { type OpenedExperiment, trialOf } from "../../plan/opened-plan.ts";
import { type Selection, stageUnitsServing, type Wanted } from "../../plan/selection.ts";
import type { Steering, SteeringOptions } from "../steering.ts";
import { AdaptiveReplicates } from "./adaptive-replicates.ts";

/** Whether a stopping rule is in force: not where the user has said which trials to run. */
export function followsRule(experiment: OpenedExperiment, selection: Selection): boolean {
  const { name, replicates } = experiment.planned;
  if (replicates.until === null) return false;
  const isAsked = selection.experiments.length === 0 || selection.experiments.includes(name);
  return !isAsked || (selection.limit === null && selection.filter.replicate === undefined);
}

/** Reads what is recorded of the experiments with a stopping rule, and says how far they are. */
export function stoppingRules(options: SteeringOptions): Steering {
  const { opened, selection, wanted } = options;
  const parts = new Map<number, AdaptiveReplicates>();
  for (const experiment of opened.experiments) {
    const units = wanted.get(trialOf(experiment).index);
    if (units === undefined || !followsRule(experiment, selection)) continue;
    const part = new AdaptiveReplicates(experiment, units);
    if (!options.again.force) readRecorded(part, options);
    part.extend(1);
    parts.set(part.job, part);
  }
  const owner = (job: number): AdaptiveReplicates | undefined =>
    [...parts.values()].find(({ experiment }) => experiment.jobs.some(({ index }) => index === job));
  const countedOf = (job: number): Uint8Array | null => {
    const part = parts.get(job);
    const units = wanted.get(job);
    return part === undefined || units === undefined ? null : upTo(part, units, part.outcome().replicates);
  };
  return {
    caps: new Map([...parts.values()].map((part) => [part.experiment.planned.name, part.target])),
    proposesFor: [],
    mostOf: (job) => (owner(job) === undefined ? null : (wanted.get(job) ?? null)),
    heed(batch, run, slots) {
      const part = parts.get(batch.job);
      if (part === undefined) return;
      const column = batch.metrics[batch.json().metrics.indexOf(part.rule.metric)];
      part.note({
        count: batch.rows,
        unit: (row) => batch.unit[row]!,
        outcome: (row) => batch.outcome[row]!,
        value: (row) => column?.[row] ?? Number.NaN,
      });
      // Threads should not wait for the last trial of a batch, so more is asked for before it ends.
      const { outstanding, target } = part;
      if (outstanding > 0 && (outstanding >= 2 * slots || target === part.rule.max)) return;
      const next = part.extend(slots);
      if (next > target) addReplicates({ part, run, wanted }, target, next);
      if (part.outcome().reason === "met") dropReplicates(part, run, part.outcome().replicates);
    },
    countedOf,
    counting(job, records) {
      const counted = countedOf(job);
      if (counted === null) return records;
      const inOrder = function* (): Generator<number> {
        for (let unit = 0; unit < 8 * counted.length; unit += 1) if (hasBit(counted, unit)) yield unit;
      };
      return { ...records, read: (units) => records.read(units ?? inOrder()) };
    },
    outcomes: () =>
      Object.fromEntries([...parts.values()].map((part) => [part.experiment.planned.name, part.outcome()])),
  };
}

function readRecorded(part: AdaptiveReplicates, { opened, store, again }: SteeringOptions): void {
  const { job } = trialOf(part.experiment);
  const ledger = store.ledgerOf(opened.plan, job);
  const recorded = recordedOf(ledger, { ...again, force: false }, part.experiment.planned);
  ledger.visit(({ batch, count, rows, units }) => {
    const column = batch.metrics[batch.json().metrics.indexOf(part.rule.metric)];
    const counted = Array.from({ length: count }, (_, index) => index).filter((index) =>
      hasBit(recorded, units[index]!),
    );
    part.note({
      count: counted.length,
      unit: (row) => units[counted[row]!]!,
      outcome: (row) => batch.outcome[rows[counted[row]!]!]!,
      value: (row) => column?.[rows[counted[row]!]!] ?? Number.NaN,
    });
  });
}

/** The units of `most` that belong to the first `replicates` replicates. */
function upTo(part: AdaptiveReplicates, most: Uint8Array, replicates: number): Uint8Array {
  const units = most.slice();
  clearFrom(units, replicates * trialOf(part.experiment).job.conditions);
  return units;
}

function addReplicates(
  of: { readonly part: AdaptiveReplicates; readonly run: Pick<PlanRun, "add">; readonly wanted: Wanted },
  from: number,
  to: number,
): void {
  const { part, run, wanted } = of;
  const { job: trial } = trialOf(part.experiment);
  const most = wanted.get(part.job) ?? bitmapOf(0);
  const trials = bitmapOf(to * trial.conditions);
  for (let unit = from * trial.conditions; unit < to * trial.conditions; unit += 1)
    if (hasBit(most, unit)) setBit(trials, unit);
  // All at once: the trials wait for their stages, and what needs this experiment waits for the trials.
  run.add(new Map([...stageUnitsServing(part.experiment, trials), [part.job, trials]]));
}

function dropReplicates(part: AdaptiveReplicates, run: Pick<PlanRun, "drop">, replicates: number): void {
  for (const { index, job } of part.experiment.jobs)
    if (job.per === "replicate") run.drop(index, replicates * job.conditions);
}
