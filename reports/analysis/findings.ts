// The findings of an experiment: each declared analysis handed to its kind, in declared order; then p values are corrected over the
// declared families, and only then the sentences are written. What one analysis cannot do is a sentence in its place.
import type { AnalysisSpec } from "../../lib/experiment/analysis-spec.ts";
import { StatisticsRefusal } from "../../lib/stats/refusal.ts";
import { DesignError } from "../design/level-design.ts";
import { shortId } from "../design/short-id.ts";
import { type SpecifiedFinding, withAdjustedP } from "./families.ts";
import type { Finding } from "./finding.ts";
import type { KindInput, Obstacle } from "./kinds/kind.ts";
import { kindOf } from "./kinds/kinds.ts";

export async function findingsOf(input: KindInput): Promise<readonly Finding[]> {
  const found: SpecifiedFinding[] = [];
  for (const spec of input.table.experiment.analyses)
    for (const finding of await answersTo(spec, input)) found.push({ spec, finding });
  return withUniqueIds(withAdjustedP(found).map((finding, i) => concluded(found[i]!.spec, finding, input)));
}

async function answersTo(spec: AnalysisSpec, input: KindInput): Promise<readonly Finding[]> {
  const kind = kindOf(spec);
  try {
    return await kind.answer(spec, input);
  } catch (error) {
    return [kind.unanswered(spec, obstacleOf(error))];
  }
}

function concluded(spec: AnalysisSpec, finding: Finding, { metrics }: KindInput): Finding {
  const kind = kindOf(spec);
  try {
    return kind.concluded(finding, metrics);
  } catch (error) {
    return kind.unanswered(spec, obstacleOf(error));
  }
}

/** A refusal speaks for itself; anything else is a fault of ours, which must not cost the reader the rest of the report. */
function obstacleOf(error: unknown): Obstacle {
  if (error instanceof DesignError || error instanceof StatisticsRefusal)
    return { why: error.message, fault: null };
  const fault = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { why: `labwright failed to compute it (${fault}), which is a fault of labwright's`, fault };
}

function withUniqueIds(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.map((finding) => {
    const id = shortId(finding.id, seen);
    seen.add(id);
    return id === finding.id ? finding : { ...finding, id };
  });
}
