// What a host must know of a job before it runs its units: the job as planned, the code by its content, where conditions come from.
// Plain data, and no path of the controller's: a host finds the files in a folder of its own or asks for them.
import type { Replicates } from "../../../lib/experiment/definition.ts";
import type { Condition, SpaceDescriptor } from "../../../lib/experiment/space/space.ts";
import type { BuildId, Job } from "../../plan/plan.ts";

/** A file of a build, by its content. */
export interface CodeFile {
  /** Relative to the build's folder, forward slashes, such as "bundles/walk.experiment.mjs". */
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 of its content, lower-case hex. */
  readonly sha256: string;
}

/** The code of a job. */
export interface JobCode {
  readonly build: BuildId;
  /** Path of the bundle among `files`, and the export that holds the definition. */
  readonly bundle: string;
  readonly exportName: string;
  /** The bundle and all that it imports, in any order. Packages with native code are not among them: a host has them installed. */
  readonly files: readonly CodeFile[];
}

/** Sent once to each host, before the first lease on the job. */
export interface JobOpening {
  /** Index in the plan's `jobs`. */
  readonly index: number;
  readonly job: Omit<Job, "identity">;
  readonly code: JobCode;
  /**
   * Gives the conditions by their index, with none of the author's code. Null where the job brings its own (`job.projected`), where it has
   * none, and where each lease brings those that it speaks of.
   */
  readonly space: SpaceDescriptor | null;
  readonly replicates: Replicates;
  /** Milliseconds a unit may take; null for no limit. */
  readonly timeoutMs: number | null;
  /** Whether rows of series are told as they are recorded, not only in the records. */
  readonly tellsRows: boolean;
}

/** A condition as the plan froze it, derived values included: the `parameters` that its units are handed. */
export interface LeasedCondition {
  /** As the job counts its conditions. */
  readonly index: number;
  readonly parameters: Condition;
}
