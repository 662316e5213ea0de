// Brings a run of labwright to an MLflow server: a run of MLflow an experiment, and one a trial below it for the first trials planned. What the
// server has is found by tags, so doing it again sends what is new and nothing else, wherever an earlier attempt ended.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type ArtifactStore, openArtifacts } from "../../store/kept/artifacts.ts";
import type { ProjectStore } from "../../store/project-store.ts";
import { type RecordedExperiment, recordedExperiments } from "../../store/runs/recorded-trials.ts";
import type { RunManifest } from "../../store/store.ts";
import type { Conclusions, ReportFile } from "../conclusions.ts";
import { digestOf, type TrackedTrial, trackedTrials } from "../tracked-trial.ts";
import type { SyncedExperiment } from "../tracker.ts";
import type { MlflowPair } from "./batches.ts";
import { MlflowRefusal } from "./client.ts";
import { experimentPayload, type Payload, trialPayload } from "./payload.ts";
import type { MlflowServer, ServerRun } from "./server.ts";

export interface MlflowSyncOptions {
  readonly server: MlflowServer;
  /** Name of the experiment on the server; that of each experiment where it is null. */
  readonly experiment: string | null;
  /** Trials of an experiment that are runs of their own, the first planned ones; null for all. */
  readonly trials: number | null;
  /** Points of a column of a series at most. */
  readonly points: number;
  readonly redact: (text: string) => string;
  /** Hears of each run that was sent. */
  readonly onSent?: (sent: number) => void;
}

/** What is brought. */
export interface Brought {
  readonly store: ProjectStore;
  readonly run: RunManifest;
  /** Null while the run goes on. */
  readonly conclusions: Conclusions | null;
  /** By experiment, while the run goes on. */
  readonly progress: ReadonlyMap<string, Progress>;
}

export interface Progress {
  readonly done: number;
  readonly failed: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

interface Known {
  readonly parent: ServerRun;
  readonly experiment: string;
  /** By trial. */
  readonly children: Map<string, Child>;
  parentDigest: string | null;
  /** Trials that had ended when it was last told. */
  told: number;
  /** What could not be sent, in words. */
  readonly notes: Set<string>;
}

interface Child {
  readonly run: ServerRun;
  readonly digest: string | null;
}

/** Requests under way at once. */
const lanes = 6;
/** Holds the digest of what was sent, written after everything else. */
const sentTag = "labwright.sent";
const keyTag = "labwright.key";
const parentTag = "mlflow.parentRunId";

/** A file on its way to the artifacts of a run. */
interface RunFile {
  readonly name: string;
  readonly read: () => Promise<Uint8Array>;
}

/** One run of labwright, over as many turns as it takes. */
export class MlflowSync {
  readonly #options: MlflowSyncOptions;
  readonly #known = new Map<string, Known>();
  #sent = 0;

  constructor(options: MlflowSyncOptions) {
    this.#options = options;
  }

  /** Sends what is new. @throws MlflowAway, MlflowRefusal */
  async bring(of: Brought): Promise<readonly SyncedExperiment[]> {
    const synced: SyncedExperiment[] = [];
    for (const experiment of await recordedExperiments(of.store, of.run, new Map()))
      synced.push(await this.#bringExperiment(of, experiment));
    return synced;
  }

  async #bringExperiment(of: Brought, recorded: RecordedExperiment): Promise<SyncedExperiment> {
    const { trials, points, server } = this.#options;
    const { run, conclusions, progress } = of;
    const { name } = recorded.experiment.planned;
    const planned = recorded.planned.count;
    const payload = this.#redacted(
      experimentPayload({
        run,
        experiment: recorded.experiment,
        counts: { planned, shown: Math.min(planned, trials ?? planned) },
        conditionsMax: trials,
        conclusions: conclusions?.experiments.find(({ experiment }) => experiment === name) ?? null,
      }),
    );
    const known = this.#known.get(name) ?? (await this.#open(run, name, payload));
    this.#known.set(name, known);
    const count = { sent: 0, unchanged: 0 };
    const artifacts = openArtifacts(of.store.layout.artifacts);
    await inLanes(trackedTrials(recorded, { most: trials, points }), async (trial) => {
      const isNew = await this.#bringTrial(known, trial, artifacts);
      count[isNew ? "sent" : "unchanged"] += 1;
    });
    const at = progress.get(name);
    if (at !== undefined) await this.#tell(known, at);
    if (conclusions !== null) await this.#conclude(known, payload, conclusions.files);
    const left = planned - count.sent - count.unchanged;
    const counts = { planned, ...count, left };
    return {
      experiment: name,
      run: known.parent.id,
      server: server.place,
      trials: counts,
      notes: [...known.notes],
    };
  }

  async #tell(known: Known, { done, failed, at }: Progress): Promise<void> {
    if (done === known.told) return;
    const metrics = Object.entries({ done, failed }).map(([name, value]) => ({
      key: `labwright.${name}`,
      value,
      timestamp: at,
      step: done,
    }));
    await this.#options.server.log(known.parent.id, { params: [], tags: [], metrics });
    known.told = done;
  }

  /** The run of an experiment, made where there is none, with the runs of trials that the server has. */
  async #open(run: RunManifest, name: string, payload: Payload): Promise<Known> {
    const { server } = this.#options;
    const experiment = await server.experiment(this.#options.experiment ?? name);
    const key = keyOf(run.id, run.provenance.startedAt, name);
    const found = await server.find(experiment, key);
    const { startedAt, params, tags } = payload;
    const parent =
      found ?? (await server.create({ experiment, name: run.name ?? run.id, startedAt, tags: [], key }));
    const parentDigest = parent.tags[sentTag] ?? null;
    if (found === null) await server.log(parent.id, { params, tags, metrics: [] });
    const children = new Map<string, Child>();
    if (found !== null)
      for (const child of await server.runs(experiment, { key: parentTag, value: parent.id })) {
        const trial = child.tags["labwright.trial"];
        if (trial !== undefined) children.set(trial, { run: child, digest: child.tags[sentTag] ?? null });
      }
    return { parent, experiment, children, parentDigest, told: 0, notes: new Set() };
  }

  /** False where the server has it already. */
  async #bringTrial(known: Known, trial: TrackedTrial, artifacts: ArtifactStore): Promise<boolean> {
    const { server } = this.#options;
    const { parent, experiment, children } = known;
    const payload = this.#redacted(trialPayload(trial));
    const { digest, startedAt } = payload;
    const before = children.get(trial.id);
    if (before?.digest === digest) return false;
    const key = keyOf(parent.id, trial.id);
    const tags = [
      { key: parentTag, value: parent.id },
      { key: "labwright.trial", value: trial.id },
    ];
    const run = before?.run ?? (await server.create({ experiment, name: trial.id, startedAt, tags, key }));
    children.set(trial.id, { run, digest: null });
    await this.#send(run, payload, {
      notes: known.notes,
      files: trial.artifacts.map(({ name, hash }) => ({
        name: `artifacts/${name}`,
        read: () => artifacts.read(hash),
      })),
    });
    children.set(trial.id, { run, digest });
    this.#sent += 1;
    this.#options.onSent?.(this.#sent);
    return true;
  }

  async #conclude(known: Known, payload: Payload, files: readonly ReportFile[]): Promise<void> {
    const read = await Promise.all(
      files.map(async ({ name, path }) => ({ name: `report/${name}`, bytes: await readFile(path) })),
    );
    const hashes = read.map(({ name, bytes }) => [name, createHash("sha256").update(bytes).digest("hex")]);
    const digest = digestOf([payload.digest, hashes]);
    if (known.parentDigest === digest) return;
    await this.#send(
      known.parent,
      { ...payload, digest },
      { notes: known.notes, files: read.map(({ name, bytes }) => ({ name, read: async () => bytes })) },
    );
    known.parentDigest = digest;
  }

  /** The tag that says that all was sent goes with the last request, and only where the server has taken all files. */
  async #send(
    run: ServerRun,
    payload: Payload,
    { files, notes }: { readonly files: readonly RunFile[]; readonly notes: Set<string> },
  ): Promise<void> {
    const { server } = this.#options;
    const { params, metrics, status, endedAt, digest, texts } = payload;
    const own = Object.entries(texts).map(([name, text]) => ({ name, read: async () => Buffer.from(text) }));
    let isWhole = true;
    for (const file of [...files, ...own]) isWhole = (await this.#put(run, file, notes)) && isWhole;
    const tags = isWhole ? [...payload.tags, { key: sentTag, value: digest }] : payload.tags;
    await server.log(run.id, { params, metrics, tags }, () => server.update(run.id, { status, endedAt }));
  }

  /** False for a file that the server refuses: too large a one, say. That keeps nothing else from it. */
  async #put(run: ServerRun, { name, read }: RunFile, notes: Set<string>): Promise<boolean> {
    const { server } = this.#options;
    if (!server.takesFiles(run)) {
      const place = run.artifactUri.replace(/^(\w+:\/*[^/]*).*$/, "$1");
      notes.add(
        `files were not sent: this server keeps them at ${place}, where only MLflow's own clients write`,
      );
      return true;
    }
    const bytes = await read();
    try {
      await server.put(run, name, bytes);
      return true;
    } catch (error) {
      if (!(error instanceof MlflowRefusal)) throw error;
      notes.add(`not all files were taken: ${error.message}; a later \`lab sync mlflow\` sends them again`);
      return false;
    }
  }

  /** Errors and logs of trials may hold what looks like a secret. */
  #redacted(payload: Payload): Payload {
    const clean = (pairs: readonly MlflowPair[]): readonly MlflowPair[] =>
      pairs.map(({ key, value }) => ({ key, value: this.#options.redact(value) }));
    const texts = Object.entries(payload.texts).map(([name, text]) => [name, this.#options.redact(text)]);
    return {
      ...payload,
      params: clean(payload.params),
      tags: clean(payload.tags),
      texts: Object.fromEntries(texts),
    };
  }
}

/** What a run is found by: no two have the same. */
function keyOf(...parts: readonly string[]): MlflowPair {
  return { key: keyTag, value: digestOf(parts).slice(0, 32) };
}

/** Works through items, a few at once; the first error ends it once those under way have ended. */
async function inLanes<T>(items: AsyncIterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const source = items[Symbol.asyncIterator]();
  let hasFailed = false;
  const lane = async (): Promise<void> => {
    while (!hasFailed) {
      const next = await source.next();
      if (next.done === true) return;
      try {
        await work(next.value);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: lanes }, lane));
  for (const each of ended) if (each.status === "rejected") throw each.reason;
}
