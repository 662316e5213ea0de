// The findings of an experiment: each declared analysis handed to its kind, in declared order; then p values are corrected over the
// declared families, and only then the findings are written. What one analysis cannot do is a sentence in its place.
import type { AnalysisSpec } from "../../lib/experiment/analysis-spec.ts";
import { StatisticsRefusal } from "../../lib/stats/refusal.ts";
import { DesignError } from "../design/level-design.ts";
import { shortId } from "../design/short-id.ts";
import { type CorrectedTests, correctedTests } from "./families.ts";
import type { Finding } from "./finding.ts";
import { type Answer, type KindInput, type Obstacle, untested } from "./kinds/kind.ts";
import { kindOf } from "./kinds/kinds.ts";
import { fixedNumberNote } from "./stopping.ts";
import { multiplicitySentences } from "./words/multiplicity.ts";

interface SpecifiedAnswer {
  readonly spec: AnalysisSpec;
  readonly answer: Answer;
}

export interface Findings {
  readonly findings: readonly Finding[];
  /** How p values were corrected, and which were not: sentences. */
  readonly multiplicity: readonly string[];
}

export async function findingsOf(input: KindInput): Promise<Findings> {
  const given: SpecifiedAnswer[] = [];
  for (const spec of input.table.experiment.analyses)
    for (const answer of await answersTo(spec, input)) given.push({ spec, answer });
  const corrected = correctedTests(
    given.map(({ spec, answer }) => ({ spec, tests: answer.tests, joint: answer.joint ?? null })),
  );
  const written = given.map((one, i) => concluded(one, corrected[i]!));
  const isStopped = input.table.experiment.stopping !== undefined;
  const findings = withUniqueIds(isStopped ? written.map(saidOfStop) : written);
  const multiplicity = multiplicitySentences(
    findings.map((finding, i) => ({ ...given[i]!, finding, corrected: corrected[i]! })),
  );
  return { findings, multiplicity };
}

/** Gates heed the stop by themselves, and what an author's own function does is not known. */
function saidOfStop(finding: Finding): Finding {
  if (finding.kind === "gate" || finding.kind === "custom" || finding.kind === "unanswered") return finding;
  return { ...finding, notes: [...finding.notes, fixedNumberNote] };
}

async function answersTo(spec: AnalysisSpec, input: KindInput): Promise<readonly Answer[]> {
  const kind = kindOf(spec);
  try {
    return await kind.answer(spec, input);
  } catch (error) {
    return [untested(kind.unanswered(spec, obstacleOf(error)))];
  }
}

function concluded({ spec, answer }: SpecifiedAnswer, corrected: CorrectedTests): Finding {
  try {
    return answer.conclude(corrected);
  } catch (error) {
    return kindOf(spec).unanswered(spec, obstacleOf(error));
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
