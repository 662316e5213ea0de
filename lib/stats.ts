// The public door `labwright/stats`: numbers in, small readonly records out.
//
// One rule for bad input: a function that has no honest answer (n < 2, no variation, all tied, a value that is not
// finite, an option out of range) throws a StatisticsRefusal whose message can be printed as it stands; nothing returns
// NaN. Wrap a call in orRefusal() to get { kind: "refused", code, reason } as a value instead of a throw.
export { type Adjustment, adjustP } from "./stats/adjust-p.ts";
export { boundedMeanInterval } from "./stats/bounded-mean.ts";
export { type CommonSlope, commonSlope, type StratifiedPoint } from "./stats/common-slope.ts";
export {
  asymptoticRadius,
  type ConfidenceSequence,
  confidenceSequence,
  normalMixtureBoundary,
  type SequenceOptions,
  type SequenceStep,
} from "./stats/confidence-sequence.ts";
export {
  type CountRegression,
  type CountRegressionOptions,
  type NegativeBinomialRegression,
  negativeBinomialRegression,
  type PoissonRegression,
  poissonRegression,
} from "./stats/counts/count-regression.ts";
export {
  type Logistic,
  type LogisticOptions,
  type LogisticTerm,
  logisticRegression,
  standardisedDifference,
} from "./stats/counts/logistic-regression.ts";
export {
  type EventCount,
  poissonRate,
  poissonRateRatio,
  type RateRatio,
  rateRatioLog,
} from "./stats/counts/poisson-rates.ts";
export {
  averagedRate,
  type Dispersion,
  dispersionOf,
  type RateCell,
  type RateStratum,
  rateDifference,
  rateRatioOf,
  ratesTest,
  severalRates,
} from "./stats/counts/rates.ts";
export { type Description, describe } from "./stats/describe.ts";
export { betaLower, betaQuantile, betaUpper } from "./stats/distribution/beta.ts";
export { chiSquaredLower, chiSquaredQuantile, chiSquaredUpper } from "./stats/distribution/chi-squared.ts";
export { fLower, fQuantile, fUpper, fUpperQuantile } from "./stats/distribution/f.ts";
export {
  noncentralChiSquaredLower,
  noncentralChiSquaredNoncentrality,
  noncentralChiSquaredUpper,
} from "./stats/distribution/noncentral-chi-squared.ts";
export {
  noncentralFLower,
  noncentralFNoncentrality,
  noncentralFUpper,
} from "./stats/distribution/noncentral-f.ts";
export {
  noncentralTLower,
  noncentralTNoncentrality,
  noncentralTUpper,
} from "./stats/distribution/noncentral-t.ts";
export {
  normalDensity,
  normalLower,
  normalQuantile,
  normalUpper,
  normalUpperQuantile,
} from "./stats/distribution/normal.ts";
export {
  studentTLower,
  studentTQuantile,
  studentTTwoSided,
  studentTTwoSidedLog10,
  studentTUpper,
  studentTUpperQuantile,
} from "./stats/distribution/student-t.ts";
export {
  studentizedRangeLower,
  studentizedRangeUpper,
  studentizedRangeUpperQuantile,
} from "./stats/distribution/studentized-range.ts";
export { averageE, type EProcess, eBenjaminiHochberg, eProcess, productE } from "./stats/e-value.ts";
export {
  bonettRatio,
  logSdRatio,
  type PitmanMorgan,
  pitmanMorgan,
  type SpreadOptions,
} from "./stats/effect-size/spread-ratio.ts";
export {
  cohensD,
  hedgesG,
  type Standardizer,
  standardizedDifference,
} from "./stats/effect-size/standardized-difference.ts";
export {
  cohensF,
  type VarianceRow,
  type VarianceShare,
  varianceShare,
} from "./stats/effect-size/variance-explained.ts";
export { withinCellsEffect } from "./stats/effect-size/within-cells-effect.ts";
export type { Alternative, Estimate, TestResult } from "./stats/estimate.ts";
export { type LeveneCenter, levene } from "./stats/levene.ts";
export { positiveSolver } from "./stats/linear-algebra.ts";
export { type LinearRegression, linearRegression } from "./stats/linear-regression.ts";
export { anova, brownForsytheAnova, type OneWayAnova, welchAnova } from "./stats/means/anova.ts";
export { type BlockContrasts, blockContrasts, flippedContrasts } from "./stats/means/block-contrasts.ts";
export { contrastSpace } from "./stats/means/contrast-space.ts";
export { type DunnettOptions, dunnett, dunnettCritical, dunnettUnequal } from "./stats/means/dunnett.ts";
export { type Equivalence, type EquivalenceOptions, equivalence } from "./stats/means/equivalence.ts";
export { type FactorialAnova, type FactorialOptions, factorialAnova } from "./stats/means/factorial-anova.ts";
export { hotelling } from "./stats/means/hotelling.ts";
export {
  dunn,
  gamesHowell,
  type PairwiseComparison,
  type PairwiseDifference,
  pairwiseWelch,
  tukeyHsd,
} from "./stats/means/pairwise.ts";
export {
  type BlockAnova,
  type RepeatedMeasures,
  randomisedBlocks,
  repeatedMeasures,
} from "./stats/means/repeated-measures.ts";
export { skewedCritical, skewnessInterval } from "./stats/means/skewness-interval.ts";
export { stratifiedWelch } from "./stats/means/stratified-welch.ts";
export { type OneSampleT, oneSampleT, tInterval } from "./stats/means/t-interval.ts";
export { type DifferenceOfMeans, pairedT, student, type TwoSamples, welch } from "./stats/means/t-test.ts";
export { interquartileMean, trimmedMean } from "./stats/means/trimmed-mean.ts";
export type { WeightedSample } from "./stats/means/weighted-cells.ts";
export { welchJames } from "./stats/means/welch-james.ts";
export {
  contrastsOf,
  interactionContrasts,
  orthonormalContrasts,
  type WithinBlocksTest,
  withinBlocksTest,
} from "./stats/means/within-blocks.ts";
export {
  type EstimatorPerformance,
  type EstimatorRuns,
  meanErrorOf,
  type Performance,
  performanceOf,
  proportionPerformance,
  relativePrecision,
  repetitionsForMean,
  repetitionsForShare,
} from "./stats/monte-carlo-error.ts";
export { type EquivalencePower, powerEquivalence } from "./stats/power/power-equivalence.ts";
export {
  cohensH,
  detectableAnova,
  powerAnova,
  powerProportions,
  sampleSizeAnova,
  sampleSizeProportions,
} from "./stats/power/power-other.ts";
export { powerRates, type RatesPower } from "./stats/power/power-rates.ts";
export {
  powerPairedShares,
  powerShares,
  powerSharesOverCells,
  type SharesPower,
} from "./stats/power/power-shares.ts";
export { clopperPearson, type PilotPowerOptions, powerFromPilot } from "./stats/power/power-simulation.ts";
export {
  detectableT,
  powerT,
  powerWelch,
  powerWelchCentral,
  type SampleSize,
  sampleSizeT,
  sampleSizeWelch,
} from "./stats/power/power-t.ts";
export { exactProportionInterval, proportionInterval } from "./stats/proportion-interval.ts";
export {
  averagedShare,
  type ShareCell,
  shareCorrelation,
  shareDifference,
  shareOfUnits,
} from "./stats/proportions/averaged-shares.ts";
export { averagedSharesTest, type ShareStratum } from "./stats/proportions/averaged-shares-test.ts";
export {
  barnardExact,
  boschlooExact,
  type ExactOptions,
  type Fisher,
  fisherExact,
  type MidP,
  midPExact,
} from "./stats/proportions/exact-tests.ts";
export {
  mcNemar,
  type PairedCounts,
  pairedProportionDifference,
} from "./stats/proportions/paired-proportions.ts";
export {
  type PairedShares,
  pairedSharesDifference,
  pairedSharesTest,
  signFlipTest,
} from "./stats/proportions/paired-shares.ts";
export { settledInterval } from "./stats/proportions/settled-interval.ts";
export {
  blockedShares,
  type SharesStratum,
  severalAveragedShares,
  severalShares,
} from "./stats/proportions/several-shares.ts";
export { shareContrast, shareContrasts } from "./stats/proportions/share-contrasts.ts";
export {
  cochranMantelHaenszel,
  type Strata,
  type StratifiedTest,
  stratifiedDifference,
  stratifiedExact,
} from "./stats/proportions/stratified-proportions.ts";
export type { SuccessCount, TwoByTwo } from "./stats/proportions/two-by-two.ts";
export {
  chiSquaredProportions,
  oddsRatio,
  proportionDifference,
  proportionDifferenceScore,
  riskRatio,
  type TwoProportions,
} from "./stats/proportions/two-proportions.ts";
export { median, quantile } from "./stats/quantile.ts";
export {
  harrellDavis,
  medianInterval,
  type QuantileEstimate,
} from "./stats/quantile-estimates.ts";
export { type MannWhitney, type MannWhitneyOptions, mannWhitney } from "./stats/ranks/mann-whitney.ts";
export { cliffsDelta, probabilityOfSuperiority, rankBiserialPaired } from "./stats/ranks/ordinal-effect.ts";
export { friedman, kruskalWallis, type RankAnova } from "./stats/ranks/rank-anova.ts";
export { type Wilcoxon, type WilcoxonOptions, wilcoxon, type ZeroRule } from "./stats/ranks/wilcoxon.ts";
export { isRefused, orRefusal, type RefusalCode, type Refused, StatisticsRefusal } from "./stats/refusal.ts";
export type { MixedDf } from "./stats/regression/mixed-inference.ts";
export {
  type LackOfFit,
  lackOfFit,
  type MultipleRegression,
  type MultipleRegressionOptions,
  multipleRegression,
  type RegressionErrors,
  type RegressionTerm,
  standardisedSlopes,
} from "./stats/regression/multiple-regression.ts";
export {
  type MixedTerm,
  type RandomIntercept,
  type RandomInterceptOptions,
  randomIntercept,
} from "./stats/regression/random-intercept.ts";
export { type ResponseSurface, responseSurface } from "./stats/regression/response-surface.ts";
export {
  type SlopeWeights,
  type StratifiedRegression,
  type StratifiedRegressionOptions,
  type StratifiedSlope,
  slopeWeights,
  stratifiedRegression,
} from "./stats/regression/stratified-regression.ts";
export {
  type BootstrapEstimate,
  type BootstrapMethod,
  type BootstrapOptions,
  bootstrap,
} from "./stats/resampling/bootstrap.ts";
export {
  type BootstrapDifferenceOptions,
  bootstrapDifference,
} from "./stats/resampling/bootstrap-difference.ts";
export { type PermutationTest, permutationTest } from "./stats/resampling/permutation.ts";
export type { Statistic } from "./stats/resampling/resample-statistic.ts";
export {
  type Aggregates,
  aggregates,
  performanceProfile,
  probabilityOfImprovement,
  probabilityOfImprovementEstimate,
  profileBand,
  type Scores,
  stratifiedBootstrap,
} from "./stats/rliable.ts";
export { autocorrelation, effectiveSampleSize, ljungBox } from "./stats/series/autocorrelation.ts";
export { type DickeyFuller, type DickeyFullerOptions, dickeyFuller } from "./stats/series/dickey-fuller.ts";
export { type Kpss, type KpssLags, kpss } from "./stats/series/kpss.ts";
export {
  areaUnderCurve,
  type CurvePoint,
  learningCurve,
  movingAverage,
} from "./stats/series/learning-curve.ts";
export { type PriceConvergence, priceConvergence, type Settling } from "./stats/series/price-convergence.ts";
export { shapiroWilk } from "./stats/shapiro-wilk.ts";
export {
  type MaxT,
  type MaxTContrast,
  type MaxTOptions,
  maxT,
  stepDownMaxT,
} from "./stats/simultaneous/max-t.ts";
export {
  type FlipOptions,
  type FlippedContrast,
  type SignFlips,
  type SimultaneousBand,
  signFlipBand,
  signFlipMaxT,
} from "./stats/simultaneous/sign-flips.ts";
export { type SupT, supTCritical } from "./stats/simultaneous/sup-t.ts";
export {
  type Strata as RunStrata,
  stratifiedSuperiority,
  stratifiedTrimmedMean,
} from "./stats/stratified-aggregate.ts";
export {
  type AcceleratedFailure,
  type AcceleratedFailureOptions,
  acceleratedFailure,
  type TimeDistribution,
} from "./stats/survival/accelerated-failure.ts";
export { type Cox, type CoxOptions, type CoxTerm, cox } from "./stats/survival/cox.ts";
export {
  type KaplanMeier,
  type KaplanMeierOptions,
  kaplanMeier,
  type SurvivalInterval,
  type SurvivalQuantile,
  survivalQuantile,
} from "./stats/survival/kaplan-meier.ts";
export { type LogRank, type LogRankOptions, logRank } from "./stats/survival/log-rank.ts";
export {
  compareRestrictedMeans,
  type RestrictedMeanComparison,
  type RestrictedMeanOptions,
  restrictedMean,
} from "./stats/survival/restricted-mean.ts";
export type { SurvivalSample } from "./stats/survival/survival-sample.ts";
export { bartlett, fligner, varianceRatio } from "./stats/variance-tests.ts";
