// The types of what defineExperiment takes: how parameters, metrics, series and stages type the trial and the analyses.
import type { z } from "zod";
import type { AnalysisDoor, DeclaredAnalyses } from "./analyses.ts";
import type { Naming } from "./command.ts";
import type { ExperimentDefinition } from "./definition.ts";
import type { AsksOf, PortsOf } from "./effects/port.ts";
import type { LimitsOptions } from "./limits.ts";
import type { Metric, ValuesOf } from "./metric.ts";
import type { Replication } from "./replicate.ts";
import type { ConditionOf, FactorOf, Seen, Simplify, SpaceInput } from "./space/condition-space.ts";
import type { InputsOf, Stage } from "./stage.ts";
import type { StageDoor } from "./stage-door.ts";
import type { RecordContext, TrialContext } from "./trial-context.ts";
import type { TrialReturn } from "./trial-return.ts";

/** An object type without keys: what is left out of the definition. */
export type None = Record<never, never>;

export interface SeriesSchemas {
  readonly [name: string]: z.ZodType<object>;
}

/** What `record` takes: the input type of the series' schema. */
export type RowsOf<S> = Simplify<{ readonly [K in keyof S]: S[K] extends z.ZodType ? z.input<S[K]> : never }>;

/** What onRecord sees: the row after its schema. */
type Watchers<S> = {
  readonly [K in keyof S]?: (row: S[K] extends z.ZodType ? z.output<S[K]> : never) => void;
};

// The metrics with a mean are spelt out here, not named, so that an error lists them.
export type Door<P, M, S> = AnalysisDoor<
  ConditionOf<P>,
  FactorOf<P> & string,
  ValuesOf<M>,
  S,
  keyof { [K in keyof M as M[K] extends Metric<number | boolean | null> ? K : never]: K } & string
>;

export interface ExperimentOptions<P extends SpaceInput, M, S, G, N, E> {
  /** Unique in the project: letters, digits, `-`, `_` and `.`. It is part of every seed. */
  readonly name: string;
  readonly description?: string;
  /** The question in one sentence, for the report. */
  readonly question?: string;
  /** Groups that it belongs to: `lab run --tag pilot` runs those of one. Up to 64 letters, digits and `. _ : = -`; a change makes nothing run again. */
  readonly tags?: readonly string[];
  /** Constants and sweeps, or a space joined of several. */
  readonly parameters: P;
  /** One replicate unless told. */
  readonly replicates?: Replication<NoInfer<keyof M & string>, NoInfer<FactorOf<P> & string>>;
  readonly metrics: M;
  /** The metric that the experiment is about; the only one need not be named. */
  readonly primary?: NoInfer<keyof M & string>;
  /** Schemas of round-level rows, by series. */
  readonly series?: S;
  /** Time-out, memory, what is tried again, and what a trial takes of a machine; a change makes nothing run again. */
  readonly limits?: LimitsOptions;
  /**
   * Other experiments whose rows the trial gets under `inputs`; and under `labels` what a machine must have for its stages and trials, such as
   * `["gpu"]` or `["gpu", "site=north"]`, which makes nothing run again.
   */
  readonly needs?: N & NeedsOf<NoInfer<N>>;
  /** Services outside that the trial asks, by name: `chat(...)`, `http(...)`. It gets one typed function for each under `effects`. */
  readonly effects?: E & PortsOf<Seen<ConditionOf<NoInfer<P>>>>;
  /** Steps before the trial; it gets the values of those returned. Write it above `trial`, so that `inputs` is typed. */
  readonly stages?: (door: StageDoor<ConditionOf<NoInfer<P>>, RowsOf<NoInfer<S>>>) => G;
  /** Called once a trial; the functions returned see every row as it is recorded, and may stop the trial. */
  readonly onRecord?: (
    context: RecordContext<Seen<ConditionOf<NoInfer<P>>>, ValuesOf<NoInfer<M>>>,
  ) => Watchers<NoInfer<S>>;
  /** The function of one trial, or a program: `trial: command({ ... })`. */
  // One signature, which a command has too: of a union the checker would name the trial, not the value of it that is wrong.
  readonly trial: ((
    context: TrialContext<
      Seen<ConditionOf<NoInfer<P>>>,
      ValuesOf<NoInfer<M>>,
      RowsOf<NoInfer<S>>,
      InputsOf<NoInfer<G>> & InputsOf<Omit<NoInfer<N>, "labels">>,
      AsksOf<NoInfer<E>>
    >,
  ) => TrialReturn<ValuesOf<M>> | Promise<TrialReturn<ValuesOf<M>>>) &
    Naming<
      keyof Seen<ConditionOf<NoInfer<P>>> & string,
      keyof NoInfer<M> & string,
      keyof NoInfer<S> & string
    >;
  /** What is estimated and tested, fixed before the data. */
  readonly analyses?: (door: Door<NoInfer<P>, NoInfer<M>, NoInfer<S>>) => DeclaredAnalyses;
}

/** Stages by name, as `stages` returns them. */
export interface ReturnedStages {
  readonly [name: string]: Stage<unknown>;
}

/** Experiments by name, and labels of machines. */
export interface Needed {
  readonly [name: string]: ExperimentDefinition | readonly string[];
}

/** Only the labels are a list. */
type NeedsOf<N> = { readonly [K in keyof N]: K extends "labels" ? readonly string[] : ExperimentDefinition };
