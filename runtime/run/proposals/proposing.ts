// Steering by proposals: conditions of a space that grows are asked of a proposer, a round at a time. A round begins when every trial of
// the rounds before has ended, so what is proposed follows from records in index order, whatever order they came in.

import type { Condition } from "../../../lib/experiment/space/space.ts";
import { type OpenedExperiment, trialOf } from "../../plan/opened-plan.ts";
import { stoppingRules } from "../adaptive/adaptive-run.ts";
import type { Steering, SteeringOf, SteeringOptions } from "../steering.ts";
import { ProposedTrials, type Tried } from "./proposed-trials.ts";

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
      part.noteBatch(batch);
      const before = part.wanted;
      while (part.proposeOnce());
      const more = part.since(before);
      if (more !== null) run.add(more);
    },
    countedOf: (job) => parts.get(job)?.wanted ?? rules.countedOf(job),
  };
}

/** An experiment and who proposes for it. */
class Part extends ProposedTrials {
  #isOver = false;

  constructor(
    experiment: OpenedExperiment,
    private readonly proposer: Proposer,
    private readonly given: SteeringOptions,
  ) {
    super(experiment, given);
  }

  /** Asks for one more round if the last has ended; false when nothing was added. */
  proposeOnce(): boolean {
    const room = this.given.proposals.roomOf(this.experiment.planned.name);
    if (this.#isOver || room === 0) return false;
    const tried = this.tried();
    if (tried.some(({ isWhole }) => !isWhole)) return false;
    const conditions = this.proposer.propose(
      tried.map((each) => each.tried),
      room,
    );
    // Where nobody wants the trials of what is proposed (`limit`), proposing more would never end.
    this.#isOver = !this.grow(this.proposer.name, conditions);
    return !this.#isOver;
  }
}
