// The references of a methods paragraph: each with the words of a method, test, correction or effect size that call for it.

export interface Reference {
  /** Words in the report that call for it. */
  readonly when: RegExp;
  readonly text: string;
}

export const references: readonly Reference[] = [
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
    text: "Keren, G., Lewis, C. (1979). Partial omega squared for ANOVA designs. Educational and Psychological Measurement 39, 119-128.",
  },
  {
    when: /stratified by (the )?cell/,
    text: "Satterthwaite, F. E. (1946). An approximate distribution of estimates of variance components. Biometrics Bulletin 2, 110-114.",
  },
  {
    when: /analysis of variance|Welch's ANOVA/,
    text: "Welch, B. L. (1951). On the comparison of several mean values: an alternative approach. Biometrika 38, 330-336.",
  },
  {
    when: /Games-Howell/,
    text: "Games, P. A., Howell, J. F. (1976). Pairwise multiple comparison procedures with unequal n's and/or variances: a Monte Carlo study. Journal of Educational Statistics 1, 113-125.",
  },
  {
    when: /Dunnett/,
    text: "Dunnett, C. W. (1955). A multiple comparison procedure for comparing several treatments with a control. JASA 50, 1096-1121.",
  },
  {
    when: /Dunnett's test with unequal variances/,
    text: "Hasler, M., Hothorn, L. A. (2008). Multiple contrast tests in the presence of heteroscedasticity. Biometrical Journal 50, 793-800.",
  },
  {
    when: /Bonferroni/,
    text: "Dunn, O. J. (1961). Multiple comparisons among means. JASA 56, 52-64.",
  },
  {
    when: /(Holm|Hochberg) over/,
    text: "Strassburger, K., Bretz, F. (2008). Compatible simultaneous lower confidence bounds for the Holm procedure and other Bonferroni-based closed tests. Statistics in Medicine 27, 4914-4927.",
  },
  {
    when: /Hochberg over/,
    text: "Hochberg, Y. (1988). A sharper Bonferroni procedure for multiple tests of significance. Biometrika 75, 800-802.",
  },
  {
    when: /Benjamini-Hochberg/,
    text: "Benjamini, Y., Hochberg, Y. (1995). Controlling the false discovery rate: a practical and powerful approach to multiple testing. JRSS B 57, 289-300.",
  },
  {
    when: /Benjamini-Yekutieli/,
    text: "Benjamini, Y., Yekutieli, D. (2001). The control of the false discovery rate in multiple testing under dependency. Annals of Statistics 29, 1165-1188.",
  },
  {
    when: /Benjamini-/,
    text: "Benjamini, Y., Yekutieli, D. (2005). False discovery rate-adjusted multiple confidence intervals for selected parameters. JASA 100, 71-81.",
  },
  {
    when: /g_av|d_av/,
    text: "Delacre, M., Lakens, D., Ley, C., Liu, L., Leys, C. (2021). Why Hedges' g*s based on the non-pooled standard deviation should be reported with Welch's t-test. Preprint, doi:10.31234/osf.io/tu6mp.",
  },
  {
    when: /Mann-Whitney/,
    text: "Mann, H. B., Whitney, D. R. (1947). On a test of whether one of two random variables is stochastically larger than the other. Annals of Mathematical Statistics 18, 50-60.",
  },
  {
    when: /Wilcoxon/,
    text: "Wilcoxon, F. (1945). Individual comparisons by ranking methods. Biometrics Bulletin 1, 80-83.",
  },
  {
    when: /Mann-Whitney|Wilcoxon|Hodges-Lehmann/,
    text: "Hodges, J. L., Lehmann, E. L. (1963). Estimates of location based on rank tests. Annals of Mathematical Statistics 34, 598-611.",
  },
  {
    when: /Cliff's delta/,
    text: "Cliff, N. (1993). Dominance statistics: ordinal analyses to answer ordinal questions. Psychological Bulletin 114, 494-509.",
  },
  {
    when: /Levene/,
    text: "Levene, H. (1960). Robust tests for equality of variances. In I. Olkin (ed.), Contributions to Probability and Statistics, 278-292. Stanford University Press.",
  },
  {
    when: /Boschloo/,
    text: "Boschloo, R. D. (1970). Raised conditional level of significance for the 2x2-table when testing the equality of two probabilities. Statistica Neerlandica 24, 1-35.",
  },
  {
    when: /Newcombe's interval/,
    text: "Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions: comparison of eleven methods. Statistics in Medicine 17, 873-890.",
  },
  {
    when: /Newcombe's paired interval/,
    text: "Newcombe, R. G. (1998). Improved confidence intervals for the difference between binomial proportions based on paired data. Statistics in Medicine 17, 2635-2650.",
  },
  {
    when: /mid-p/,
    text: "Fagerland, M. W., Lydersen, S., Laake, P. (2013). The McNemar test for binary matched-pairs data: mid-p and asymptotic are better than exact conditional. BMC Medical Research Methodology 13, 91.",
  },
  {
    when: /Freeman-Halton/,
    text: "Freeman, G. H., Halton, J. H. (1951). Note on an exact treatment of contingency, goodness of fit and other problems of significance. Biometrika 38, 141-149.",
  },
  {
    when: /Cochran's Q/,
    text: "Cochran, W. G. (1950). The comparison of percentages in matched samples. Biometrika 37, 256-266.",
  },
  {
    when: /conditional test of two/,
    text: "Przyborowski, J., Wilenski, H. (1940). Homogeneity of results in testing samples from Poisson series. Biometrika 31, 313-323.",
  },
  {
    when: /negative binomial \(theta/,
    text: "Breslow, N. E. (1984). Extra-Poisson variation in log-linear models. Applied Statistics 33, 38-44.",
  },
  {
    when: /McNemar/,
    text: "McNemar, Q. (1947). Note on the sampling error of the difference between correlated proportions or percentages. Psychometrika 12, 153-157.",
  },
  {
    when: /Mantel-Haenszel/,
    text: "Mantel, N., Haenszel, W. (1959). Statistical aspects of the analysis of data from retrospective studies of disease. Journal of the National Cancer Institute 22, 719-748.",
  },
  {
    when: /HC3/,
    text: "MacKinnon, J. G., White, H. (1985). Some heteroskedasticity-consistent covariance matrix estimators with improved finite sample properties. Journal of Econometrics 29, 305-325.",
  },
  {
    when: /80% power/,
    text: "Bloom, H. S. (1995). Minimum detectable effects: a simple way to report the statistical power of experimental designs. Evaluation Review 19, 547-556.",
  },
  {
    when: /Kaplan-Meier/,
    text: "Kaplan, E. L., Meier, P. (1958). Nonparametric estimation from incomplete observations. JASA 53, 457-481.",
  },
  {
    when: /log-rank/,
    text: "Mantel, N. (1966). Evaluation of survival data and two new rank order statistics arising in its consideration. Cancer Chemotherapy Reports 50, 163-170.",
  },
  {
    when: /restricted mean/,
    text: "Uno, H. et al. (2014). Moving beyond the hazard ratio in quantifying the between-group difference in survival analysis. Journal of Clinical Oncology 32, 2380-2385.",
  },
  {
    when: /pseudo-values/,
    text: "Andersen, P. K., Hansen, M. G., Klein, J. P. (2004). Regression analysis of restricted mean survival time based on pseudo-observations. Lifetime Data Analysis 10, 335-350.",
  },
  {
    when: /hazard ratio/,
    text: "Cox, D. R. (1972). Regression models and life-tables. Journal of the Royal Statistical Society B 34, 187-220.",
  },
];
