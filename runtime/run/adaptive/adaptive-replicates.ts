// One experiment whose number of replicates is decided while it runs: which of its trials are recorded, with which value of the watched
// metric, how many replicates are complete from the first on, and how many are asked for now.
import { asymptoticStart } from "../../../lib/stats/confidence-sequence.ts";
import { bitmapOf, hasBit, setBit } from "../../plan/bitmap.ts";
import { type OpenedExperiment, trialOf } from "../../plan/opened-plan.ts";
import { hasMeasurement, isUnfinished } from "../../record/outcome.ts";
import type { StoppingOutcome } from "../../record/stopping-outcome.ts";
import { rangeOf, stoppingOutcomeOf } from "./adaptive-decision.ts";
import { type Contrast, contrastsOf } from "./adaptive-watch.ts";

/** Share of the complete replicates by which a batch lengthens the run. */
const growth = 1 / 8;

export class AdaptiveReplicates {
  readonly experiment: OpenedExperiment;
  /** Index of the trial's job. */
  readonly job: number;
  readonly #conditions: number;
  /** Raw conditions that are watched, in order. */
  readonly #watched: readonly number[];
  readonly #placeOf: Int32Array;
  readonly #contrasts: readonly Contrast[];
  readonly #done: Uint8Array;
  #values: Float64Array;
  readonly #missing: Uint32Array;
  #complete = 0;
  #lookedAt = -1;
  #target = 0;
  #outcome: StoppingOutcome | null = null;

  /** `wanted` are the trials that a run of `max` replicates would have; its first replicate says which conditions are watched. */
  constructor(experiment: OpenedExperiment, wanted: Uint8Array) {
    const { index, job } = trialOf(experiment);
    const { space } = experiment;
    this.experiment = experiment;
    this.job = index;
    this.#conditions = job.conditions;
    this.#watched = Array.from({ length: job.conditions }, (_, condition) => condition).filter((condition) =>
      hasBit(wanted, condition),
    );
    this.#placeOf = new Int32Array(job.conditions).fill(-1);
    for (const [place, condition] of this.#watched.entries()) this.#placeOf[condition] = place;
    this.#contrasts = contrastsOf(this.rule, {
      conditions: this.#watched.map((condition) => space.at(condition)),
      factors: space.factors,
    });
    this.#done = bitmapOf(job.conditions * job.replicates);
    this.#values = new Float64Array(0);
    this.#missing = new Uint32Array(job.replicates).fill(this.#watched.length);
  }

  get rule() {
    const { until } = this.experiment.planned.replicates;
    if (until === null) throw new Error(`${this.experiment.planned.name} has a fixed number of replicates`);
    return until;
  }

  /** Replicates complete from the first on. */
  get complete(): number {
    return this.#complete;
  }

  /** Replicates asked for so far. */
  get target(): number {
    return this.#target;
  }

  /** Wanted trials of the replicates asked for that are not recorded. */
  get outstanding(): number {
    let outstanding = 0;
    for (let replicate = this.#complete; replicate < this.#target; replicate += 1)
      outstanding += this.#missing[replicate] ?? 0;
    return outstanding;
  }

  /** Takes note of recorded trials; a trial that is known already, or that was stopped before its end, changes nothing. `values` are codes of the watched metric. */
  note(rows: {
    readonly count: number;
    unit(row: number): number;
    outcome(row: number): number;
    value(row: number): number;
  }): void {
    for (let row = 0; row < rows.count; row += 1) {
      const unit = rows.unit(row);
      const place = this.#placeOf[unit % this.#conditions] ?? -1;
      if (isUnfinished(rows.outcome(row))) continue;
      if (place < 0 || unit >= 8 * this.#done.length || hasBit(this.#done, unit)) continue;
      setBit(this.#done, unit);
      const replicate = Math.floor(unit / this.#conditions);
      this.#missing[replicate]! -= 1;
      this.#store(replicate, place, hasMeasurement(rows.outcome(row)) ? rows.value(row) : Number.NaN);
    }
    while (this.#complete < this.rule.max && this.#missing[this.#complete] === 0) this.#complete += 1;
  }

  /** What the complete replicates say. */
  outcome(): StoppingOutcome {
    if (this.#outcome !== null && this.#lookedAt === this.#complete) return this.#outcome;
    // Once met, more replicates change nothing: the first k that meets the goal stays the first.
    if (this.#outcome?.reason === "met") return this.#outcome;
    const { rule, experiment } = this;
    const width = this.#watched.length;
    this.#lookedAt = this.#complete;
    this.#outcome = stoppingOutcomeOf({
      rule,
      metric: experiment.planned.metrics[rule.metric]!,
      contrasts: this.#contrasts,
      complete: this.#complete,
      valueAt: (replicate, place) => this.#values[replicate * width + place]!,
    });
    return this.#outcome;
  }

  /**
   * Looks, and asks for more replicates unless the rule is met: at least an eighth more than are complete, and enough trials for
   * `slots` threads. How many are asked for decides nothing: results count replicates 1..k alone. Returns the replicates now asked for.
   */
  extend(slots: number): number {
    const { max, min } = this.rule;
    const outcome = this.outcome();
    if (outcome.reason !== "open") {
      this.#target = outcome.replicates;
      return this.#target;
    }
    const first = rangeOf(this.experiment.planned.metrics[this.rule.metric]!) === null ? asymptoticStart : 1;
    const step = Math.max(
      1,
      Math.ceil(this.#complete * growth),
      Math.ceil((2 * slots) / this.#watched.length),
    );
    const wanted = this.#complete < Math.max(min, first) ? Math.max(min, first) : this.#complete + step;
    this.#target = Math.min(max, Math.max(this.#target, wanted));
    return this.#target;
  }

  #store(replicate: number, place: number, value: number): void {
    const at = replicate * this.#watched.length + place;
    if (at >= this.#values.length) {
      const grown = new Float64Array(Math.max(1024, 2 * at + 2)).fill(Number.NaN);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[at] = value;
  }
}
