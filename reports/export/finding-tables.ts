// Tables of the findings that are no comparison: impulse responses, aggregates over tasks, and what an author's own function gave.
import type { CurveFinding, CustomFinding, Finding, ProfileFinding } from "../analysis/finding.ts";
import type { Interval } from "../analysis/interval.ts";
import { decimalsFor, numberText, signedText } from "../analysis/words/number-text.ts";
import { number, type PlainTable, text } from "./plain-table.ts";

/** The finding's table, or none where its sentences say all. */
export function findingTable(finding: Finding): readonly PlainTable[] {
  switch (finding.kind) {
    case "curve":
      return finding.impulseAt === null ? [] : [impulseTable(finding)];
    case "profile":
      return finding.groups.length === 0 ? [] : [profileTable(finding)];
    case "custom":
      return finding.rows.length === 0 ? [] : [customTable(finding)];
    default:
      return [];
  }
}

function impulseTable(finding: CurveFinding): PlainTable {
  return {
    id: finding.id,
    caption: `Change of ${finding.y} in each run from its own mean before ${finding.x} ${numberText(finding.impulseAt)}; 95% t intervals.`,
    columns: [
      ...(finding.factor === null ? [] : [text(finding.factor)]),
      ...[finding.x, "n", "mean change", "low", "high"].map(number),
    ],
    rows: finding.lines.flatMap(({ label, impulse }) =>
      (impulse?.changes ?? []).map(({ x, n, change, interval }) => {
        const decimals = decimalsOf(interval);
        return [
          ...(finding.factor === null ? [] : [label]),
          numberText(x),
          String(n),
          signedText(change, decimals),
          ...ends(interval),
        ];
      }),
    ),
  };
}

function profileTable(finding: ProfileFinding): PlainTable {
  const gap = finding.target === null ? [] : ["optimality gap", "gap low", "gap high"];
  return {
    id: finding.id,
    caption: `${finding.title}: aggregates over tasks; 95% stratified bootstrap intervals.`,
    columns: [
      text(finding.factor),
      ...["tasks", "runs", "interquartile mean", "low", "high", ...gap].map(number),
    ],
    rows: finding.groups.map((group) => [
      group.level,
      String(group.tasks),
      String(group.runs),
      numberText(group.iqm, decimalsOf(group.iqmInterval)),
      ...ends(group.iqmInterval),
      ...(finding.target === null
        ? []
        : [
            numberText(group.optimalityGap, decimalsOf(group.optimalityGapInterval)),
            ...ends(group.optimalityGapInterval),
          ]),
    ]),
  };
}

function customTable(finding: CustomFinding): PlainTable {
  return {
    id: finding.id,
    caption: `${finding.title}.`,
    columns: finding.columns.map((head, i) => ({
      head,
      isNumber: finding.rows.every((row) => typeof row[i] !== "string"),
    })),
    rows: finding.rows.map((row) =>
      row.map((value) => (typeof value === "string" ? value : numberText(value))),
    ),
  };
}

function decimalsOf(interval: Interval | null): number | null {
  return interval === null ? null : decimalsFor((interval.high - interval.low) / 2);
}

function ends(interval: Interval | null): readonly string[] {
  return [interval?.low ?? null, interval?.high ?? null].map((end) => numberText(end, decimalsOf(interval)));
}
