// The door through which analyses are declared: `analyses: ({ compare, expect }) => [...]`. The callback is what makes an editor
// complete metrics, factors and levels, and what makes a misspelt one red.
import type { z } from "zod";
import type { Alternative } from "../stats/estimate.ts";
import type { AnalysisSpec, Correction, TestLadder } from "./analysis-spec.ts";
import type { CallSite } from "./call-site.ts";
import type { CustomAnalysis, CustomResult, CustomRow } from "./custom-analysis.ts";
import type { DefinitionProblem } from "./problem.ts";
import type { Constrained, LevelOf } from "./space/condition-space.ts";
import type { VegaLiteSpec } from "./vega-lite-spec.ts";

/** What a function of the door returns: the analysis as data, and where and how it was written. */
export interface DeclaredAnalysis {
  readonly kind: "labwright/analysis";
  readonly spec: AnalysisSpec;
  readonly custom: CustomAnalysis | null;
  readonly problems: readonly DefinitionProblem[];
  readonly site: CallSite | null;
}

/** What `analyses` may return: analyses, and families of them. */
export type DeclaredAnalyses = readonly (DeclaredAnalysis | readonly DeclaredAnalysis[])[];

/** Factors whose levels are numbers. */
export type NumericFactorOf<C, F extends string> = {
  [K in F]: LevelOf<C, K> extends number ? K : never;
}[F];

type RowOf<S, K extends keyof S> = S[K] extends z.ZodType ? z.output<S[K]> : never;
export type ColumnOf<S, K extends keyof S> = keyof RowOf<S, K> & string;

export interface CommonOptions<C, F extends string> {
  /** Unique; by default it says what is analysed. */
  readonly name?: string;
  /** Of intervals; 0.95 unless told. */
  readonly confidence?: number;
  /** True for an analysis that was thought of after seeing data: reported apart. */
  readonly exploratory?: boolean;
  /** Only conditions with these levels. */
  readonly where?: Constrained<C, F>;
}

export interface TestOptions<C, F extends string> extends CommonOptions<C, F> {
  /** "estimation" (default): Welch or paired t with intervals. "classical": the ladder of assumption checks, t, Welch, Mann-Whitney, Bonferroni. */
  readonly tests?: TestLadder;
  readonly alternative?: Alternative;
  /** Within the analysis's own family: "simultaneous" unless told, "bonferroni" for classical tests. */
  readonly correction?: Correction;
  /** Repeat within each combination of these factors' levels instead of averaging over them. */
  readonly by?: readonly F[];
  /** A factor whose levels are blocks, such as a task or a session. */
  readonly block?: F;
  /** A factor whose levels are clusters of trials that are not independent. */
  readonly cluster?: F;
}

/** Conditions C, factors F, metric values V, series schemas S, and Q the metrics that have a mean: all but categories. */
export interface AnalysisDoor<C, F extends string, V, S, Q extends string> {
  /** Differences of a metric between the levels of a factor: each against the baseline, or all pairs. */
  compare<const A extends F>(
    metric: Q,
    options: TestOptions<C, F> & { readonly across: A; readonly baseline?: NoInfer<LevelOf<C, A>> },
  ): DeclaredAnalysis;

  /** The main effect of a factor on a metric (the primary unless told) over all its levels. */
  mainEffect(factor: F, options?: TestOptions<C, F> & { readonly metric?: Q }): DeclaredAnalysis;

  /** Whether the effect of one factor on a metric (the primary unless told) depends on the others. */
  interaction(
    factors: readonly [F, F, ...F[]],
    options?: TestOptions<C, F> & { readonly metric?: Q },
  ): DeclaredAnalysis;

  /** That levels differ by less than `margin`, in the metric's units (two one-sided tests). */
  equivalent<const A extends F>(
    metric: Q,
    options: TestOptions<C, F> & {
      readonly across: A;
      readonly margin: number;
      readonly baseline?: NoInfer<LevelOf<C, A>>;
    },
  ): DeclaredAnalysis;

  /** A column of a series over another, summarised over trials with a band; one curve a level of `across`. */
  curve<const K extends keyof S & string>(
    series: K,
    options: CommonOptions<C, F> & {
      readonly x: NoInfer<ColumnOf<S, K>>;
      readonly y: NoInfer<ColumnOf<S, K>>;
      readonly across?: F;
      readonly summary?: "mean" | "median" | "interquartile-mean";
      /** What is shaded: an interval of the summary (default), or the summary plus and minus one standard deviation of the trials. */
      readonly band?: "interval" | "standard-deviation";
      /** The x at which something was done to the trial: the curve is then an impulse response, held against its values before. */
      readonly impulseAt?: number;
      /** What a trial counts as at every x after its last row: its last value, a value of yours, or nothing. Say it where trials end at unlike x. */
      readonly after?: "last" | "omit" | number;
    },
  ): DeclaredAnalysis;

  /** Regression of a metric on a numeric factor, on the scale it was sampled on unless told. */
  relation(
    metric: Q,
    factor: NumericFactorOf<C, F> & string,
    options?: CommonOptions<C, F> & { readonly scale?: "linear" | "log" },
  ): DeclaredAnalysis;

  /**
   * Regression of a metric on several factors at once: a slope for each that is numeric, a difference from the first level for the levels of
   * others. `scale` names the factors whose logarithm counts: `{ beta: "log" }`.
   */
  relation<const A extends readonly [F, ...F[]]>(
    metric: Q,
    factors: A,
    options?: CommonOptions<C, F> & {
      readonly scale?: { readonly [K in NumericFactorOf<C, A[number]>]?: "linear" | "log" };
    },
  ): DeclaredAnalysis;

  /** Scores over tasks: interquartile mean, optimality gap, probability of improvement, performance profile (Agarwal et al. 2021). */
  profile<const A extends F>(
    metric: Q,
    options: CommonOptions<C, F> & {
      /** The factor whose levels are the algorithms. */
      readonly across: A;
      /** Factors whose combinations are the tasks. */
      readonly tasks?: readonly F[];
      readonly baseline?: NoInfer<LevelOf<C, A>>;
      /** Scores that count as 0 and as 1. */
      readonly normalise?: { readonly low: number; readonly high: number };
    },
  ): DeclaredAnalysis;

  /** A statistic of your own over the finished trials; it must be a pure function of its rows. */
  custom(
    name: string,
    analyze: (rows: readonly CustomRow<C, V>[]) => CustomResult,
    options?: Omit<CommonOptions<C, F>, "name" | "where">,
  ): DeclaredAnalysis;

  /**
   * A chart of your own over the finished trials, a pure function of its rows, as a Vega-Lite specification: data, never code, which draws
   * in page and files without loading anything. Without `data` it draws the trials.
   */
  chart(
    name: string,
    draw: (rows: readonly CustomRow<C, V>[]) => VegaLiteSpec,
    options?: Pick<CommonOptions<C, F>, "exploratory">,
  ): DeclaredAnalysis;

  /**
   * A gate: `expect("profitGain").toBeAbove(0.5)`; `lab report --check` exits 5 unless the evidence says yes. Options may stand here
   * or with the bound.
   */
  expect(metric: Q, options?: CommonOptions<C, F>): Gates<C, F>;

  /** Analyses whose p values are corrected together: `family("prices", [compare(...), compare(...)], { correction: "holm" })`. */
  family(
    name: string,
    analyses: readonly DeclaredAnalysis[],
    options?: { readonly correction?: Correction },
  ): readonly DeclaredAnalysis[];
}

export interface Gates<C, F extends string> {
  /** The mean of every condition (of `where`, when given) lies above the bound. */
  toBeAbove(bound: number, options?: CommonOptions<C, F>): DeclaredAnalysis;
  toBeBelow(bound: number, options?: CommonOptions<C, F>): DeclaredAnalysis;
  /** Between the two, the lower first. */
  toBeWithin(bounds: readonly [low: number, high: number], options?: CommonOptions<C, F>): DeclaredAnalysis;
  /** The levels of a factor differ: each from the baseline, or all pairs. */
  toDiffer<const A extends F>(
    options: CommonOptions<C, F> & { readonly across: A; readonly baseline?: NoInfer<LevelOf<C, A>> },
  ): DeclaredAnalysis;
}
