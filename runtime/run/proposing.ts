// Steering by proposals: conditions of a space that grows are asked of a proposer, a round at a time. A round begins when every trial of
// the rounds before has ended, so what is proposed follows from records in index order, whatever order they came in.

import type { Condition } from "../../lib/experiment/space/space.ts";
import { recordedOf } from "../execute/controller/recorded-units.ts";
import { bitmapOf, bitsOf, countBits, hasBit, setBit } from "../plan/bitmap.ts";
import { type OpenedExperiment, trialOf } from "../plan/opened-plan.ts";
import { select, stageUnitsServing } from "../plan/selection.ts";
import { coordinatesOf, unitCountOf } from "../plan/units.ts";
import { isUnfinished, type OutcomeKind, outcomeKindOf } from "../record/outcome.ts";
import type { RecordBatch } from "../record/record-batch.ts";
import { stoppingRules } from "./adaptive-run.ts";
import type { Steering, SteeringOf, SteeringOptions } from "./steering.ts";

/** A trial of a proposed condition, as it ended. */
export interface TriedTrial {
  /** All parameters of the trial: the proposed ones and those beside them. */
  readonly parameters: Condition;
  readonly replicate: number;
  /** "measured", or how it ended without a measurement: "failed", "refused" or "censored". */
  readonly outcome: OutcomeKind;
  /** By name, booleans as 0 and 1; NaN for what it did not measure. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** A condition that was proposed, with all its trials in the order of their units: by replicate, then by the parameters beside it. */
export interface Tried {
  readonly slot: number;
  readonly round: number;
  /** The proposed parameters alone. */
  readonly condition: Condition;
  readonly trials: readonly TriedTrial[];
}

/** Proposes conditions. Must be a function of what it is told: a run that is resumed asks again from what its journal and records say. */
export interface Proposer {
  /** Written beside each proposal. */
  readonly name: string;
  /**
   * The conditions of the next round, each with a value for every proposed parameter, distinct from all before; none to end.
   * `tried` holds every proposal so far, by slot; `room` is how many more the space takes (never asked when there is none).
   */
  propose(tried: readonly Tried[], room: number): readonly Condition[];
}

/**
 * The steering in which proposers decide, by name of the experiment; stopping rules hold for the others.
 *
 * @example
 * await run({ experiments: ["tune"], steering: proposing({ tune: goldenSection }) });
 */
export function proposing(proposers: Readonly<Record<string, Proposer>>): SteeringOf {
  return (options) => {
    const rules = stoppingRules(options);
    const parts = new Map<number, Part>();
    for (const experiment of options.opened.experiments) {
      const proposer = Object.hasOwn(proposers, experiment.planned.name)
        ? proposers[experiment.planned.name]
        : undefined;
      const { index } = trialOf(experiment);
      if (proposer === undefined || !experiment.space.grows || !options.wanted.has(index)) continue;
      const part = new Part(experiment, proposer, options);
      // What is proposed may be recorded already, by another run.
      do part.readRecorded();
      while (part.proposeOnce());
      parts.set(index, part);
    }
    return steeringOf(rules, parts);
  };
}

function steeringOf(rules: Steering, parts: ReadonlyMap<number, Part>): Steering {
  const owner = (job: number): Part | undefined =>
    [...parts.values()].find(({ experiment }) => experiment.jobs.some(({ index }) => index === job));
  return {
    ...rules,
    proposesFor: [...parts.values()].map(({ experiment }) => experiment.planned.name),
    mostOf: (job) => owner(job)?.mostOf(job) ?? rules.mostOf(job),
    heed(batch, run, slots) {
      const part = parts.get(batch.job);
      if (part === undefined) {
        rules.heed(batch, run, slots);
        return;
      }
      part.note(batch, { count: batch.rows, unit: (row) => batch.unit[row]!, row: (row) => row });
      const before = part.wanted;
      while (part.proposeOnce());
      const trials = bitmapOf(unitCountOf(part.job));
      for (const unit of bitsOf(part.wanted)) if (!hasBit(before, unit)) setBit(trials, unit);
      if (countBits(trials) > 0)
        run.add(new Map([...stageUnitsServing(part.experiment, trials), [batch.job, trials]]));
    },
    countedOf: (job) => parts.get(job)?.wanted ?? rules.countedOf(job),
  };
}

/** One experiment whose space grows, and what is known of its trials. */
class Part {
  readonly job;
  readonly #index: number;
  /** The trials that are wanted of the conditions so far. */
  wanted: Uint8Array;
  readonly #trials = new Map<number, TriedTrial>();
  #isOver = false;

  constructor(
    readonly experiment: OpenedExperiment,
    private readonly proposer: Proposer,
    private readonly options: SteeringOptions,
  ) {
    const { index, job } = trialOf(experiment);
    this.#index = index;
    this.job = job;
    this.wanted = this.#wantedNow();
  }

  /** Every unit that a job of the experiment may come to have. */
  mostOf(index: number): Uint8Array | null {
    const job = this.experiment.jobs.find((each) => each.index === index)?.job;
    if (job === undefined) return null;
    const most = bitmapOf(unitCountOf(job));
    for (let unit = 0; unit < unitCountOf(job); unit += 1) setBit(most, unit);
    return most;
  }

  readRecorded(): void {
    const { opened, store, again, resumed } = this.options;
    // A forced run counts what it has recorded itself.
    if (again.force && resumed === null) return;
    const run = again.force && resumed !== null ? { run: { ...resumed, sources: null } } : {};
    const ledger = store.ledgerOf(opened.plan, this.job, run);
    const recorded = recordedOf(ledger, { ...again, force: false }, this.experiment.planned);
    ledger.visit(({ batch, count, rows, units }) => {
      const counted = Array.from({ length: count }, (_, index) => index).filter((index) =>
        hasBit(recorded, units[index]!),
      );
      this.note(batch, {
        count: counted.length,
        unit: (index) => units[counted[index]!]!,
        row: (index) => rows[counted[index]!]!,
      });
    });
  }

  note(
    batch: RecordBatch,
    of: {
      readonly count: number;
      readonly unit: (index: number) => number;
      readonly row: (index: number) => number;
    },
  ): void {
    const { metrics: names } = batch.json();
    for (let index = 0; index < of.count; index += 1) {
      const unit = of.unit(index);
      const row = of.row(index);
      const outcome = outcomeKindOf(batch.outcome[row]!);
      if (outcome === null || isUnfinished(outcome)) continue;
      const { condition, replicate } = coordinatesOf(this.job, unit);
      const metrics = names.map(
        (name, column) => [name, batch.metrics[column]?.[row] ?? Number.NaN] as const,
      );
      this.#trials.set(unit, {
        parameters: this.experiment.space.at(condition),
        replicate,
        outcome,
        metrics: Object.fromEntries(metrics),
      });
    }
  }

  /** Asks for one more round if the last has ended; false when nothing was added. */
  proposeOnce(): boolean {
    const { proposals } = this.options;
    const { name } = this.experiment.planned;
    const room = proposals.roomOf(name);
    if (this.#isOver || room === 0) return false;
    const tried = this.#tried();
    if (tried === null) return false;
    const conditions = this.proposer.propose(tried, room);
    const before = countBits(this.wanted);
    if (conditions.length > 0) proposals.add(name, { by: this.proposer.name, conditions });
    this.wanted = this.#wantedNow();
    // Where nobody wants the trials of what is proposed (`limit`), proposing more would never end.
    this.#isOver = countBits(this.wanted) === before;
    return !this.#isOver;
  }

  /** Null while a wanted trial of a proposed condition has not ended. */
  #tried(): readonly Tried[] | null {
    const { proposals } = this.options;
    const { name } = this.experiment.planned;
    const parameters = proposals.parametersOf(name);
    const slots = proposals.of(name).map(({ slot, round, condition }) => {
      const trials: TriedTrial[] = [];
      return { slot, round, condition, trials };
    });
    const slotOf = new Map(slots.map((each) => [keyOf(each.condition, parameters), each]));
    for (const unit of bitsOf(this.wanted)) {
      const { condition } = coordinatesOf(this.job, unit);
      const trial = this.#trials.get(unit);
      // Conditions beside the proposed ones, such as a baseline, are not waited for.
      const slot = slotOf.get(keyOf(trial?.parameters ?? this.experiment.space.at(condition), parameters));
      if (slot === undefined) continue;
      if (trial === undefined) return null;
      slot.trials.push(trial);
    }
    return slots;
  }

  #wantedNow(): Uint8Array {
    const { opened, selection } = this.options;
    const selected = select(opened, selection);
    const none = bitmapOf(unitCountOf(this.job));
    return "problems" in selected ? none : (selected.wanted.get(this.#index) ?? none);
  }
}

function keyOf(condition: Condition, parameters: readonly string[]): string {
  return JSON.stringify(parameters.map((name) => condition[name] ?? null));
}
