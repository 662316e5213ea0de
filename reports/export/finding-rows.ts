// The findings as rows of one file for machines, at full precision: one row a comparison, line, group or claim. Each kind says what its
// rows are; a kind that is missing here does not compile.
import type { TestResult } from "../../lib/stats/estimate.ts";
import type { Analysis } from "../analysis/analysis.ts";
import type { ComparisonFinding, EffectSize, Finding, FindingOf } from "../analysis/finding.ts";
import type { Interval } from "../analysis/interval.ts";
import { fieldOf } from "./csv.ts";

/** One statement of a finding; what it does not have is absent. */
interface FindingRow {
  /** "0.95 rather than 0", "discount = 0.5", "all levels". */
  readonly about: string;
  readonly n?: number;
  readonly estimate?: number | null;
  readonly interval?: Interval | null;
  readonly test?: TestResult | null;
  readonly p?: number | null;
  readonly pAdjusted?: number | null;
  readonly effect?: EffectSize | null;
  readonly verdict?: string | null;
  readonly note?: string | null;
}

type Rows<F extends Finding> = (finding: F) => readonly FindingRow[];

const rowsByKind: { readonly [K in Finding["kind"]]: Rows<FindingOf<K>> } = {
  compare: comparisonRows,
  equivalent: comparisonRows,
  effect: (finding) => [
    overallRow(finding),
    ...finding.levels.map(({ level, n, mean, interval }) => ({
      about: `${finding.factor} = ${level}`,
      n,
      estimate: mean,
      interval,
    })),
  ],
  interaction: ({ factors, test, pAdjusted, effect, contrasts }) => [
    { about: factors.join(" with "), test, pAdjusted, effect },
    ...contrasts.map(({ label, difference, interval, p, pAdjusted: adjusted, verdict }) => ({
      about: label,
      estimate: difference,
      interval,
      p,
      pAdjusted: adjusted,
      verdict,
    })),
  ],
  curve: ({ factor, x, lines }) =>
    lines.flatMap(({ label, points }) => {
      const last = points.findLast(({ mean }) => mean !== null);
      if (last === undefined) return [];
      const line = factor === null ? "" : `${factor} = ${label}, `;
      return [{ about: `${line}${x} = ${last.x}`, n: last.n, estimate: last.mean, interval: last.interval }];
    }),
  relation: ({ factor, n, slope, slopeInterval, test, pAdjusted, lackOfFit }) => [
    { about: `slope on ${factor}`, n, estimate: slope, interval: slopeInterval, test, pAdjusted },
    ...misfitRows(lackOfFit),
  ],
  regression: ({ n, terms, lackOfFit }) => [
    ...terms.map(({ label, isNumeric, estimate, interval, test, pAdjusted, verdict, standardised }) => ({
      about: isNumeric ? `slope on ${label}` : label,
      n,
      estimate,
      interval,
      test,
      pAdjusted,
      effect: { name: "standardised coefficient", value: standardised, interval: null, label: null },
      verdict,
    })),
    ...misfitRows(lackOfFit),
  ],
  profile: ({ factor, groups, improvement, better }) => [
    ...groups.map(({ level, runs, iqm, iqmInterval }) => ({
      about: `interquartile mean, ${factor} = ${level}`,
      n: runs,
      estimate: iqm,
      interval: iqmInterval,
    })),
    ...improvement.map(({ level, baseline, probability, interval }) => ({
      about: `P(${level} ${better === "higher" ? "above" : "below"} ${baseline})`,
      estimate: probability,
      interval,
    })),
  ],
  gate: ({ expectation, verdict, estimate, interval, fault }) => [
    { about: expectation, estimate, interval, verdict, note: fault },
  ],
  custom: ({ estimate, interval, p }) => [
    { about: "what the author's function gave", estimate, interval, p },
  ],
  chart: ({ caption }) => [{ about: "a chart of the author's own", note: caption === "" ? null : caption }],
  unanswered: ({ sentences }) => [{ about: "not answered", note: sentences.join(" ") }],
};

function misfitRows(lackOfFit: TestResult | null): readonly FindingRow[] {
  return lackOfFit === null ? [] : [{ about: "lack of fit", test: lackOfFit }];
}

function comparisonRows(finding: ComparisonFinding): readonly FindingRow[] {
  return [
    ...finding.comparisons.map((one) => ({
      about: one.label,
      n: one.isPaired ? one.nLevel : one.nLevel + one.nBaseline,
      estimate: one.difference,
      interval: one.interval,
      test: one.test,
      pAdjusted: one.pAdjusted,
      effect: one.effect,
      verdict: one.verdict,
      note: one.note,
    })),
    ...(finding.overall === null ? [] : [overallRow(finding)]),
  ];
}

function overallRow({ overall, overallEffect }: ComparisonFinding): FindingRow {
  return { about: "all levels", test: overall, effect: overallEffect };
}

/** The rows of one finding. */
export function findingRows(finding: Finding): readonly FindingRow[] {
  // The table above pairs each kind with rows for findings of that kind.
  return (rowsByKind[finding.kind] as Rows<Finding>)(finding);
}

const head = [
  "experiment",
  "analysis",
  "kind",
  "is_confirmatory",
  "about",
  "n",
  "estimate",
  "low",
  "high",
  "level",
  "interval_method",
  "test",
  "statistic",
  "df",
  "p",
  "p_adjusted",
  "effect",
  "effect_value",
  "effect_low",
  "effect_high",
  "verdict",
  "note",
] as const;

/** Every finding of every experiment as RFC 4180 text with a header; what a row does not have is an empty field. */
export function findingsCsvOf(analysis: Analysis): string {
  const rows = analysis.experiments.flatMap(({ name, findings }) =>
    findings.flatMap((finding) =>
      findingRows(finding).map((row) =>
        [name, finding.title, finding.kind, String(finding.isConfirmatory), ...fieldsOf(row)].map(fieldOf),
      ),
    ),
  );
  return `${[head, ...rows].map((row) => row.join(",")).join("\n")}\n`;
}

function fieldsOf(row: FindingRow): readonly (string | number | null)[] {
  const { interval = null, test = null, effect = null } = row;
  return [
    row.about,
    row.n ?? null,
    row.estimate ?? null,
    interval?.low ?? null,
    interval?.high ?? null,
    interval?.level ?? null,
    interval?.method ?? null,
    test?.method ?? null,
    test?.statistic ?? null,
    test === null ? null : test.df.join(" "),
    row.p ?? test?.p ?? null,
    row.pAdjusted ?? null,
    effect?.name ?? null,
    effect?.value ?? null,
    effect?.interval?.low ?? null,
    effect?.interval?.high ?? null,
    row.verdict ?? null,
    row.note ?? null,
  ];
}
