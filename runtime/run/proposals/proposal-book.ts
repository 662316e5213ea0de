// All conditions that are proposed in a run, with the spaces that grow by them. A space grows only after the journal has the proposal on
// the disk, so no lease, and no record, can speak of a condition that a resumed run would not know.
import { conditionKeyOf } from "../../../lib/experiment/space/condition-key.ts";
import {
  type ProposedTree,
  proposalFault,
  proposedPartsOf,
} from "../../../lib/experiment/space/proposed-node.ts";
import type { Condition } from "../../../lib/experiment/space/space.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import type { Plan } from "../../plan/plan.ts";
import { grownPlan, isGrowing, type Proposal } from "../../plan/proposal.ts";
import type { ProposalJournal } from "../../store/runs/proposals.ts";

interface Growth {
  readonly tree: ProposedTree;
  /** The live rows of the space. */
  readonly rows: Condition[];
  readonly keys: Set<string>;
}

export class ProposalBook {
  /** The plan, its spaces growing with the book. */
  readonly plan: Plan;
  readonly #growths: ReadonlyMap<string, Growth>;
  readonly #proposals: Proposal[] = [];
  #journal: Pick<ProposalJournal, "append"> | null = null;

  /** `earlier` is what was proposed before, in order: of the run that is gone on with, or of one that ended. */
  constructor(plan: Plan, earlier: readonly Proposal[]) {
    this.#growths = new Map(
      plan.experiments
        .filter(isGrowing)
        .map(({ name, space }) => [name, { tree: proposedPartsOf(space)[0]!, rows: [], keys: new Set() }]),
    );
    this.plan = grownPlan(plan, (experiment) => this.#growths.get(experiment)?.rows ?? []);
    for (const proposal of earlier) if (this.#growths.has(proposal.experiment)) this.#keep(proposal);
  }

  /** Proposals of an experiment, by slot. */
  of(experiment: string): readonly Proposal[] {
    return this.#proposals.filter((each) => each.experiment === experiment);
  }

  /** How many more conditions the experiment has room for. */
  roomOf(experiment: string): number {
    const growth = this.#growthOf(experiment);
    return growth.tree.capacity - growth.rows.length;
  }

  /** Names of the parameters that are proposed. */
  parametersOf(experiment: string): readonly string[] {
    return this.#growthOf(experiment).tree.ranges.map(({ name }) => name);
  }

  /**
   * Writes the conditions down, all of them, and then lets the space grow. While no run has begun they are kept for its journal.
   * Throws UserError for one that does not fit the space, is there already, or has no room.
   */
  add(experiment: string, of: { readonly by: string; readonly conditions: readonly Condition[] }): void {
    const { by, conditions } = of;
    const { tree, rows, keys } = this.#growthOf(experiment);
    const round = (this.of(experiment).at(-1)?.round ?? -1) + 1;
    const refused = (condition: unknown, why: string): UserError =>
      new UserError(`${by} proposed ${JSON.stringify(condition)} for "${experiment}": ${why}`);
    const added = conditions.map((condition, index): Proposal => {
      const fault = proposalFault(tree, condition);
      if (fault !== null) throw refused(condition, fault);
      if (rows.length + index >= tree.capacity)
        throw refused(
          condition,
          `the space has room for ${tree.capacity} conditions, ${rows.length} of them are taken, and ${conditions.length} new ones were handed in`,
        );
      const ordered = Object.fromEntries(tree.ranges.map(({ name }) => [name, condition[name]!]));
      return { experiment, round, slot: rows.length + index, condition: ordered, by };
    });
    const distinct = new Set(keys);
    for (const { condition } of added) {
      const key = conditionKeyOf(condition);
      if (distinct.has(key)) throw refused(condition, "it was proposed before");
      distinct.add(key);
    }
    this.#journal?.append(added);
    for (const proposal of added) this.#keep(proposal);
  }

  /** From now on proposals go to the journal of a run; those that it does not have yet at once. */
  open(journal: Pick<ProposalJournal, "append" | "known">): void {
    if (this.#growths.size > 0) journal.append(this.#proposals.slice(journal.known.length));
    this.#journal = journal;
  }

  #keep(proposal: Proposal): void {
    const { rows, keys } = this.#growthOf(proposal.experiment);
    rows.push(proposal.condition);
    keys.add(conditionKeyOf(proposal.condition));
    this.#proposals.push(proposal);
  }

  #growthOf(experiment: string): Growth {
    const growth = this.#growths.get(experiment);
    if (growth === undefined) throw new Error(`the space of ${experiment} does not grow`);
    return growth;
  }
}

/** A book without room, for where nothing may be proposed. */
export const fullBook: Pick<ProposalBook, "add" | "of" | "roomOf" | "parametersOf"> = {
  add: (experiment) => {
    throw new Error(`there is no room for proposals of ${experiment}`);
  },
  of: () => [],
  roomOf: () => 0,
  parametersOf: () => [],
};
