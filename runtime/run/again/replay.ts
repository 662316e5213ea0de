// `lab run --replay`: every recorded trial and stage of a run once more, with the code as it is now, answered from the exchanges that the run
// kept. `lab verify` does the same with a sample, and with the code that the run was made with.
import { compile } from "../../compile/compile.ts";
import { InvalidDesign } from "../../diagnostic/invalid-design.ts";
import { isGrowing } from "../../plan/proposal.ts";
import { idOfUnit } from "../../plan/trial-id.ts";
import { isMachineCaused } from "../../record/outcome.ts";
import { runLayoutOf } from "../../store/files/layout.ts";
import type { ProjectStore } from "../../store/project-store.ts";
import { readProposals } from "../../store/runs/proposals.ts";
import type { RunManifest } from "../../store/store.ts";
import type { RunPorts } from "../ports.ts";
import { ProposalBook } from "../proposals/proposal-book.ts";
import { sameCoordinates } from "./find-trial.ts";
import { type AgainUnit, type RanAgain, runAgain } from "./run-again.ts";

export interface Replayed extends RanAgain {
  /** Whether the code is that of the run. */
  readonly isSameCode: boolean;
  /** Recorded trials that the design does not have any more. */
  readonly gone: number;
}

/** Throws InvalidDesign where the code does not build. */
export async function replay(of: {
  readonly store: ProjectStore;
  readonly run: RunManifest;
  readonly effectKinds: readonly string[];
  readonly threads: number;
  readonly timeoutMs: number | null;
  readonly ports: RunPorts;
}): Promise<Replayed> {
  const { store, run, effectKinds } = of;
  const before = store.openPlan(await store.planOf(run));
  // `-S` sets a parameter for all experiments of a run.
  const overrides = Object.fromEntries(
    before.plan.experiments.flatMap((each) => Object.entries(each.overrides)),
  );
  const names = run.experiments;
  const built = await compile({ root: store.root, names, overrides, effectKinds });
  if (!built.ok) throw new InvalidDesign(store.root, built.error);
  const { plan } = built.value;
  const proposals = plan.experiments.some(isGrowing) ? readProposals(runLayoutOf(store.layout, run.id)) : [];
  const opened = store.openPlan(new ProposalBook(plan, proposals).plan);
  const units: AgainUnit[] = [];
  let gone = 0;
  for (const experiment of before.experiments) {
    if (!names.includes(experiment.planned.name)) continue;
    const { space, planned } = experiment;
    for (const { index, job } of experiment.jobs) {
      const records = await store.recordsOf(before.plan, job, { run });
      for await (const record of records.read()) {
        if (isMachineCaused(record.result.outcome)) continue;
        const { unit } = record;
        const id = idOfUnit({ job, unit, space, replicates: planned.replicates });
        const now = sameCoordinates({ id, experiment, jobIndex: index, job, unit }, opened);
        if (now === null) gone += 1;
        else units.push({ recordedId: id, record, id: now.id, job: now.jobIndex, unit: now.unit });
      }
    }
  }
  const ran = await runAgain({ ...of, opened, units });
  return { isSameCode: plan.build === run.build, gone, ...ran };
}
