// Conditions that were proposed while a run went on, and the plan with its spaces as far as they have grown.
import { proposedPartsOf, withProposedRows } from "../../lib/experiment/space/proposed-node.ts";
import type { Condition, SpaceDescriptor } from "../../lib/experiment/space/space.ts";
import type { Plan } from "./plan.ts";

/** One line of a run's `proposals.jsonl`. */
export interface Proposal {
  /** Name of the experiment. */
  readonly experiment: string;
  /** Which call of the proposer it comes from, from 0. */
  readonly round: number;
  /** Its place among the experiment's proposals, from 0. */
  readonly slot: number;
  /** Values of the proposed parameters alone. */
  readonly condition: Condition;
  /** Name of who proposed it. */
  readonly by: string;
}

/** Whether conditions of the space are proposed while it runs. */
export function isGrowing({ space }: { readonly space: SpaceDescriptor }): boolean {
  return proposedPartsOf(space).length > 0;
}

/** Proposed conditions of an experiment, by slot. */
export type ProposedRows = (experiment: string) => readonly Condition[];

/** Reads rows off proposals, which are in the order in which they were made. */
export function proposedRowsOf(proposals: readonly Proposal[]): ProposedRows {
  const rows = new Map<string, Condition[]>();
  for (const { experiment, condition } of proposals) {
    const known = rows.get(experiment);
    if (known === undefined) rows.set(experiment, [condition]);
    else known.push(condition);
  }
  return (experiment) => rows.get(experiment) ?? [];
}

/** Experiments with these rows in their spaces; the same objects where nothing grows. */
export function grownExperiments<T extends { readonly name: string; readonly space: SpaceDescriptor }>(
  experiments: readonly T[],
  rowsOf: ProposedRows,
): readonly T[] {
  if (!experiments.some(isGrowing)) return experiments;
  return experiments.map((each) =>
    isGrowing(each) ? { ...each, space: withProposedRows(each.space, rowsOf(each.name)) } : each,
  );
}

/** The plan with these rows in its spaces; the plan itself where nothing grows. */
export function grownPlan(plan: Plan, rowsOf: ProposedRows): Plan {
  const experiments = grownExperiments(plan.experiments, rowsOf);
  return experiments === plan.experiments ? plan : { ...plan, experiments };
}
