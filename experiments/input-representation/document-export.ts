// The document's two export shapes, from its analysis: the JSON of full_analysis.json and the LaTeX table of win rates.
// Its one clock, generated_at, is the start of the run, so that the same run gives the same bytes.
import { alpha, type DocumentAnalysis } from "./document-analysis.ts";

/** The document's JSON: aggregated_results by group, statistical_tests with pairwise_ttests by "first_vs_second" and anova. */
export function jsonOf(analysis: DocumentAnalysis, startedAt: string): string {
  const { groups, pairs, anova, etaSquared } = analysis;
  const aggregated = entriesOf(groups, ({ n, mean, sd, se, interval, min, max, median }) => ({
    n_runs: n,
    mean,
    std: sd,
    se,
    ci_95_lower: interval[0],
    ci_95_upper: interval[1],
    min,
    max,
    median,
  }));
  const normality = entriesOf(groups, ({ normality: { statistic, p } }) => ({ w: statistic, p_value: p }));
  const pairwise = pairs.map((pair) => [
    `${pair.first}_vs_${pair.second}`,
    {
      levene_f: pair.equalVariances.statistic,
      levene_p_value: pair.equalVariances.p,
      test: pair.test.method,
      statistic: pair.test.statistic,
      df: pair.test.df[0] ?? null,
      p_value: pair.test.p,
      p_value_bonferroni: pair.pBonferroni,
      significant: pair.pBonferroni < alpha,
      cohens_d: pair.cohensD,
      effect_size: pair.size,
    },
  ]);
  const document = {
    generated_at: startedAt,
    aggregated_results: aggregated,
    statistical_tests: {
      normality,
      alpha_bonferroni: alpha / pairs.length,
      pairwise_ttests: Object.fromEntries(pairwise),
      anova: { f_statistic: anova.statistic, df: anova.df, p_value: anova.p, eta_squared: etaSquared },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The document's LaTeX table: win rates as percentages with one decimal, a line a group. */
export function latexOf(analysis: DocumentAnalysis): string {
  const lines = Object.entries(analysis.groups).map(
    ([
      name,
      {
        n,
        mean,
        sd,
        interval: [low, high],
      },
    ]) =>
      `${titleOf(name)} & ${n} & ${percent(mean)} & ${percent(sd)} & [${percent(low)}, ${percent(high)}] \\\\`,
  );
  return [
    "\\begin{table}[h]",
    "\\centering",
    "\\caption{Win Rate by Network Type}",
    "\\begin{tabular}{lcccc}",
    "\\hline",
    "Network Type & N & Mean & Std & 95\\% CI \\\\",
    "\\hline",
    ...lines,
    "\\hline",
    "\\end{tabular}",
    "\\end{table}",
    "",
  ].join("\n");
}

/** "multi_encoder" as "Multi Encoder". */
function titleOf(name: string): string {
  return name.replaceAll("_", " ").replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase());
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}\\%`;
}

function entriesOf<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
