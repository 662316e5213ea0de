// The calls of a run's trials for a person: a line an experiment. Tables are read only where an experiment declares ports, since a run of a
// million trials without one need not wait for that.
import { type CallsSummary, callsSummaryOf } from "../../../reports/analysis/calls.ts";
import { callSentences, unaccountedWords } from "../../../reports/analysis/words/call-words.ts";
import type { OpenedPlan } from "../../plan/opened-plan.ts";
import type { ProjectStore } from "../../store/project-store.ts";
import { runResultsOf } from "../../store/runs/run-results.ts";
import type { RunManifest } from "../../store/store.ts";

export interface ExperimentCalls extends CallsSummary {
  readonly experiment: string;
}

/** One an experiment whose trials made calls so far. */
export async function callsOfRun(
  store: ProjectStore,
  run: RunManifest,
  { experiments }: OpenedPlan,
): Promise<readonly ExperimentCalls[]> {
  if (experiments.every(({ planned }) => Object.keys(planned.effects ?? {}).length === 0)) return [];
  const { tables } = await runResultsOf(store, run);
  return tables.flatMap(({ experiment: { name }, calls = [] }) => {
    const summary = callsSummaryOf(calls);
    return summary === null ? [] : [{ experiment: name, ...summary }];
  });
}

export function callLine(calls: ExperimentCalls): string {
  const old = unaccountedWords(calls);
  const words = [
    ...(calls.arms.length > 0 ? callSentences(calls.total) : []),
    ...(old === null ? [] : [old]),
  ];
  return `calls of ${calls.experiment}: ${words.join(" ")}`;
}
