// The methods paragraph of an experiment and its references, written from the analysis alone so that it cannot drift from it.
import type { ExperimentAnalysis } from "../analysis.ts";
import { listed } from "./listed.ts";
import { numberText } from "./number-text.ts";

export interface Methods {
  readonly paragraph: string;
  readonly references: readonly string[];
}

const references: readonly { readonly when: RegExp; readonly text: string }[] = [
  {
    when: /Welch/,
    text: "Welch, B. L. (1947). The generalization of 'Student's' problem when several different population variances are involved. Biometrika 34, 28-35.",
  },
  {
    when: /Wilson/,
    text: "Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. JASA 22, 209-212.",
  },
  {
    when: /studentized bootstrap/,
    text: "Efron, B., Tibshirani, R. J. (1993). An Introduction to the Bootstrap, section 12.5. Chapman & Hall.",
  },
  {
    when: /Holm/,
    text: "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of Statistics 6, 65-70.",
  },
  {
    when: /Hedges/,
    text: "Hedges, L. V. (1981). Distribution theory for Glass's estimator of effect size and related estimators. Journal of Educational Statistics 6, 107-128.",
  },
  {
    when: /Cohen/,
    text: "Cohen, J. (1988). Statistical Power Analysis for the Behavioral Sciences, 2nd ed. Erlbaum.",
  },
  {
    when: /Shapiro/,
    text: "Royston, P. (1995). Remark AS R94: the W-test for normality. Applied Statistics 44, 547-551.",
  },
  {
    when: /TOST|equivalen/,
    text: "Schuirmann, D. J. (1987). A comparison of the two one-sided tests procedure and the power approach. J. Pharmacokinetics and Biopharmaceutics 15, 657-680.",
  },
  {
    when: /interquartile mean/,
    text: "Agarwal, R. et al. (2021). Deep reinforcement learning at the edge of the statistical precipice. NeurIPS 34.",
  },
  {
    when: /Manski|worst-case/,
    text: "Manski, C. F. (1990). Nonparametric bounds on treatment effects. American Economic Review 80, 319-323.",
  },
  {
    when: /Welch-James/,
    text: "Johansen, S. (1980). The Welch-James approximation to the distribution of the residual sum of squares in a weighted linear regression. Biometrika 67, 85-92.",
  },
  {
    when: /Hotelling/,
    text: "Hotelling, H. (1931). The generalization of Student's ratio. Annals of Mathematical Statistics 2, 360-378.",
  },
  {
    when: /within cells/,
    text: "Kline, R. B. (2013). Beyond Significance Testing, 2nd ed. American Psychological Association.",
  },
  {
    when: /eta squared|omega squared|epsilon squared|within cells/,
    text: "Steiger, J. H. (2004). Beyond the F test: effect size confidence intervals and tests of close fit in the analysis of variance and contrast analysis. Psychological Methods 9, 164-182.",
  },
  {
    when: /Greenhouse-Geisser/,
    text: "Greenhouse, S. W., Geisser, S. (1959). On methods in the analysis of profile data. Psychometrika 24, 95-112.",
  },
  {
    when: /epsilon squared/,
    text: "Kelley, T. L. (1935). An unbiased correlation ratio measure. Proceedings of the National Academy of Sciences 21, 554-559.",
  },
  {
    when: /partial omega squared/,
    text: "Olejnik, S., Algina, J. (2003). Generalized eta and omega squared statistics. Psychological Methods 8, 434-447.",
  },
  {
    when: /stratified by (the )?cell/,
    text: "Satterthwaite, F. E. (1946). An approximate distribution of estimates of variance components. Biometrics Bulletin 2, 110-114.",
  },
];

export function methodsOf(experiment: ExperimentAnalysis): Methods {
  const { design, attrition, metrics, findings } = experiment;
  const factors = design.factors.map((factor) => `${factor.name} (${count(factor.levels.length, "level")})`);
  const sentences = [
    factors.length === 0
      ? "One condition was simulated."
      : `The experiment varied ${listed(factors)}, which gives ${count(design.conditions, "condition")}.`,
    `Each condition was planned with ${count(design.replicates, "replicate")}${
      design.pairing === "common-random-numbers"
        ? " under common random numbers (replicate k meets the same random draws in every condition, so that replicates are blocks)"
        : ", each with independent random numbers"
    }; all streams derive from the root seed ${design.seed}.`,
    attrition.total.measured === attrition.total.planned
      ? `All ${numberText(attrition.total.planned)} planned trials were measured.`
      : `Of ${numberText(attrition.total.planned)} planned trials ${numberText(attrition.total.measured)} were measured; missing outcomes are reported by arm and were neither imputed nor drawn again.`,
    summaryText(metrics),
    ...new Set(findings.map((finding) => finding.reason).filter((reason) => reason !== "")),
  ].filter((sentence) => sentence !== "");
  const paragraph = sentences.join(" ");
  // A method may be named by a test, an effect size or a correction that the paragraph does not quote.
  const named = [
    paragraph,
    ...findings.flatMap((finding) => [
      ...finding.sentences,
      "family" in finding ? (finding.family ?? "") : "",
      ...("overallEffect" in finding ? [finding.overallEffect?.name ?? ""] : []),
      ...("comparisons" in finding ? finding.comparisons.map(({ test }) => test?.method ?? "") : []),
    ]),
  ].join(" ");
  return {
    paragraph,
    references: references.filter(({ when }) => when.test(named)).map(({ text }) => text),
  };
}

function summaryText(metrics: ExperimentAnalysis["metrics"]): string {
  const methods = [
    ...new Set(metrics.flatMap((metric) => metric.cells.map((cell) => cell.interval?.method ?? ""))),
  ].filter((method) => method !== "");
  if (methods.length === 0) return "";
  return `Conditions are summarised by their mean with a 95% confidence interval (${listed(methods)}); the replicate is the unit of replication.`;
}

function count(n: number, noun: string): string {
  return `${numberText(n)} ${noun}${n === 1 ? "" : "s"}`;
}
