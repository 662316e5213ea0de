// Tables of the findings, by their kind: every comparison, impulse responses, aggregates over tasks, what an author's own function
// gave. A kind that is missing here does not compile.
import type {
  ComparisonFinding,
  CurveFinding,
  CustomFinding,
  Finding,
  FindingOf,
  InteractionFinding,
  ProfileFinding,
} from "../analysis/finding.ts";
import type { Interval } from "../analysis/interval.ts";
import type { RegressionFinding } from "../analysis/regression-finding.ts";
import { decimalsFor, numberText, pText, signedText } from "../analysis/words/number-text.ts";
import { number, type PlainTable, text } from "./plain-table.ts";

type Tables<F extends Finding> = (finding: F) => readonly PlainTable[];

const none = () => [];

const tables: { readonly [K in Finding["kind"]]: Tables<FindingOf<K>> } = {
  compare: comparisonTables,
  equivalent: comparisonTables,
  effect: comparisonTables,
  interaction: (finding) => (finding.contrasts.length === 0 ? [] : [contrastTable(finding)]),
  curve: (finding) => (finding.impulseAt === null ? [] : [impulseTable(finding)]),
  relation: none,
  regression: (finding) => (finding.terms.length === 0 ? [] : [slopeTable(finding)]),
  profile: (finding) => (finding.groups.length === 0 ? [] : [profileTable(finding)]),
  gate: none,
  custom: customTables,
  chart: none,
  unanswered: none,
};

/** The finding's tables, none where its sentences say all. */
export function findingTables(finding: Finding): readonly PlainTable[] {
  // The table above pairs each kind with tables for findings of that kind.
  return (tables[finding.kind] as Tables<Finding>)(finding);
}

function comparisonTables(finding: ComparisonFinding): readonly PlainTable[] {
  return finding.comparisons.length === 0 ? [] : [comparisonTable(finding)];
}

function comparisonTable(finding: ComparisonFinding): PlainTable {
  return {
    id: finding.id,
    caption: `${finding.title}: every comparison made${finding.family === null ? "" : `; adjusted p: ${finding.family}`}.`,
    columns: [
      text("comparison"),
      number("n"),
      number("difference"),
      number("low"),
      number("high"),
      number("p"),
      number("adjusted p"),
      number("effect size"),
    ],
    rows: finding.comparisons.map((row) => {
      const decimals = row.interval === null ? null : decimalsFor((row.interval.high - row.interval.low) / 2);
      return [
        row.label,
        row.isPaired ? String(row.nLevel) : `${row.nLevel} + ${row.nBaseline}`,
        row.difference === null ? "–" : signedText(row.difference, decimals),
        numberText(row.interval?.low ?? null, decimals),
        numberText(row.interval?.high ?? null, decimals),
        bareP(row.test?.p ?? null),
        bareP(row.pAdjusted),
        row.effect === null ? "–" : `${row.effect.name} ${numberText(row.effect.value, 2)}`,
      ];
    }),
  };
}

function contrastTable(finding: InteractionFinding): PlainTable {
  return {
    id: finding.id,
    caption: `${finding.title}: differences of effects from those at the first levels; simultaneous intervals and adjusted p by Bonferroni behind the joint test.`,
    columns: [text("effect"), ...["difference", "low", "high", "p", "adjusted p"].map(number)],
    rows: finding.contrasts.map(({ label, difference, interval, adjustedInterval, p, pAdjusted }) => [
      label,
      signedText(difference, decimalsOf(interval)),
      ...ends(adjustedInterval),
      bareP(p),
      bareP(pAdjusted),
    ]),
  };
}

function slopeTable({ id, title, terms, family }: RegressionFinding): PlainTable {
  return {
    id,
    caption: `${title}: slopes on all factors at once, HC3 errors${family === null ? "" : `; adjusted p: ${family}`}.`,
    columns: [
      text("per unit of"),
      ...["slope", "low", "high", "standardised", "p", "adjusted p", "variance inflation"].map(number),
    ],
    rows: terms.map(({ label, estimate, interval, standardised, test, pAdjusted, inflation }) => [
      label,
      signedText(estimate, decimalsOf(interval)),
      ...ends(interval),
      signedText(standardised, 2),
      bareP(test.p),
      bareP(pAdjusted),
      numberText(inflation, 1),
    ]),
  };
}

function impulseTable(finding: CurveFinding): PlainTable {
  return {
    id: finding.id,
    caption: `Change of ${finding.y} in each run from its own mean before ${finding.x} ${numberText(finding.impulseAt)}; intervals hold at all points at once.`,
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

function customTables({ id, tables: found }: CustomFinding): readonly PlainTable[] {
  return found
    .filter(({ rows }) => rows.length > 0)
    .map(({ title, columns, rows }, i) => ({
      id: i === 0 ? id : `${id}-${i + 1}`,
      caption: `${title}.`,
      columns: columns.map(({ head, isNumber }) => ({ head, isNumber })),
      rows: rows.map((row) =>
        row.map((value, column) =>
          typeof value === "string" ? value : numberText(value, columns[column]!.decimals),
        ),
      ),
    }));
}

function decimalsOf(interval: Interval | null): number | null {
  return interval === null ? null : decimalsFor((interval.high - interval.low) / 2);
}

function ends(interval: Interval | null): readonly string[] {
  return [interval?.low ?? null, interval?.high ?? null].map((end) => numberText(end, decimalsOf(interval)));
}

function bareP(p: number | null): string {
  return p === null ? "–" : pText(p).replace(/^p (= )?/, "");
}
