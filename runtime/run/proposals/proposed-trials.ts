// The trials of conditions that are proposed while a run goes on: what is wanted of them, what is recorded, and which have all ended.
import type { Condition } from "../../../lib/experiment/space/space.ts";
import { recordedOf } from "../../execute/controller/jobs/recorded-units.ts";
import { bitmapOf, bitsOf, countBits, hasBit, setBit } from "../../plan/bitmap.ts";
import { type OpenedExperiment, trialOf } from "../../plan/opened-plan.ts";
import { select, stageUnitsServing, type Wanted } from "../../plan/selection.ts";
import { coordinatesOf, unitCountOf } from "../../plan/units.ts";
import { isUnfinished, type OutcomeKind, outcomeKindOf } from "../../record/outcome.ts";
import type { RecordBatch } from "../../record/record-batch.ts";
import type { SteeringOptions } from "../steering.ts";

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

interface Slot {
  readonly of: Omit<Tried, "trials">;
  readonly units: number[];
}

/** One experiment whose space grows, and what is known of its trials. */
export class ProposedTrials {
  readonly job;
  readonly #index: number;
  /** The trials that are wanted of the conditions so far. */
  wanted: Uint8Array;
  readonly #trials = new Map<number, TriedTrial>();
  /** What was proposed, by the key of its condition in the order of slots, with the units that are wanted of it. */
  readonly #slots = new Map<string, Slot>();

  constructor(
    readonly experiment: OpenedExperiment,
    private readonly options: SteeringOptions,
  ) {
    const { index, job } = trialOf(experiment);
    this.#index = index;
    this.job = job;
    this.wanted = bitmapOf(unitCountOf(job));
    this.#follow();
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

  /** Notes the rows of a batch as it was kept. */
  noteBatch(batch: RecordBatch): void {
    this.note(batch, { count: batch.rows, unit: (row) => batch.unit[row]!, row: (row) => row });
  }

  /** Conditions that no proposal has had before; each once. */
  unknown(conditions: readonly Condition[]): readonly Condition[] {
    const parameters = this.options.proposals.parametersOf(this.experiment.planned.name);
    const own = new Set<string>();
    return conditions.filter((condition) => {
      const key = keyOf(condition, parameters);
      const isNew = !this.#slots.has(key) && !own.has(key);
      own.add(key);
      return isNew;
    });
  }

  /** Lets the space grow by conditions, as ProposalBook.add does; false where nobody wants a trial of them. */
  grow(by: string, conditions: readonly Condition[]): boolean {
    const before = countBits(this.wanted);
    if (conditions.length > 0) this.options.proposals.add(this.experiment.planned.name, { by, conditions });
    this.#follow();
    return countBits(this.wanted) > before;
  }

  /** Units that are wanted and were not in `before`, with those of the stages that serve them; null for none. */
  since(before: Uint8Array): Wanted | null {
    const trials = bitmapOf(unitCountOf(this.job));
    for (const unit of bitsOf(this.wanted)) if (!hasBit(before, unit)) setBit(trials, unit);
    if (countBits(trials) === 0) return null;
    return new Map([...stageUnitsServing(this.experiment, trials), [this.#index, trials]]);
  }

  /** What was proposed, by slot, with its trials so far; `isWhole` once every one that is wanted has ended. */
  tried(): readonly { readonly tried: Tried; readonly isWhole: boolean }[] {
    return [...this.#slots.values()].map((slot) => {
      const trials = this.#endedOf(slot);
      return { tried: { ...slot.of, trials }, isWhole: trials.length === slot.units.length };
    });
  }

  /** A proposed condition that was tried whole; null for another. */
  wholeOf(condition: Condition): Tried | null {
    const { proposals } = this.options;
    const slot = this.#slots.get(keyOf(condition, proposals.parametersOf(this.experiment.planned.name)));
    if (slot === undefined || !slot.units.every((unit) => this.#trials.has(unit))) return null;
    return { ...slot.of, trials: this.#endedOf(slot) };
  }

  #endedOf({ units }: Slot): readonly TriedTrial[] {
    return units.flatMap((unit) => this.#trials.get(unit) ?? []);
  }

  /** Takes up what was proposed since, and the units that are wanted of it: each is looked at once. */
  #follow(): void {
    const { proposals } = this.options;
    const { name } = this.experiment.planned;
    const parameters = proposals.parametersOf(name);
    for (const { slot, round, condition } of proposals.of(name).slice(this.#slots.size))
      this.#slots.set(keyOf(condition, parameters), { of: { slot, round, condition }, units: [] });
    let before = this.wanted;
    this.wanted = this.#wantedNow();
    // A limit may take other units of a space that has grown.
    if (before.some((bits, index) => (bits & ~(this.wanted[index] ?? 0)) !== 0)) {
      before = bitmapOf(unitCountOf(this.job));
      for (const { units } of this.#slots.values()) units.length = 0;
    }
    for (const unit of bitsOf(this.wanted)) {
      if (hasBit(before, unit)) continue;
      const { condition } = coordinatesOf(this.job, unit);
      // Conditions beside the proposed ones, such as a baseline, are not waited for.
      this.#slots.get(keyOf(this.experiment.space.at(condition), parameters))?.units.push(unit);
    }
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
