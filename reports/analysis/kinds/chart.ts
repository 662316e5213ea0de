// The kind `chart`: the specification that the author's function returned when the results were at hand, or why it returned none.
import type { ChartSpec } from "../../../lib/experiment/analysis-spec.ts";
import { chartSpecProblem } from "../../../lib/experiment/vega-lite-spec.ts";
import type { ChartFinding } from "../finding.ts";
import { type AnalysisKind, findingIdOf, plainKind, unansweredFindingOf, untested } from "./kind.ts";

export const chartKind: AnalysisKind<ChartSpec> = {
  ...plainKind,
  answer(spec, { customs }) {
    const outcome = customs[spec.name];
    const refused = (why: string) => [untested(unansweredFindingOf(spec, { why, fault: null }))];
    if (outcome === undefined)
      return refused(
        "its function was not run when this report was made, and no stored result was handed in",
      );
    if ("failure" in outcome) return refused(`its function failed: ${outcome.failure}`);
    const drawn = "spec" in outcome ? outcome.spec : null;
    // Checked again, because a stored run may come from anywhere.
    const problem = chartSpecProblem(drawn);
    if (problem !== null) return refused(`its function failed: ${problem}`);
    return [untested(chartFindingOf(spec, { ...drawn }))];
  },
};

function chartFindingOf(spec: ChartSpec, drawn: ChartFinding["spec"]): ChartFinding {
  const { title, description, ...rest } = drawn;
  const caption = typeof description === "string" ? description : "";
  return {
    kind: "chart",
    id: findingIdOf(spec.name),
    title: typeof title === "string" ? title : spec.name,
    spec: rest,
    caption,
    sentences: [caption === "" ? `${spec.name}: a chart of the author's own.` : caption],
    reason: "",
    notes: [],
    isConfirmatory: !spec.exploratory,
  };
}
