// What was asked: an experiment as plain data plus its functions. defineExperiment makes it; the compiler checks and freezes it.
// Everything here but functions and zod schemas is JSON, so it can be printed, hashed and stored.
import type { z } from "zod";
import type { AnalysisSpec } from "./analysis-spec.ts";
import type { CallSite } from "./call-site.ts";
import type { Command } from "./command.ts";
import type { CustomAnalysis } from "./custom-analysis.ts";
import type { Port } from "./effects/port.ts";
import type { Limits } from "./limits.ts";
import type { DefinitionProblem } from "./problem.ts";
import type { Space } from "./space/space.ts";
import type { RecordContext, TrialContext } from "./trial-context.ts";

export type { AnalysisSpec } from "./analysis-spec.ts";

/** What a metric may be; every trial returns one value for each. */
export interface MetricSpec {
  readonly type: "number" | "integer" | "boolean" | "category";
  /** In words, such as "share of the gap to monopoly"; null when it has none. */
  readonly unit: string | null;
  /** Smallest and largest possible value, null for an open end; null when not declared. */
  readonly range: readonly [low: number | null, high: number | null] | null;
  /** Which way is better; null when neither is. */
  readonly direction: "maximize" | "minimize" | null;
  /** True when null is a proper value. Otherwise a missing or non-finite value fails the trial. */
  readonly optional: boolean;
  /** The values of a category in declared order; null for other types. */
  readonly categories: readonly string[] | null;
  /** One sentence for the report; null when not given. */
  readonly description: string | null;
  /** For an integer that counts events; absent for other metrics. */
  readonly count?: EventCounting;
  /** For a number that estimates a known truth; absent for other metrics. */
  readonly estimate?: EstimateOf;
}

/** What an estimate is held against in a simulation study. */
export interface EstimateOf {
  /** The truth: a number, or the name of the parameter that holds it. */
  readonly truth: number | string;
  /** The metric that is the method's own standard error; null where it gives none. */
  readonly standardError: string | null;
  /** The value that a test of the estimate rejects. */
  readonly null: number;
}

/** How the events of a count become a rate. */
export interface EventCounting {
  /** The metric or parameter that says over how much they were counted; null for the trial itself. */
  readonly exposure: string | null;
}

/** When adaptive replication may stop; it looks only at complete replicates 1..k in index order. */
export interface StoppingRule {
  /** The metric it watches. */
  readonly metric: string;
  readonly goal: /** The confidence sequence of every condition's mean is at most this half-width, in the metric's units. */
    | { readonly kind: "half-width"; readonly halfWidth: number }
    /** The confidence sequence of every condition's mean lies wholly above or wholly below this value. */
    | { readonly kind: "decided"; readonly value: number }
    /** The confidence sequence of every difference from the baseline (or of all pairs) excludes zero. */
    | {
        readonly kind: "decided-between";
        readonly across: string;
        readonly baseline: { readonly level: unknown } | null;
      };
  /** Coverage of all confidence sequences (one a condition or difference) together, at all times at once; 0.95 unless told. */
  readonly confidence: number;
  /** Replicates before the first look. */
  readonly min: number;
  /** Replicates at which it stops in any case. */
  readonly max: number;
}

/** How often every condition is repeated, and from which seeds. */
export interface Replicates {
  /** Number of replicates a condition; under a stopping rule the most there can be. */
  readonly count: number;
  /** Root seed, 0 to 2^53-1. */
  readonly seed: number;
  /** Explicit uint32 values of `replicate.seed`, one a replicate; null when they come from names. */
  readonly seeds: readonly number[] | null;
  /** "common-random-numbers": streams leave the condition out, and the replicate is the block of the analysis. */
  readonly pairing: "independent" | "common-random-numbers";
  /** Null for a fixed number. */
  readonly until: StoppingRule | null;
}

/** What every step of the job graph has. */
interface StageParts {
  readonly name: string;
  /** How many units it has: one, one a (projected) condition, or one a (projected) condition and replicate. */
  readonly per: "build" | "condition" | "replicate";
  /** The parameters it sees; its seed and identity depend on no others. */
  readonly uses: readonly string[] | "all";
  /** Names of the stages whose values it is handed under `inputs`. */
  readonly needs: readonly string[];
  /** Names in the definition's `needs` whose rows it is handed under `inputs`. */
  readonly reads: readonly string[];
  readonly site: CallSite | null;
}

/** A step that is a function of the author's. */
export interface FunctionStage extends StageParts {
  readonly kind: "function";
  /** Its types erased; a stage before the trial is handed the same context, but its rows and outcomes are its own. */
  run(context: TrialContext): unknown;
}

/** A step that is a program: it runs in a folder of its own and leaves its values behind. */
export interface CommandStage extends StageParts {
  readonly kind: "command";
  readonly command: Command;
  /** What a stage before the trial hands on; null for the trial, whose metrics are those of the experiment. */
  readonly hands: StageValues | null;
}

/** What a program hands on as a stage. */
export interface StageValues {
  /** Read as the command says, in declared order. */
  readonly metrics: Readonly<Record<string, MetricSpec>>;
  /** Files that it leaves behind, by the name under which their content is handed on. */
  readonly contents: Readonly<Record<string, ContentSource>>;
}

/** A file that is handed on: JSON that fits a schema, or a text. */
export type ContentSource = { readonly json: string; readonly schema: z.ZodType } | { readonly text: string };

/** A step of the job graph. The last of every experiment is the trial. */
export type StageDefinition = FunctionStage | CommandStage;

/** Builds, for one trial, the callbacks that see each recorded row at once and may stop the trial. */
export type OnRecord = (
  context: RecordContext,
) => Readonly<Record<string, ((row: Readonly<Record<string, unknown>>) => void) | undefined>>;

/** What an author declares in plain data; the same from the definition to the report. */
export interface Declared {
  /** Unique in the project. */
  readonly name: string;
  readonly description: string | null;
  /** In one sentence, for the report. */
  readonly question: string | null;
  readonly replicates: Replicates;
  /** By name, in declared order. */
  readonly metrics: Readonly<Record<string, MetricSpec>>;
  /** The metric that the experiment is about: as declared, or the only one; null otherwise. */
  readonly primary: string | null;
  /** In declared order. */
  readonly analyses: readonly AnalysisSpec[];
}

export interface ExperimentDefinition extends Declared {
  readonly kind: "labwright/experiment";
  /** Groups that it belongs to, each once; no part of what a trial computes. */
  readonly tags: readonly string[];
  readonly space: Space;
  /** Schema of the rows of each series. */
  readonly series: Readonly<Record<string, z.ZodType>>;
  /** In execution order; the last is always the trial, named "trial". */
  readonly stages: readonly StageDefinition[];
  /** Other experiments whose results it draws on, by the key under `inputs`. */
  readonly needs: Readonly<Record<string, ExperimentDefinition>>;
  /** What a machine must have for its stages and trials, each once; no part of what a trial computes. */
  readonly labels: readonly string[];
  /** Services outside that the trial asks, by name. */
  readonly effects: Readonly<Record<string, Port>>;
  /** Null when no series is watched. Part of what decides a trial's outcome, as the trial function is. */
  readonly onRecord: OnRecord | null;
  /** Null where none are declared. No part of what a trial computes. */
  readonly limits: Limits | null;
  /** The functions of the custom analyses, by analysis name. */
  readonly customs: Readonly<Record<string, CustomAnalysis>>;
  /** Every mistake that the builders saw; empty for a sound definition. */
  readonly problems: readonly DefinitionProblem[];
  /** Where defineExperiment was called. */
  readonly site: CallSite | null;
  /** Where the parts were built, for diagnostics; null where the engine gave no stack. */
  readonly sites: {
    readonly parameters: Readonly<Record<string, CallSite | null>>;
    readonly metrics: Readonly<Record<string, CallSite | null>>;
    readonly analyses: readonly (CallSite | null)[];
  };
}

/** What was declared, of whatever holds it. */
export function declaredOf(of: Declared): Declared {
  const { name, description, question, replicates, metrics, primary, analyses } = of;
  return { name, description, question, replicates, metrics, primary, analyses };
}

/** Whether a module's export is an experiment, by its brand: it may come from another copy of labwright. */
export function isExperiment(value: unknown): value is ExperimentDefinition {
  return (
    typeof value === "object" && value !== null && "kind" in value && value.kind === "labwright/experiment"
  );
}
