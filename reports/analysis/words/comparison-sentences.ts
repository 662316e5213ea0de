// Writes the sentences of a comparison once its p values are adjusted: one a comparison, the clearest first, at most eight.
import type { MetricSummary } from "../analysis.ts";
import type { ComparisonFinding } from "../finding.ts";
import { decimalsFor, intervalText, numberText, pText } from "./number-text.ts";
import { comparisonSentence, effectText, testText } from "./sentence.ts";

const sentencesMax = 8;

export function withComparisonSentences(
  finding: ComparisonFinding,
  metric: MetricSummary,
): ComparisonFinding {
  const unit = metric.unit === finding.metric ? null : metric.unit;
  const about = finding.within === null ? "" : ` where ${finding.within}`;
  if (finding.levels.length < 2) {
    const one = finding.levels[0];
    const why = one === undefined ? "no condition has it" : `its only level in the results is ${one.level}`;
    return {
      ...finding,
      sentences: [`${finding.metric} cannot be compared across ${finding.factor}${about}: ${why}.`],
    };
  }
  const [why] = finding.notes;
  if (why !== undefined && finding.levels.every(({ mean }) => mean === null))
    return {
      ...finding,
      sentences: [`${finding.metric} cannot be compared across ${finding.factor}${about}: ${lowered(why)}`],
    };
  if (finding.pairsLeftOut > 0) return { ...finding, sentences: rankingSentences(finding, about) };
  if (finding.kind === "effect") return { ...finding, sentences: [effectSentence(finding)] };
  const sentences = finding.comparisons.slice(0, sentencesMax).map((comparison) =>
    comparisonSentence(comparison, {
      factor: finding.factor,
      metric: subjectOf(finding),
      unit,
      reference: finding.estimand.reference,
      margin: finding.margin,
      isOneOfSeveral: finding.comparisons.length > 1,
      about,
    }),
  );
  const more = finding.comparisons.length - sentences.length;
  if (more > 0) sentences.push(`And ${more} more comparisons, in the table.`);
  return { ...finding, sentences };
}

/** "wait", "wait up to 10" where it is restricted. */
function subjectOf({ metric, estimand }: ComparisonFinding): string {
  return estimand.upTo === undefined ? metric : `${metric} up to ${numberText(estimand.upTo)}`;
}

/** A note as the rest of a sentence. */
function lowered(note: string): string {
  return note.startsWith("The ") ? `t${note.slice(1)}` : note;
}

/** Levels named at each end of a ranking. */
const rankedMax = 3;

/** What is said of so many levels that their pairs are no question: the ends of their ranking, and the test over all of them. */
function rankingSentences(finding: ComparisonFinding, about: string): readonly string[] {
  const { factor, metric, levels, overall, pairsLeftOut } = finding;
  const ranked = levels.filter(({ mean }) => mean !== null).toSorted((a, b) => b.mean! - a.mean!);
  const named = (ends: typeof ranked) =>
    ends.map(({ level, mean, n }) => `${level} (${numberText(mean)}, n = ${n})`).join(", ");
  const test = overall === null ? "" : ` Over all levels at once: ${testText(overall)}.`;
  return [
    `${metric} across ${factor}${about}: highest for ${named(ranked.slice(0, rankedMax))}; lowest for ${named(ranked.slice(-rankedMax).toReversed())}.${test}`,
    `The ${numberText(pairsLeftOut)} pairs of ${numberText(levels.length)} levels are not compared one by one, and the ends of a ranking are not tested: name a \`baseline\` to compare every level with it.`,
  ];
}

function effectSentence(finding: ComparisonFinding): string {
  const means = finding.levels.slice(0, 6).map(({ level, mean, interval }) => {
    if (mean === null) return `${level}: none`;
    const decimals = interval === null ? null : decimalsFor((interval.high - interval.low) / 2);
    return `${level}: ${numberText(mean, decimals)}${interval === null ? "" : ` ${intervalText(interval, decimals)}`}`;
  });
  const more = finding.levels.length > 6 ? "; …" : "";
  const adjusted = finding.pAdjusted === null ? "" : `, adjusted ${pText(finding.pAdjusted)}`;
  const test =
    finding.overall === null
      ? "no test over all levels could be made"
      : `${testText(finding.overall)}${adjusted}`;
  const effect = finding.overallEffect === null ? "" : `, ${effectText(finding.overallEffect)}`;
  const about = finding.within === null ? "" : ` where ${finding.within}`;
  return `${subjectOf(finding)} by ${finding.factor}${about}: ${test}${effect}; ${finding.estimand.levelName}s ${means.join("; ")}${more}.`;
}
