// What the loading process tells about a build's definitions: plain data, read and expanded where the author's code could run.
// The functions stay behind; from here on an experiment is JSON.
import type { AuthorsCall } from "../../../lib/experiment/authors-call.ts";
import type { CallSite } from "../../../lib/experiment/call-site.ts";
import type { Declared } from "../../../lib/experiment/definition.ts";
import type { Simulation } from "../../../lib/experiment/effects/port.ts";
import type { Json } from "../../../lib/experiment/json.ts";
import type { Limits } from "../../../lib/experiment/limits.ts";
import type { DefinitionProblem } from "../../../lib/experiment/problem.ts";
import type { Condition } from "../../../lib/experiment/space/space.ts";
import type { SourcePlace } from "../../diagnostic/diagnostic.ts";
import type { Job, StoredSpace } from "../../plan/plan.ts";
import type { PlannedPorts } from "../../plan/planned-port.ts";
import type { TrialPart } from "../rules/place-in-trial.ts";

/** What to load: bundles relative to `folder`, and where expanded spaces go. */
export interface LoadRequest {
  /** Absolute path of the project. */
  readonly root: string;
  readonly folder: string;
  readonly bundles: readonly { readonly file: string; readonly bundle: string }[];
  /** Levels from the command line, by parameter. */
  readonly overrides: Readonly<Record<string, readonly unknown[]>>;
  /** Folder, relative to `folder`, for bitmaps and columns. */
  readonly spaces: string;
}

/** Messages of the loading process, in order; `busy` says what it is about to do, so that a hang or a crash has a name and a place. */
export type LoadMessage =
  /** The part that is about to be called; null for the module itself. */
  | { readonly type: "busy"; readonly file: string; readonly part: AuthorsCall | null }
  /** Still busy with the same. */
  | { readonly type: "alive" }
  | { readonly type: "loaded"; readonly file: string; readonly experiments: readonly LoadedExperiment[] }
  | {
      readonly type: "failed";
      readonly file: string;
      /** True when the process ends with it. */
      readonly isLast: boolean;
      readonly text: string;
      readonly frames: readonly CallSite[];
    }
  | { readonly type: "done" };

export interface LoadedStage {
  readonly name: string;
  readonly per: "build" | "condition" | "replicate";
  readonly uses: readonly string[] | "all";
  readonly inherited: readonly string[];
  readonly needs: readonly string[];
  readonly reads: readonly string[];
  /** As the plan has them (Job.conditions, Job.projected). */
  readonly conditions: number;
  readonly projected: readonly Condition[] | null;
  readonly seedSalts?: Job["seedSalts"];
  /** Those of a command; absent for a function. */
  readonly files?: Job["files"];
  readonly program?: Job["program"];
  /** Those that a program hands on as a stage; absent for a function, and for the trial. */
  readonly metrics?: Declared["metrics"];
  readonly site: CallSite | null;
}

/** A mistake that only expanding the space shows. Places are the experiment's. */
export type SpaceProblem =
  | { readonly kind: "empty"; readonly raw: number }
  | { readonly kind: "equal"; readonly condition: string; readonly first: number; readonly second: number }
  | {
      readonly kind: "threw";
      /** `where`, `derived value "share"`. */
      readonly part: string;
      /** `firms=2, discount=0.95` */
      readonly condition: string;
      readonly text: string;
      readonly frames: readonly CallSite[];
    }
  | { readonly kind: "derived"; readonly parameter: string; readonly found: string };

/** A mistake with what is known of its place. */
export interface LoadedProblem extends DefinitionProblem {
  /** In a file that is no module, such as a base configuration. */
  readonly place?: SourcePlace;
  readonly part?: TrialPart;
}

export interface LoadedExperiment extends Declared, StoredSpace {
  readonly file: string;
  /** Every export that holds it, "default" first. */
  readonly exportNames: readonly string[];
  /** JSON Schema of each series, or why there is none. */
  readonly series: Readonly<Record<string, { readonly schema: unknown } | { readonly reason: string }>>;
  readonly stages: readonly LoadedStage[];
  readonly effects: PlannedPorts;
  /** Of a trial that is a simulation of an orchestrator: as it is written, and what some conditions set. The schema is read where this is. */
  readonly simulation: {
    readonly written: Simulation;
    readonly site: CallSite | null;
    readonly settings: readonly Readonly<Record<string, Json>>[];
  } | null;
  /** Names of needed experiments by key. */
  readonly needs: Readonly<Record<string, string>>;
  /** Null where none are declared. */
  readonly limits: Limits | null;
  readonly tags: readonly string[];
  /** Of machines. */
  readonly labels: readonly string[];
  readonly problems: readonly LoadedProblem[];
  readonly site: CallSite | null;
  readonly parameters: readonly string[];
  readonly factors: readonly string[];
  /** Hash of the space, of what `where` admits and of the derived values. */
  readonly design: string;
  readonly spaceProblems: readonly SpaceProblem[];
}
