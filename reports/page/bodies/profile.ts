// Under a profile: the aggregates of each level over tasks.
import type { ProfileFinding } from "../../analysis/finding.ts";
import { intervalText, numberText } from "../../analysis/words/number-text.ts";
import { type Column, dataTable } from "../data-table.ts";
import type { Html } from "../html.ts";

type Group = ProfileFinding["groups"][number];

export function profileBody(finding: ProfileFinding): Html {
  return dataTable<Group>({
    caption:
      "Aggregates over tasks; the intervals are stratified bootstrap intervals over runs (Agarwal et al. 2021).",
    name: "Aggregates over tasks",
    rows: finding.groups,
    columns: [
      { head: finding.factor, show: (group) => group.level },
      { head: "tasks", isNumber: true, show: (group) => group.tasks },
      { head: "runs", isNumber: true, show: (group) => group.runs },
      {
        head: "interquartile mean",
        isNumber: true,
        show: (group) => numberText(group.iqm),
        key: (group) => group.iqm,
      },
      {
        head: "95% interval",
        isNumber: true,
        show: (group) => (group.iqmInterval === null ? "–" : intervalText(group.iqmInterval)),
      },
      ...(finding.target === null ? [] : gapColumns),
      {
        head: "mean of tasks",
        isNumber: true,
        show: (group) => numberText(group.mean),
        key: (group) => group.mean,
      },
      {
        head: "median of tasks",
        isNumber: true,
        show: (group) => numberText(group.median),
        key: (group) => group.median,
      },
    ],
  });
}

const gapColumns: readonly Column<Group>[] = [
  {
    head: "optimality gap",
    isNumber: true,
    show: (group) => numberText(group.optimalityGap),
    key: (group) => group.optimalityGap,
  },
  {
    head: "95% interval of the gap",
    isNumber: true,
    show: (group) => (group.optimalityGapInterval === null ? "–" : intervalText(group.optimalityGapInterval)),
  },
];
