// Begins a run or takes one up again: takes the project's lock, cuts what a kill left torn, writes the manifest, and hands out everything
// that is written while trials run.
import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import type { Plan } from "../../plan/plan.ts";
import { hasSimulations } from "../../plan/simulation-id.ts";
import type { RanAt } from "../../record/trial-table.ts";
import { ownerOnly, writeAtomicSync } from "../files/atomic-file.ts";
import { runLayoutOf, type StoreLayout } from "../files/layout.ts";
import { type RunLock, takeLock } from "../files/run-lock.ts";
import { isHeld, type LockedJob, takeProjectLock, takeRunLocks } from "../files/run-locks.ts";
import { StoreError, wordedSync } from "../files/store-error.ts";
import type { ArtifactStore } from "../kept/artifacts.ts";
import { openArtifacts } from "../kept/artifacts.ts";
import { openCheckpoints } from "../kept/checkpoints.ts";
import { openEffectJournal } from "../kept/effect-journal.ts";
import type { TrialLog } from "../kept/trial-log.ts";
import { openTrialLog } from "../kept/trial-log.ts";
import { scanFrames } from "../ledger/frame-scan.ts";
import { openLedgerWriter } from "../ledger/ledger-writer.ts";
import type { Segment } from "../ledger/segment.ts";
import { cutTornTails } from "../ledger/torn-tail.ts";
import { compact as compactHere } from "../parquet/compact.ts";
import { compactInChild } from "../parquet/compact-run.ts";
import { planHashOf } from "../plan-hash.ts";
import { projectKeyOf } from "../project-key.ts";
import type { ProjectStore } from "../project-store.ts";
import type {
  CancelledTrials,
  CheckpointStore,
  EffectJournal,
  ImportedFrom,
  LedgerWriter,
  RunManifest,
} from "../store.ts";
import { manifestFormat, runIds, writeManifest } from "./manifest.ts";
import { openProposalJournal, type ProposalJournal } from "./proposals.ts";
import { gatherProvenance } from "./provenance.ts";
import { runIdAfter } from "./run-id.ts";

/** What two runs that are the same have in common. */
export interface RunIdentity {
  readonly plan: Plan;
  /** Names of the selected experiments. */
  readonly experiments: readonly string[];
  readonly selection: RunManifest["selection"];
  /** Count only what this run records itself. */
  readonly forced: boolean;
}

export interface StartRunOptions extends RunIdentity {
  readonly store: ProjectStore;
  readonly name: string | null;
  /** What was typed. */
  readonly command: string;
  /** The run to take up again (see resumableRun); null for a new one. */
  readonly resume: RunManifest | null;
  /** Where its results come from, for a run that this labwright did not run. */
  readonly imported?: { readonly from: ImportedFrom; readonly ran: RanAt };
  /** Trials of an earlier run that stay cancelled. */
  readonly cancelled?: readonly CancelledTrials[];
  /** The jobs that it may record: no other run records them meanwhile. All of the plan's unless told. */
  readonly records?: readonly LockedJob[];
}

/** A run being written. */
export interface RunWriter {
  readonly manifest: RunManifest;
  /** Names this process among all that write or have written this run. */
  readonly session: string;
  readonly ledger: LedgerWriter;
  readonly effects: EffectJournal;
  readonly checkpoints: CheckpointStore;
  readonly artifacts: ArtifactStore;
  readonly logs: TrialLog;
  readonly proposals: ProposalJournal;
  /** Writes into the manifest that trials are cancelled. */
  cancel(trials: CancelledTrials): void;
  /** What was found and mended on the way, in words: torn tails, damage; after `finish` also why Parquet files could not be made. */
  readonly notices: readonly string[];
  /**
   * Makes everything durable, pins what counts as results, compacts them to Parquet (in a process of its own; by default not when the run
   * was stopped or aborted, since it is to go on) and gives the lock back. Call it once, whatever happened.
   */
  finish(
    status: Exclude<RunManifest["status"], "running">,
    options?: {
      readonly compact?: boolean;
      /** What stopping rules came to, by experiment. */
      readonly stopping?: NonNullable<RunManifest["stopping"]>;
    },
  ): Promise<RunManifest>;
}

/** Throws StoreError when another run records the same jobs, or when the project's folder cannot be written. */
export async function startRun(options: StartRunOptions): Promise<RunWriter> {
  const { store } = options;
  wordedSync(store.layout.folder, () => mkdirSync(store.layout.folder, { recursive: true }));
  const lock = await takeProjectLock(store.layout, "a run that begins");
  try {
    return await begunRun(options);
  } finally {
    lock.release();
  }
}

/** The caller holds the project's lock, so that no other run begins meanwhile. */
async function begunRun(options: StartRunOptions): Promise<RunWriter> {
  const { store, plan, resume, records = plan.jobs } = options;
  const { layout } = store;
  const startedAt = new Date().toISOString();
  const planHash = planHashOf(plan);
  const id = resume?.id ?? runIdAfter(runIds(layout), planHash + startedAt);
  const lock = locksOf(layout, { run: id, jobs: records });
  try {
    const run = runLayoutOf(layout, id);
    const notices: string[] = (await store.runs())
      .filter((each) => each.status === "running" && (each.id === id || !isHeld(layout, each.id)))
      .flatMap((killed) => cutTornTails(runLayoutOf(layout, killed.id).segments));
    if (resume !== null && resume.planHash !== planHash) throw new Error(`run ${id} is of another plan`);
    const manifest =
      resume === null
        ? await newManifest(options, { id, planHash, startedAt })
        : resumedManifest(resume, options.cancelled ?? []);
    if (resume === null) writeAtomicSync(run.plan, JSON.stringify(plan));
    writeManifest(run, manifest);
    const cancelled = [...(manifest.cancelled ?? [])];
    const ledger = openLedgerWriter({ plan, planHash, run: id, folder: run.segments, now: Date.now });
    const effects = openEffectJournal({
      folder: run.effects,
      read: options.forced ? [run.effects] : runIds(layout).map((each) => runLayoutOf(layout, each).effects),
    });
    const logs = openTrialLog(run.logs);
    const proposals = openProposalJournal(run);
    return {
      manifest,
      session: `${id}/${manifest.epoch}`,
      ledger,
      effects,
      checkpoints: openCheckpoints(layout.checkpoints),
      artifacts: openArtifacts(layout.artifacts),
      logs,
      proposals,
      notices,
      cancel(trials) {
        cancelled.push(trials);
        writeManifest(run, { ...manifest, cancelled });
      },
      async finish(status, { compact = isWhole(status), stopping = {} } = {}) {
        try {
          logs.close();
          proposals.close();
          await effects.close();
          await ledger.close();
          const finished: RunManifest = {
            ...manifest,
            ...(cancelled.length > 0 && { cancelled }),
            status,
            sources: pinnedSources(store, plan, manifest),
            ...(Object.keys(stopping).length > 0 && { stopping }),
            provenance: { ...manifest.provenance, finishedAt: new Date().toISOString() },
          };
          writeManifest(run, finished);
          if (!compact) return finished;
          const compacted = await compactedOf(store, finished, notices);
          if (compacted === null) return finished;
          const whole: RunManifest = { ...finished, compacted };
          writeManifest(run, whole);
          return whole;
        } finally {
          lock.release();
        }
      },
    };
  } catch (error) {
    lock.release();
    removeUnbegun(layout, id);
    throw error;
  }
}

function locksOf(layout: StoreLayout, of: Parameters<typeof takeRunLocks>[1]): { release(): void } {
  try {
    return wordedSync(layout.locks, () => takeRunLocks(layout, of));
  } catch (error) {
    removeUnbegun(layout, of.run);
    throw error;
  }
}

/** A run that could not be begun leaves nothing. */
function removeUnbegun(layout: StoreLayout, id: string): void {
  const { manifest, folder } = runLayoutOf(layout, id);
  if (!existsSync(manifest)) rmSync(folder, { recursive: true, force: true });
}

/** The newest run of this very plan and selection that did not end by itself, for `lab run` to go on with; null when there is none. */
export function resumableRun(runs: readonly RunManifest[], wanted: RunIdentity): RunManifest | null {
  const isSame = isRunOf(wanted);
  return runs.find((run) => run.status !== "complete" && isSame(run)) ?? null;
}

/** Whether a run is of this very plan and selection. */
export function isRunOf(wanted: RunIdentity): (run: RunManifest) => boolean {
  const planHash = planHashOf(wanted.plan);
  const keyOf = (of: Omit<RunIdentity, "plan">): string =>
    JSON.stringify([
      [...of.experiments].sort(),
      Object.entries(of.selection.filter).sort(([a], [b]) => (a < b ? -1 : 1)),
      of.selection.limit,
      of.selection.shard ?? null,
      of.forced,
    ]);
  const key = keyOf(wanted);
  return (run) => run.planHash === planHash && keyOf(run) === key;
}

/** Whether a process is writing this run right now; a manifest that says "running" is else of a run that was killed. */
export function isRunning(store: ProjectStore, run: RunManifest): boolean {
  return isHeld(store.layout, run.id);
}

/** Takes the project's lock to free space in it, which works on a full disk too. Throws StoreError ("locked") while any run goes on. */
export function lockToClean({ layout }: ProjectStore): RunLock {
  const lock = takeLock(layout.lock, "clean", { mayBeBlank: true });
  const going = runIds(layout).filter((id) => isHeld(layout, id));
  if (going.length === 0) return lock;
  lock.release();
  throw new StoreError(
    "locked",
    `Nothing is freed while a run goes on: ${going.join(", ")}.`,
    "Wait for it (`lab watch`), or end it (`lab stop`).",
  );
}

async function newManifest(
  options: StartRunOptions,
  { id, planHash, startedAt }: { readonly id: string; readonly planHash: string; readonly startedAt: string },
): Promise<RunManifest> {
  const { store, plan, name, imported } = options;
  const { provenance, diff } = await gatherProvenance({
    root: store.root,
    run: id,
    runName: name,
    build: plan.build,
    labwright: plan.labwright,
    startedAt,
    command: options.command,
    environment: process.env,
  });
  if (diff !== null && imported === undefined)
    writeAtomicSync(runLayoutOf(store.layout, id).diff, diff, { mode: ownerOnly });
  return {
    format: manifestFormat,
    id,
    name,
    build: plan.build,
    planHash,
    experiments: options.experiments,
    selection: options.selection,
    status: "running",
    epoch: 1,
    forced: options.forced,
    sources: null,
    compacted: {},
    ...cancelledPart(options.cancelled ?? []),
    ...(imported !== undefined && { imported: imported.from }),
    ...(hasSimulations(plan) && { simulations: projectKeyOf(store.layout) }),
    provenance: imported === undefined ? provenance : { ...ofElsewhere(provenance), ran: imported.ran },
  };
}

/** This machine and this project's code say nothing about trials that ran elsewhere. */
function ofElsewhere(provenance: RunManifest["provenance"]): RunManifest["provenance"] {
  return {
    ...provenance,
    ...{ node: "unknown", platform: "unknown", cpu: "unknown", cores: 0, memoryGb: 0 },
    ...{ gitCommit: null, gitDirty: null, lockfileHash: null, packages: {} },
  };
}

function cancelledPart(cancelled: readonly CancelledTrials[]): Pick<RunManifest, "cancelled"> {
  return cancelled.length > 0 ? { cancelled } : {};
}

function resumedManifest(resume: RunManifest, cancelled: readonly CancelledTrials[]): RunManifest {
  const { stopping: _, cancelled: __, ...before } = resume;
  return {
    ...before,
    ...cancelledPart(cancelled),
    status: "running",
    epoch: (resume.epoch ?? 1) + 1,
    sources: null,
    compacted: {},
    provenance: { ...resume.provenance, finishedAt: null },
  };
}

function isWhole(status: RunManifest["status"]): boolean {
  return status === "complete" || status === "budget";
}

/** Ledgers up to so many bytes are compacted in this process, which is done sooner; larger ones in another, so that this one stays small. */
const compactedHereMax = 8 * 2 ** 20;

/** Null, with a notice, when it did not work: nothing rests on the Parquet files. */
async function compactedOf(
  store: ProjectStore,
  run: RunManifest,
  notices: string[],
): Promise<RunManifest["compacted"] | null> {
  try {
    const bytes = (run.sources ?? []).reduce((sum, source) => sum + source.bytes, 0);
    if (bytes > compactedHereMax) return await compactInChild(store.root, run.id);
    return await compactHere({ store, run, folder: runLayoutOf(store.layout, run.id).folder });
  } catch (error) {
    notices.push(compactionWords(run.id, error));
    return null;
  }
}

function compactionWords(run: string, error: unknown): string {
  if (error instanceof StoreError)
    return error.hint === null ? error.message : `${error.message} ${error.hint}`;
  const why = error instanceof Error ? error.message : String(error);
  return `The results of ${run} were not compacted to Parquet: ${why}. Nothing is lost: reports, queries and exports read the ledger instead.`;
}

/** Every segment that holds records of the plan's jobs, as long as it is now. */
function pinnedSources(
  store: ProjectStore,
  plan: Plan,
  run: RunManifest,
): NonNullable<RunManifest["sources"]> {
  const segments = new Map(
    plan.jobs
      .flatMap((job) => store.sourcesOf(plan, job, { run: { ...run, sources: null } }))
      .map(({ segment }) => [segment.name, segment]),
  );
  return [...segments].map(([name, segment]) => ({
    segment: name,
    bytes: wholeBytesOf(store, run, segment),
  }));
}

/** How long a segment is now, without an entry that another process is writing. */
function wholeBytesOf(store: ProjectStore, run: RunManifest, { run: of, path, start }: Segment): number {
  if (of === run.id || !isHeld(store.layout, of)) return statSync(path).size;
  return scanFrames(path, start, { wants: () => false, frame: () => undefined });
}
