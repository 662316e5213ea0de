// What a page leads with: the primary analysis in one word, one sentence and one estimate. The estimate is the first decided one in
// declared order, never the largest, which would be biased upwards; where none is decided, the first, and it is said to be open.
import type { ExperimentAnalysis } from "../../analysis/analysis.ts";
import type { Finding } from "../../analysis/finding.ts";
import { listed } from "../../analysis/words/listed.ts";
import { numberText } from "../../analysis/words/number-text.ts";
import { type FindingRow, labelsOf, type RowGroup, rowsOf } from "./finding-row.ts";
import type { ShownLabels } from "./shown-labels.ts";
import { stoppingWords } from "./stopping-rows.ts";

export interface Headline {
  /** "Different.", "Inconclusive.": about the evidence, since a program cannot know which way a question is put. */
  readonly word: string;
  readonly sentence: string;
  /** Whether the estimate is inconclusive: it then stands in grey. */
  readonly isOpen: boolean;
  /** The primary analysis; null where nothing was declared. */
  readonly group: RowGroup | null;
  /** Null when the primary analysis has no number of its own. */
  readonly row: FindingRow | null;
  /** The levels held fixed for the row; null for none. */
  readonly within: string | null;
}

export function headlineOf(experiment: ExperimentAnalysis, groups: readonly RowGroup[]): Headline {
  const group = primaryGroupOf(experiment, groups);
  const nothing = { group, row: null, within: null, isOpen: true };
  if (experiment.attrition.total.measured === 0)
    return { ...nothing, word: "No answer.", sentence: "Nothing was measured." };
  if (group === null)
    return { ...nothing, word: "Described.", sentence: "No analysis was declared, so nothing is compared." };
  const first = group.findings[0];
  if (first === undefined) return stoppingHeadline(experiment, group);
  if (first.kind === "gate") return gateHeadline(group);
  if (first.kind === "unanswered")
    return {
      ...nothing,
      word: "No answer.",
      sentence: first.sentences[0] ?? `${first.title} has no answer.`,
    };
  const placed = group.parts.flatMap(({ head, rows }) => rows.map((row) => ({ head, row })));
  const asked = placed.filter(({ row }) => row.state !== "described");
  const led =
    asked.find(({ row }) => row.state === "decided" && row.estimate !== null) ??
    asked.find(({ row }) => row.estimate !== null && row.state === "open") ??
    asked[0] ??
    placed.find(({ row }) => row.estimate !== null) ??
    null;
  const decided = asked.find(({ row }) => row.state === "decided") ?? null;
  const shared = { group, row: led?.row ?? null, within: led?.head ?? null };
  if (asked.length === 0)
    return { ...shared, isOpen: false, word: "Estimated.", sentence: first.sentences[0] ?? first.title };
  if (decided === null)
    return { ...shared, isOpen: true, word: "Inconclusive.", sentence: openSentence(first) };
  // What is decided jointly may leave every single estimate open.
  return {
    ...shared,
    isOpen: led?.row.state === "open",
    ...decidedWords(first, { ...decided, labels: labelsOf(group) }),
  };
}

/** A rule that decided how much was run was the question; its first settled interval leads. */
function stoppingHeadline({ stopping }: ExperimentAnalysis, group: RowGroup): Headline {
  const rows = rowsOf(group);
  const row =
    rows.find(({ state, estimate }) => state !== "open" && estimate !== null) ??
    rows.find(({ estimate }) => estimate !== null) ??
    null;
  const { word, sentence } = stoppingWords(stopping!);
  return { word, sentence, isOpen: word === "Inconclusive.", group, row, within: null };
}

/**
 * The rule that decided how much was run; else the first declared analysis of the primary metric that is no gate and was planned; else the
 * first planned one; else whatever there is.
 */
function primaryGroupOf({ design }: ExperimentAnalysis, groups: readonly RowGroup[]): RowGroup | null {
  const rule = groups.find(({ findings }) => findings.length === 0);
  if (rule !== undefined) return rule;
  const planned = groups.filter(
    ({ findings: [first] }) => first?.isConfirmatory === true && first.kind !== "gate",
  );
  const isPrimary = ({ findings: [first] }: RowGroup) =>
    first !== undefined &&
    (first.kind === "unanswered"
      ? design.primary !== null && first.title.split(/\s+/).includes(design.primary)
      : "metric" in first && first.metric === design.primary);
  return (
    planned.find(isPrimary) ??
    planned[0] ??
    groups.find(({ findings }) => findings[0]?.kind !== "gate") ??
    groups[0] ??
    null
  );
}

function gateHeadline(group: RowGroup): Headline {
  const gates = group.findings.filter((finding) => finding.kind === "gate");
  const of = (verdict: string) => gates.filter((gate) => gate.verdict === verdict).length;
  const word = of("failed") > 0 ? "Failed." : of("undecided") > 0 ? "Undecided." : "Passed.";
  const sentence = `${numberText(of("passed"))} of ${numberText(gates.length)} ${gates.length === 1 ? "gate" : "gates"} ${of("passed") === 1 ? "passes" : "pass"}.`;
  return { word, sentence, isOpen: of("passed") < gates.length, group, row: null, within: null };
}

function openSentence(finding: Finding): string {
  switch (finding.kind) {
    case "interaction":
      return `The data do not decide whether the effect of ${finding.factors.at(-1)} on ${finding.metric} depends on ${listed(finding.factors.slice(0, -1))}.`;
    case "equivalent":
      return `The data do not show that ${finding.metric} is equivalent across ${finding.factor}, nor that it differs.`;
    case "relation":
      return `The data do not decide whether ${finding.metric} rises or falls with ${finding.factor}.`;
    case "regression":
      return `The data do not decide whether ${finding.metric} depends on ${listed(finding.factors)}.`;
    case "compare":
    case "effect":
      return `The data do not decide whether ${finding.metric} differs across ${finding.factor}. That is no evidence that it does not.`;
    default:
      return finding.sentences[0] ?? finding.title;
  }
}

function decidedWords(
  finding: Finding,
  {
    row,
    head,
    labels,
  }: { readonly row: FindingRow; readonly head: string | null; readonly labels: ShownLabels },
): Pick<Headline, "word" | "sentence"> {
  const where = head === null ? "" : ` where ${head}`;
  switch (finding.kind) {
    case "interaction":
      return {
        word: "It depends.",
        sentence: `The effect of ${finding.factors.at(-1)} on ${finding.metric} depends on ${listed(finding.factors.slice(0, -1))}.`,
      };
    case "relation":
      return {
        word: "Related.",
        sentence: `${finding.metric} ${(row.estimate ?? 0) > 0 ? "rises" : "falls"} with ${finding.factor}.`,
      };
    case "regression":
      return {
        word: "Related.",
        sentence: row.label.startsWith("slope over ")
          ? `${finding.metric} ${row.verdict} with ${row.label.replace("slope over ", "")}, the other factors held.`
          : `${finding.metric} is ${row.verdict} for ${row.label}, the other factors held.`,
      };
    case "effect":
      return { word: "Different.", sentence: `${finding.metric} differs across ${finding.factor}${where}.` };
    case "compare":
    case "equivalent":
      return comparedWords(finding, row, { where, labels });
    default:
      return { word: "Decided.", sentence: finding.sentences[0] ?? finding.title };
  }
}

function comparedWords(
  { metric, factor }: { readonly metric: string; readonly factor: string },
  { verdict, label, against }: FindingRow,
  { where, labels }: { readonly where: string; readonly labels: ShownLabels },
): Pick<Headline, "word" | "sentence"> {
  const shown = (level: string) => labels.text.get(level) ?? level;
  const other = shown(against?.level ?? "");
  if (verdict.startsWith("equivalent"))
    return {
      word: "Equivalent.",
      sentence: `${metric} is ${verdict} between ${factor} ${shown(label)} and ${other}${where}.`,
    };
  const isHigher = verdict.startsWith("higher");
  return {
    word: "Different.",
    sentence: `${metric} is ${isHigher ? "higher" : "lower"} for ${factor} ${shown(label)} than for ${other}${where}${/, (better|worse)/.test(verdict) ? `, which is ${verdict.includes("better") ? "better" : "worse"}` : ""}.`,
  };
}

/** How many rows of a group ask something, and how many of these are decided. */
export function decidedCount(group: RowGroup): { readonly decided: number; readonly asked: number } {
  const asked = rowsOf(group).filter(({ state }) => state !== "described");
  return { decided: asked.filter(({ state }) => state === "decided").length, asked: asked.length };
}
