// What the experiments of a plan are made of: conditions, replicates, and the first levels of each factor.
import type { OpenedPlan } from "../plan/opened-plan.ts";

export interface PlanDesign {
  readonly experiment: string;
  /** Conditions that `where` admits. */
  readonly conditions: number;
  /** Of each condition; with a stopping rule the most there can be. */
  readonly replicates: number;
  readonly factors: readonly {
    readonly name: string;
    /** The first levels, in declared order; for a sampled range its two ends. */
    readonly levels: readonly unknown[];
    /** How many levels there are; null for a sampled range. */
    readonly count: number | null;
  }[];
}

const levelsShown = 12;

export function planDesigns({ experiments }: OpenedPlan, named: ReadonlySet<string>): readonly PlanDesign[] {
  return experiments
    .filter(({ planned }) => named.has(planned.name))
    .map(({ planned, space }) => ({
      experiment: planned.name,
      conditions: planned.admittedCount,
      replicates: planned.replicates.count,
      factors: space.factors.map(({ name, levels, range }) => ({
        name,
        levels: levels?.slice(0, levelsShown) ?? endsOf(range),
        count: levels?.length ?? null,
      })),
    }));
}

function endsOf(
  range: OpenedPlan["experiments"][number]["space"]["factors"][number]["range"],
): readonly unknown[] {
  return range === null || range.kind === "choice" ? [] : [range.low, range.high];
}
