// What was asked of services: a row an arm and port with how fast answers came, how many, at what cost, and what was done where none could be
// used; then why attempts and answers failed. Nothing where no trial made a call.
import type { Arm, ExperimentAnalysis } from "../../analysis/analysis.ts";
import { type ArmCalls, type CallsSummary, type CauseCount, countOf } from "../../analysis/calls.ts";
import {
  callSentences,
  msText,
  shareText,
  unaccountedWords,
  usdText,
} from "../../analysis/words/call-words.ts";
import { numberText } from "../../analysis/words/number-text.ts";
import { factorColumns } from "../condition-table.ts";
import { type Column, dataTable } from "../data-table.ts";
import { axisHead, glyphOf } from "../glyphs/glyph.ts";
import { type GlyphAxis, glyphAxisOf } from "../glyphs/glyph-axis.ts";
import { type Html, html } from "../html.ts";
import type { PagePart } from "../page-part.ts";

export function callsSection(part: PagePart): Html | null {
  const { experiment } = part;
  const { calls } = experiment;
  if (calls === null) return null;
  const old = unaccountedWords(calls);
  return html`<section id="${part.anchor("calls")}" aria-label="Calls"><h2>Calls</h2>
${calls.arms.length > 0 && html`<p>${callSentences(calls.total).join(" ")}</p>`}
${old !== null && html`<p class="note">${old}</p>`}
${calls.arms.length > 0 && armTable(experiment, calls)}
${causeTable(experiment, calls)}</section>`;
}

function armTable(experiment: ExperimentAnalysis, { arms, ports, total }: CallsSummary): Html {
  const axis = latencyAxis(arms);
  const hasTokens = total.promptTokens + total.completionTokens > 0;
  const hasCost = arms.some(({ costUsd }) => costUsd !== null && costUsd > 0);
  return dataTable<ArmCalls>({
    caption: `By condition. At once: answered at the first attempt. Latency is of the attempt that was answered, without waiting for a turn: dot at the median, thick to the 95th and thin to the 99th percentile${axis?.isLog === true ? ", on a logarithmic axis" : ""}.`,
    name: "Calls by condition",
    isWide: true,
    rows: arms,
    columns: [
      ...factorColumns(experiment, ({ condition }: ArmCalls) => experiment.arms[condition]!),
      ...(ports.length > 1 ? [{ head: "port", isWhole: true, show: ({ port }: ArmCalls) => port }] : []),
      count("calls", ({ calls }) => calls),
      share("at once", ({ answeredAtOnce, calls }) => [answeredAtOnce, calls]),
      share("in the end", ({ answered, calls }) => [answered, calls]),
      ...(axis === null ? [] : latencyColumns(axis)),
      ...(hasTokens
        ? [
            count("tokens in", ({ promptTokens }) => promptTokens),
            count("out", ({ completionTokens }) => completionTokens),
          ]
        : []),
      ...(hasCost
        ? [
            {
              head: "cost",
              isNumber: true,
              show: ({ costUsd }: ArmCalls) => usdText(costUsd),
              key: ({ costUsd }: ArmCalls) => costUsd,
            },
          ]
        : []),
      count("failed attempts", ({ failures }) => countOf(failures)),
      count("repairs", ({ repairs }) => repairs),
      count("fallbacks", ({ fallbacks }) => fallbacks),
    ],
  });
}

function latencyAxis(arms: readonly ArmCalls[]): (GlyphAxis & { readonly isLog: boolean }) | null {
  const latencies = arms.flatMap(({ latencyMs }) => latencyMs ?? []);
  const least = Math.min(...latencies.map(({ p50 }) => p50));
  const isLog = least > 0 && Math.max(...latencies.map(({ p99 }) => p99)) > 20 * least;
  const axis = glyphAxisOf(latencies.map(placed), {
    reference: null,
    margin: null,
    isLog,
    range: { min: 0, max: null },
  });
  return axis === null ? null : { ...axis, isLog };
}

function placed({ p50, p95, p99 }: NonNullable<ArmCalls["latencyMs"]>) {
  const interval = p95 > p50 ? { low: p50, high: p95 } : null;
  const adjusted = p99 > p50 ? { low: p50, high: p99 } : null;
  return { estimate: p50, interval, adjusted, state: "described" as const };
}

function latencyColumns(axis: GlyphAxis): readonly Column<ArmCalls>[] {
  return [
    {
      head: html`<b>latency</b>, ms${axisHead(axis)}`,
      isGlyph: true,
      show: ({ latencyMs }) => (latencyMs === null ? null : glyphOf(placed(latencyMs), axis, 20)),
      key: ({ latencyMs }) => latencyMs?.p50 ?? null,
    },
    ...(["p50", "p95", "p99"] as const).map(
      (name): Column<ArmCalls> => ({
        head: name,
        isNumber: true,
        show: ({ latencyMs }) => (latencyMs === null ? "–" : msText(latencyMs[name])),
        key: ({ latencyMs }) => latencyMs?.[name] ?? null,
      }),
    ),
  ];
}

function count(head: string, of: (row: ArmCalls) => number): Column<ArmCalls> {
  return {
    head,
    isNumber: true,
    show: (row) => (of(row) === 0 ? html`<span class="zero">0</span>` : numberText(of(row))),
    key: of,
  };
}

function share(head: string, of: (row: ArmCalls) => readonly [number, number]): Column<ArmCalls> {
  return {
    head,
    isNumber: true,
    show: (row) => shareText(...of(row)),
    key: (row) => of(row)[0] / Math.max(1, of(row)[1]),
  };
}

interface Cause extends CauseCount {
  readonly what: string;
  readonly share: string;
  readonly arms: readonly { readonly arm: Arm; readonly port: string; readonly count: number }[];
}

function causeTable(experiment: ExperimentAnalysis, { arms, total, ports }: CallsSummary): Html | null {
  const attempts = total.answered + countOf(total.failures);
  const rowsOf = (what: string, of: "failures" | "unusable", whole: number): readonly Cause[] =>
    total[of].map(({ cause, count }) => ({
      what,
      cause,
      count,
      share: shareText(count, whole),
      arms: arms.flatMap((row) =>
        row[of]
          .filter((each) => each.cause === cause)
          .map((each) => ({ arm: experiment.arms[row.condition]!, port: row.port, count: each.count })),
      ),
    }));
  const rows = [
    ...rowsOf("failed attempt", "failures", attempts),
    ...rowsOf("unusable answer", "unusable", total.answered),
  ];
  if (rows.length === 0) return null;
  return dataTable<Cause>({
    caption: `Why attempts failed, as a share of the ${numberText(attempts)} attempts, and why answers could not be used, as a share of the ${numberText(total.answered)} answers; with the conditions in which each came most.`,
    name: "Causes",
    rows,
    columns: [
      { head: "cause", show: ({ cause }) => cause },
      { head: "what", isWhole: true, show: ({ what }) => what },
      { head: "times", isNumber: true, show: ({ count }) => numberText(count), key: ({ count }) => count },
      { head: "share", isNumber: true, show: (row) => row.share, key: ({ count }) => count },
      {
        head: "where",
        isWhole: rows.every((row) => whereText(row, ports.length > 1).length <= 100),
        show: (row) => html`<span class="why">${whereText(row, ports.length > 1)}</span>`,
      },
    ],
  });
}

/** The conditions named in a cell; the rest is counted. */
const armsShown = 3;

function whereText({ arms }: Cause, hasPorts: boolean): string {
  const most = arms.toSorted((a, b) => b.count - a.count);
  const named = most
    .slice(0, armsShown)
    .map(({ arm, port, count }) => `${numberText(count)} × ${arm.label}${hasPorts ? ` (${port})` : ""}`);
  const rest = most.length - named.length;
  return `${named.join("; ")}${rest > 0 ? `; ${numberText(rest)} more` : ""}`;
}
