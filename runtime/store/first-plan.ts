// The plan under which the first trial that counts was recorded, and how the analyses of a run depart from it. See record/first-plan.ts.
import type { OpenedExperiment } from "../plan/opened-plan.ts";
import type { Plan } from "../plan/plan.ts";
import { analysisDepartureOf } from "../plan/registration.ts";
import type { FirstPlan } from "../record/first-plan.ts";
import { runLayoutOf, type StoreLayout } from "./files/layout.ts";
import { parseStored } from "./files/stored-file.ts";
import type { Segment } from "./ledger/segment.ts";
import { planHashOf } from "./plan-hash.ts";

/** Null where there are no records, and where that plan is gone or was changed: then nothing is proven. */
export function firstPlanOf(of: {
  readonly layout: StoreLayout;
  readonly planHash: string;
  readonly experiment: OpenedExperiment;
  /** Those whose records count. */
  readonly segments: readonly Segment[];
}): FirstPlan | null {
  const { layout, planHash, experiment, segments } = of;
  const [first] = segments.map(({ head }) => head).toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  if (first === undefined) return null;
  const { planned } = experiment;
  const shared = { hash: first.planHash, at: first.createdAt };
  if (first.planHash === planHash)
    return { ...shared, analyses: analysisDepartureOf(planned.analyses, planned.analyses) };
  const declared = planAt(runLayoutOf(layout, first.run).plan, first.planHash)?.experiments.find(
    ({ name }) => name === planned.name,
  );
  return declared === undefined
    ? null
    : { ...shared, analyses: analysisDepartureOf(declared.analyses, planned.analyses) };
}

function planAt(path: string, hash: string): Plan | null {
  const read = parseStored(path);
  if ("fault" in read) return null;
  try {
    // Written by startRun, if its hash says so.
    const plan = read.value as Plan;
    return planHashOf(plan) === hash ? plan : null;
  } catch {
    // What a changed byte made of a number can have no canonical form.
    return null;
  }
}
