// What changed between two runs of an experiment: code symbol by symbol, parameters, and what the runs stood on.
import { designChanges } from "../plan/design-changes.ts";
import type { OpenedExperiment } from "../plan/opened-plan.ts";
import type { Provenance } from "../record/trial-table.ts";
import { changesBetween, changeWords } from "./survey.ts";

/** One sentence a change, code first; empty when nothing that decides results differs. */
export function runChanges(before: OpenedExperiment, after: OpenedExperiment): readonly string[] {
  const code = after.jobs.flatMap(({ job }) => {
    const earlier = before.jobs.find((each) => each.job.stage === job.stage)?.job;
    const of = job.stage === "trial" ? "" : ` (stage ${job.stage})`;
    return earlier === undefined
      ? [`the stage ${job.stage} was added`]
      : changesBetween(earlier, job).map((change) => `${changeWords(change)}${of}`);
  });
  const gone = before.jobs
    .filter(({ job }) => !after.jobs.some((each) => each.job.stage === job.stage))
    .map(({ job }) => `the stage ${job.stage} was removed`);
  const design = designChanges(before.space, after.space).map(({ words }) => words);
  const [from, to] = [before.planned.replicates, after.planned.replicates];
  const count = from.count === to.count ? [] : [`replicates went from ${from.count} to ${to.count}`];
  return [...new Set([...code, ...gone, ...design, ...count])];
}

/** Commit, versions and machine, where they differ. */
export function surroundingChanges(before: Provenance, after: Provenance): readonly string[] {
  const named = [
    ["commit", before.gitCommit?.slice(0, 12), after.gitCommit?.slice(0, 12)],
    ["labwright", before.labwright, after.labwright],
    ["Node", before.node, after.node],
    ["platform", before.platform, after.platform],
    ["processor", before.cpu, after.cpu],
    ...[...new Set([...Object.keys(before.packages), ...Object.keys(after.packages)])].map(
      (name) => [`package ${name}`, before.packages[name], after.packages[name]] as const,
    ),
  ] as const;
  return named
    .filter(([, from, to]) => from !== to)
    .map(([what, from, to]) => `${what}: ${from ?? "none"}, then ${to ?? "none"}`);
}
