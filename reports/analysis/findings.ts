// The findings of an experiment: each declared analysis handed to the module that answers its kind, in declared order.
import type { CustomResult } from "../../lib/experiment/custom-analysis.ts";
import type { RunResults, TrialTable } from "../../runtime/record/trial-table.ts";
import type { MetricSummary } from "./analysis.ts";
import type { Finding } from "./finding.ts";

export interface FindingsInput {
  readonly table: TrialTable;
  readonly results: RunResults;
  readonly metrics: readonly MetricSummary[];
  readonly customs: Readonly<Record<string, CustomResult>>;
}

export async function findingsOf(_: FindingsInput): Promise<readonly Finding[]> {
  return [];
}
