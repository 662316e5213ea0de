// Batches of conditions that another program hands in while a run is open. The run begins with the first, waits for more once all have ended, and
// ends when it is closed; what was proposed before, by whomever, is answered from the records.
import type { Condition } from "../../../lib/experiment/space/space.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import type { PlanRun } from "../../execute/controller/controller-options.ts";
import { trialOf } from "../../plan/opened-plan.ts";
import { stoppingRules } from "../adaptive/adaptive-run.ts";
import type { Steering, SteeringOf, SteeringOptions } from "../steering.ts";
import { ProposedTrials, type Tried } from "./proposed-trials.ts";

/** Runs that take conditions while they go on. */
export interface OpenBatch<Outcome> {
  /**
   * Has conditions of the experiment's `space.proposed` tried, each with all its replicates and whatever stands beside it; resolves once all have
   * ended, in the order given. Several batches may be under way at once. What was handed in before, in this run or in an earlier one, is not computed again.
   *
   * @throws (rejects with) UserError for a condition that does not fit the space, for want of room, and where the run ends before.
   */
  evaluate(conditions: readonly Condition[]): Promise<readonly Tried[]>;
  /** Resolves where the run was stopped from outside (`lab stop`, the page, a signal): nothing more is taken then. */
  readonly stopped: Promise<void>;
  /** Ends the run once what was handed in has ended. Resolves with how it ended; null where nothing had to be run. */
  close(): Promise<Outcome | null>;
}

interface Batch {
  readonly conditions: readonly Condition[];
  isOffered: boolean;
  resolve(tried: readonly Tried[]): void;
  reject(error: unknown): void;
}

/** What a batch's run is begun with. */
export interface BatchSteering {
  readonly steering: SteeringOf;
  /** Hears of the run once it takes units. */
  attach(running: Pick<PlanRun, "add" | "hold">): void;
}

export interface BatchOptions<Outcome> {
  readonly experiment: string;
  /** Written beside each proposal. */
  readonly by: string;
  /** Whether somebody has stopped the run: another that begins with the next batch would undo that. */
  isStopped(outcome: Outcome): boolean;
}

/** `begin` begins a run of the experiment. */
export function openBatchOf<Outcome>(
  of: BatchOptions<Outcome>,
  begin: (with_: BatchSteering) => Promise<Outcome>,
): OpenBatch<Outcome> {
  return new Batches(of, begin);
}

class Batches<Outcome> implements OpenBatch<Outcome>, BatchSteering {
  readonly #of: BatchOptions<Outcome>;
  readonly #begin: (with_: BatchSteering) => Promise<Outcome>;
  readonly #open = new Set<Batch>();
  #trials: ProposedTrials | null = null;
  #running: Pick<PlanRun, "add" | "hold"> | null = null;
  #release: () => void = () => undefined;
  #underWay: Promise<void> | null = null;
  #last: Outcome | null = null;
  #isClosed = false;
  #isStopped = false;
  #tellStopped: () => void = () => undefined;
  readonly stopped: Promise<void>;

  constructor(of: BatchOptions<Outcome>, begin: (with_: BatchSteering) => Promise<Outcome>) {
    this.#of = of;
    this.#begin = begin;
    this.stopped = new Promise((resolve) => {
      this.#tellStopped = resolve;
    });
  }

  evaluate(conditions: readonly Condition[]): Promise<readonly Tried[]> {
    if (!Array.isArray(conditions))
      return Promise.reject(new UserError("evaluate takes a list of conditions, such as [{ alpha: 0.1 }]"));
    if (this.#isStopped) return Promise.reject(stoppedError());
    if (this.#isClosed) return Promise.reject(new UserError("the batch is closed: nothing more is taken"));
    return new Promise((resolve, reject) => {
      this.#open.add({ conditions, isOffered: false, resolve, reject });
      if (this.#underWay === null) this.#start();
      else if (this.#running !== null) this.#offer(this.#running);
    });
  }

  async close(): Promise<Outcome | null> {
    this.#isClosed = true;
    if (this.#open.size === 0) this.#release();
    while (this.#underWay !== null) await this.#underWay;
    return this.#last;
  }

  readonly steering: SteeringOf = (options) => {
    const rules = stoppingRules(options);
    const { experiment: name } = this.#of;
    const experiment = options.opened.experiments.find(({ planned }) => planned.name === name);
    if (experiment?.space.grows !== true || !options.wanted.has(trialOf(experiment).index))
      throw new UserError(`"${name}" takes no conditions from outside`, {
        hint: "Its space needs space.proposed({ ... }, { capacity }).",
      });
    const trials = new ProposedTrials(experiment, options);
    this.#trials = trials;
    for (const batch of this.#open) this.#propose(batch, trials);
    // What was recorded under an earlier capacity is found once its conditions are in the space.
    trials.readRecorded();
    this.#settle();
    return this.#steer(rules, trials, options);
  };

  readonly attach = (running: Pick<PlanRun, "add" | "hold">): void => {
    this.#running = running;
    this.#release = running.hold();
    this.#offer(running);
    if (this.#isClosed && this.#open.size === 0) this.#release();
  };

  #steer(rules: Steering, trials: ProposedTrials, { opened }: SteeringOptions): Steering {
    const own = new Set(trials.experiment.jobs.map(({ index }) => index));
    const { index } = trialOf(trials.experiment);
    return {
      ...rules,
      proposesFor: opened.experiments.filter(({ space }) => space.grows).map(({ planned }) => planned.name),
      mostOf: (job) => (own.has(job) ? trials.mostOf(job) : rules.mostOf(job)),
      heed: (batch, run, slots) => {
        if (batch.job !== index) rules.heed(batch, run, slots);
        else {
          trials.noteBatch(batch);
          this.#settle();
        }
      },
      countedOf: (job) => (job === index ? trials.wanted : rules.countedOf(job)),
    };
  }

  #start(): void {
    this.#underWay = this.#begin(this).then(
      (outcome) => {
        this.#last = outcome;
        this.#isStopped ||= this.#of.isStopped(outcome);
        if (this.#isStopped) this.#tellStopped();
        this.#ended(null);
      },
      (error: unknown) => this.#ended(error),
    );
  }

  /** The run is over: batches that came too late for it begin another; what it was stopped in the middle of is told. */
  #ended(error: unknown): void {
    this.#underWay = null;
    this.#running = null;
    this.#trials = null;
    for (const batch of [...this.#open]) {
      if (error === null && !batch.isOffered && !this.#isStopped) continue;
      this.#open.delete(batch);
      batch.reject(error ?? stoppedError());
    }
    if (this.#open.size > 0) this.#start();
  }

  /** Batches that the run has not heard of yet. */
  #offer(running: Pick<PlanRun, "add">): void {
    const trials = this.#trials;
    if (trials === null) return;
    const before = trials.wanted;
    const late = [...this.#open].filter(({ isOffered }) => !isOffered);
    for (const batch of late) this.#propose(batch, trials);
    const more = trials.since(before);
    try {
      if (more !== null) running.add(more);
    } catch {
      // All of the run was recorded, so that it was over before it began to take units: another has these.
      for (const batch of late) batch.isOffered = false;
    }
    this.#settle();
  }

  #propose(batch: Batch, trials: ProposedTrials): void {
    try {
      trials.grow(this.#of.by, trials.unknown(batch.conditions));
      batch.isOffered = true;
    } catch (error) {
      this.#open.delete(batch);
      batch.reject(error);
    }
  }

  /** Answers batches whose conditions have all been tried. */
  #settle(): void {
    const offered = [...this.#open].filter(({ isOffered }) => isOffered);
    const trials = this.#trials;
    if (trials === null || offered.length === 0) return;
    for (const batch of offered) {
      const found = triedWhole(batch, trials);
      if (found === null) continue;
      this.#open.delete(batch);
      batch.resolve(found);
    }
    if (this.#isClosed && this.#open.size === 0) this.#release();
  }
}

function stoppedError(): UserError {
  return new UserError(
    "the run was stopped before all conditions of the batch were tried; handed in to one that is opened anew, only those are tried that have not been",
  );
}

/** What was handed in, in its order; null while any of it has not been tried whole, which is seen at the first that has not. */
function triedWhole({ conditions }: Batch, trials: ProposedTrials): readonly Tried[] | null {
  const found: Tried[] = [];
  for (const condition of conditions) {
    const tried = trials.wholeOf(condition);
    if (tried === null) return null;
    found.push(tried);
  }
  return found;
}
