// Which units of a plan a command is about: experiments by name, conditions by level, the first so many trials; and of the earlier
// stages just the units that those trials need.

import { levelKeyOf } from "../../lib/experiment/space/level-source.ts";
import { bitmapOf, bitsOf, clearFrom, countBits, fillBits, setBit } from "./bitmap.ts";
import type { OpenedExperiment, OpenedPlan } from "./opened-plan.ts";
import { trialOf } from "./opened-plan.ts";
import { unitServing } from "./projection.ts";
import type { Problem } from "./selection-problem.ts";
import { coordinatesOf, unitCountOf } from "./units.ts";

export interface Selection {
  /** Experiments by name; empty for all. What they need is added. */
  readonly experiments: readonly string[];
  /** Levels by parameter; `replicate` selects replicate indices. */
  readonly filter: Readonly<Record<string, readonly unknown[]>>;
  /** At most so many trials of each experiment, replicate-major; null for all. */
  readonly limit: number | null;
  /** Of the trials that are left, only those of this part; all unless told. */
  readonly shard?: Shard;
}

/** The `index`-th of `of` parts, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

export const everything: Selection = { experiments: [], filter: {}, limit: null };

/** Bit u of `wanted.get(j)` says whether unit u of the plan's job j is wanted; jobs without any are left out. */
export type Wanted = ReadonlyMap<number, Uint8Array>;

/** Replicates of each condition, by experiment, where a stopping rule makes them fewer than the plan's. */
export type ReplicateCaps = ReadonlyMap<string, number>;

const uncapped: ReplicateCaps = new Map();

/** An experiment that a filter or limit leaves out, because it needs the whole of one that they cut. */
export interface LeftOut {
  readonly experiment: string;
  readonly needs: string;
}

/**
 * Every problem of a selection (unknown names and levels), or the wanted units. An experiment is never handed a part of the rows that it
 * needs: what a named one needs is wanted whole; without names, one that needs more than the selection leaves is left out.
 */
export function select(
  opened: OpenedPlan,
  selection: Selection,
  caps: ReplicateCaps = uncapped,
):
  | { readonly wanted: Wanted; readonly leftOut: readonly LeftOut[] }
  | { readonly problems: readonly Problem[] } {
  const problems = problemsOf(opened, selection);
  if (problems.length > 0) return { problems };
  const wanted = new Map<number, Uint8Array>();
  const leftOut: LeftOut[] = [];
  const asked = chosen(opened, selection.experiments);
  const isNamed = selection.experiments.length > 0;
  const needed = new Set(asked.flatMap((experiment) => neededBy(opened, experiment)));
  /** Experiments of which not every trial is wanted. */
  const cut = new Set<string>();
  for (const experiment of asked) {
    const { name } = experiment.planned;
    const missing = neededBy(opened, experiment).find((other) => cut.has(other));
    if (missing !== undefined) {
      leftOut.push({ experiment: name, needs: missing });
      cut.add(name);
      continue;
    }
    const { index: trial, job } = trialOf(experiment);
    const trials = wantedTrials(experiment, isNamed && needed.has(name) ? everything : selection);
    // How many trials a space that grows comes to have is not known.
    const isKnown = !experiment.space.grows;
    if (isKnown && needed.has(name) && countBits(trials) < experiment.planned.admittedCount * job.replicates)
      cut.add(name);
    const cap = caps.get(experiment.planned.name);
    if (cap !== undefined) clearFrom(trials, cap * job.conditions);
    wanted.set(trial, trials);
    for (const [index, units] of stageUnitsServing(experiment, trials)) wanted.set(index, units);
  }
  return { wanted, leftOut };
}

/** Names of the experiments whose rows an experiment is handed. */
function neededBy(opened: OpenedPlan, { jobs }: OpenedExperiment): readonly string[] {
  return jobs.flatMap(({ job }) =>
    job.needs.flatMap((need) => {
      if (need.kind !== "experiment") return [];
      const source = opened.plan.jobs.find(({ id }) => id === need.job);
      return source === undefined ? [] : [source.experiment];
    }),
  );
}

function problemsOf(opened: OpenedPlan, selection: Selection): Problem[] {
  const problems: Problem[] = [];
  const names = opened.experiments.map((experiment) => experiment.planned.name);
  for (const name of selection.experiments)
    if (!names.includes(name)) problems.push({ kind: "experiment", name, known: names });
  if (problems.length > 0) return problems;
  const asked = chosen(opened, selection.experiments);
  for (const [key, levels] of Object.entries(selection.filter)) {
    if (key === "replicate") {
      const count = Math.max(...asked.map((experiment) => trialOf(experiment).job.replicates));
      for (const level of levels)
        if (!(Number.isInteger(Number(level)) && Number(level) >= 0 && Number(level) < count))
          problems.push({
            kind: "level",
            name: key,
            level,
            known: Array.from({ length: count }, (_, i) => i),
          });
      continue;
    }
    const owners = asked.filter((experiment) => experiment.space.parameters.includes(key));
    if (owners.length === 0) {
      problems.push({
        kind: "parameter",
        name: key,
        known: [...new Set(asked.flatMap((experiment) => experiment.space.parameters)), "replicate"],
      });
      continue;
    }
    for (const level of levels) {
      const known = owners.flatMap((experiment) => levelsOf(experiment, key));
      if (known.length > 0 && !known.some((other) => sameLevel(other, level)))
        problems.push({ kind: "level", name: key, level, known });
    }
  }
  return problems;
}

/** Known levels of a parameter; empty where they are sampled or derived and so not listed. */
function levelsOf(experiment: OpenedExperiment, name: string): readonly unknown[] {
  const factor = experiment.space.factors.find((each) => each.name === name);
  if (factor !== undefined) return factor.levels ?? [];
  return name in experiment.space.constants ? [experiment.space.constants[name]] : [];
}

/** The named experiments with all that they need, in the plan's order. */
function chosen(opened: OpenedPlan, names: readonly string[]): readonly OpenedExperiment[] {
  if (names.length === 0) return opened.experiments;
  const ids = new Set<string>();
  const visit = (name: string): void => {
    if (ids.has(name)) return;
    ids.add(name);
    const experiment = opened.experiments.find((each) => each.planned.name === name);
    for (const { job } of experiment?.jobs ?? []) {
      for (const need of job.needs) {
        const needed = opened.plan.jobs.find((each) => each.id === need.job);
        if (needed !== undefined) visit(needed.experiment);
      }
    }
  };
  for (const name of names) visit(name);
  return opened.experiments.filter((experiment) => ids.has(experiment.planned.name));
}

function wantedTrials(experiment: OpenedExperiment, { filter, limit, shard }: Selection): Uint8Array {
  const { job } = trialOf(experiment);
  const count = unitCountOf(job);
  const wanted = bitmapOf(count);
  const conditionFilter = Object.entries(filter).filter(([key]) => experiment.space.parameters.includes(key));
  const replicates = filter.replicate;
  if (
    conditionFilter.length === 0 &&
    !experiment.space.filtered &&
    replicates === undefined &&
    limit === null &&
    shard === undefined
  ) {
    fillBits(wanted, count);
    return wanted;
  }
  const admits = admittedConditions(experiment, conditionFilter);
  let left = limit ?? Number.POSITIVE_INFINITY;
  for (let replicate = 0; replicate < job.replicates && left > 0; replicate += 1) {
    if (replicates !== undefined && !replicates.some((level) => Number(level) === replicate)) continue;
    let place = replicate;
    for (let condition = 0; condition < job.conditions && left > 0; condition += 1) {
      if (admits[condition] === 0) continue;
      // Each replicate begins with another part, so that every part gets its share of every condition.
      if (shard === undefined || place % shard.of === shard.index - 1)
        setBit(wanted, replicate * job.conditions + condition);
      place += 1;
      left -= 1;
    }
  }
  return wanted;
}

function admittedConditions(
  experiment: OpenedExperiment,
  filter: readonly (readonly [string, readonly unknown[]])[],
): Uint8Array {
  const { space } = experiment;
  const admitted = new Uint8Array(space.size);
  for (let index = 0; index < space.size; index += 1) {
    if (space.filtered && !space.admits(index)) continue;
    if (filter.length > 0) {
      const condition = space.at(index);
      if (!filter.every(([key, levels]) => levels.some((level) => sameLevel(condition[key], level))))
        continue;
    }
    admitted[index] = 1;
  }
  return admitted;
}

/** Whether a level asked for is this value: equal data, whatever the order of an object's keys. */
function sameLevel(value: unknown, level: unknown): boolean {
  return value === level || levelKeyOf(value) === levelKeyOf(level);
}

/** Units of the earlier stages, by index of the job, that these trials draw on. */
export function stageUnitsServing(
  experiment: OpenedExperiment,
  trials: Uint8Array,
): (readonly [number, Uint8Array])[] {
  const { job: trial } = trialOf(experiment);
  return experiment.jobs.slice(0, -1).map(({ index, job }) => {
    const serving = unitServing(job, experiment.space);
    const units = bitmapOf(unitCountOf(job));
    for (const unit of bitsOf(trials)) {
      const { condition, replicate } = coordinatesOf(trial, unit);
      setBit(units, serving(condition, replicate));
    }
    return [index, units] as const;
  });
}
