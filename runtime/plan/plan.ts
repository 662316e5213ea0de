// What will be done: the frozen, JSON-able answer of `lab build`. Only compile() makes one, so nothing past it validates again.
// A job is one stage of one experiment; its units are numbered, never listed: ten million trials are a few numbers here.
import type { Declared } from "../../lib/experiment/definition.ts";
import type { Limits } from "../../lib/experiment/limits.ts";
import type { SpaceDescriptor } from "../../lib/experiment/space/space.ts";
import type { PlannedPorts } from "./planned-port.ts";

declare const brand: unique symbol;
/** Content identity of a build: a hash of its bundles and its plan. Twelve lower-case hex digits. */
export type BuildId = string & { readonly [brand]: "BuildId" };
/** Content identity of a job: a hash of everything that decides what its units return, except condition and replicate. */
export type JobId = string & { readonly [brand]: "JobId" };
/** Content identity of one unit of a job: a hash of job, condition as the stage uses it, and replicate. */
export type TrialId = string & { readonly [brand]: "TrialId" };

/** One thing that decides a job's outcome, kept apart so that `lab why` can name what changed. */
export interface IdentityPart {
  /** "symbol": a reached declaration; "package": name and version; "file": JSON, WebAssembly or declared data; "seed": root seed and pairing; "upstream": the job of an earlier stage; "semantics": labwright's own version of meaning. */
  readonly kind: "symbol" | "package" | "file" | "seed" | "upstream" | "semantics";
  /** For a symbol `path/in/project.ts#name`; for a package its name; for a file its path in the project. */
  readonly name: string;
  readonly hash: string;
}

/** What a job's units draw on from another job. */
export interface JobNeed {
  /** The key under `inputs` in the stage's context. */
  readonly input: string;
  readonly job: JobId;
  /** "stage": the value that the stage returned for the matching unit; "experiment": all rows of another experiment. */
  readonly kind: "stage" | "experiment";
}

/** One stage of one experiment. */
export interface Job {
  readonly id: JobId;
  readonly experiment: string;
  /** The last stage of every experiment is "trial". */
  readonly stage: string;
  readonly per: "build" | "condition" | "replicate";
  /** Names of the parameters that its units depend on, in declared order: those that it or a stage it needs names; "all" for the trial. */
  readonly uses: readonly string[] | "all";
  /** Of these, the ones that only stages it needs name; absent when there is none. */
  readonly inherited?: readonly string[];
  readonly needs: readonly JobNeed[];
  readonly identity: readonly IdentityPart[];
  /** Raw number of conditions as the stage sees them (before `where`); 1 for per "build". */
  readonly conditions: number;
  /** 1 unless per is "replicate". */
  readonly replicates: number;
  /**
   * The projected conditions of a stage that uses some parameters only, in order of first appearance; null when the stage
   * sees the experiment's own space (then condition i is the space's i-th).
   */
  readonly projected: readonly Readonly<Record<string, unknown>>[] | null;
  /**
   * How far conditions (as the stage sees them) had to move so that `replicate.seed` is another one in each of the job's units; index
   * to a uint32. Absent when none had to, which is nearly always, and where there are more than a million conditions.
   */
  readonly seedSalts?: Readonly<Record<number, number>> | undefined;
  /** Whose random numbers its units draw, where they are another's: those of the trial that a branch comes from. */
  readonly streams?: JobStreams;
  /** What a program's trials find in their folders; absent for a function. */
  readonly files?: readonly CommandFile[] | undefined;
  /** What a program's trials start; absent for a function. */
  readonly program?: JobProgram | undefined;
}

export interface JobProgram {
  /** The first word of `run`. */
  readonly name: string;
  /** The PATH that the command sets; null where it sets none. */
  readonly path: string | null;
}

/** The names that random streams are made of in place of a job's own. */
export interface JobStreams {
  readonly experiment: string;
  /** As the stage sees it; null for a stage that runs once a build. */
  readonly condition: Readonly<Record<string, unknown>> | null;
}

/** A file that each trial of a command gets a copy of. */
export interface CommandFile {
  /** Relative to the trial's folder. */
  readonly path: string;
  /** Relative to the project's root. */
  readonly source: string;
  /** Where the build keeps it, relative to its folder. */
  readonly kept: string;
  readonly sha256: string;
}

/** Unit number within a job: `replicate * conditions + condition`, so that more replicates only append. Below 2^32. */
export type UnitNumber = number;

/** A space without the author's code: what his functions gave lies in files of the build. */
export interface StoredSpace {
  readonly space: SpaceDescriptor;
  /** Raw size of the space and how many conditions `where` admits. */
  readonly conditions: number;
  readonly admittedCount: number;
  /** Path, relative to the build's folder, of a bitmap (bit i of byte i>>3) of admitted raw conditions; null when all are. */
  readonly admitted: string | null;
  /** Path, relative to the build's folder, of a JSON array of objects of derived values by raw condition; null when none. */
  readonly derived: string | null;
  /** The same as short hashes, base64 (see derivedHashesOf), by which records are placed in a changed design; null when none. */
  readonly derivedHashes: string | null;
  /** Levels given on the command line (`-S key=value`), by parameter. */
  readonly overrides: Readonly<Record<string, readonly unknown[]>>;
}

/** Where a branch comes from, and what is changed in it. */
export interface BranchOrigin {
  readonly run: string;
  readonly trial: string;
  readonly experiment: string;
  /** Key of the first exchange that is asked anew. */
  readonly at: string;
  /** Parameters, by name. */
  readonly set: Readonly<Record<string, unknown>>;
  /** Answers given in place of those that were kept, by key. */
  readonly answers: Readonly<Record<string, unknown>>;
}

/** What is known of an experiment once its code is gone: enough to list, query and report. */
export interface PlannedExperiment extends Declared, StoredSpace {
  /** Path of the source file relative to the project's root, and the export that holds the definition. */
  readonly file: string;
  readonly exportName: string;
  readonly line: number;
  /** Path of the executable bundle relative to the build's folder. */
  readonly bundle: string;
  /** JSON Schema (2020-12) of each series' rows. */
  readonly series: Readonly<Record<string, unknown>>;
  /** Absent where none are declared. */
  readonly limits?: Limits;
  /** Groups that it belongs to; absent where there are none. */
  readonly tags?: readonly string[];
  /** What a machine must have to run its stages and trials; absent where there is nothing. */
  readonly labels?: readonly string[];
  /** Services that its trials ask; absent where there are none. */
  readonly effects?: PlannedPorts;
  /** Where it comes from, for a branch of one trial; absent for what an author wrote. */
  readonly branch?: BranchOrigin;
  /** The jobs of this experiment in order; the last is the trial. */
  readonly jobs: readonly JobId[];
}

/** The whole plan. `jobs` is in topological order over all experiments. */
export interface Plan {
  readonly format: "labwright.plan/1";
  readonly build: BuildId;
  readonly labwright: string;
  readonly semantics: number;
  readonly experiments: readonly PlannedExperiment[];
  readonly jobs: readonly Job[];
}
