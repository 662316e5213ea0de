// One run looked at over time: its columns, read again when its files have grown and no oftener than they are cheap to read, its pace, and
// what its process tells.

import { type KeptTelling, readTelling } from "../../control/kept-telling.ts";
import { type Mark, marksOf, paceOf, withMark } from "../../live/pace.ts";
import { ranAt } from "../../record/known-times.ts";
import { runLayoutOf } from "../../store/files/layout.ts";
import type { ProjectStore } from "../../store/project-store.ts";
import { isRunning } from "../../store/runs/start-run.ts";
import type { RunManifest } from "../../store/store.ts";
import type { ExperimentFacts, RunFacts, RunMoment, RunStatus } from "../view-data.ts";
import { ControlLink } from "./control-link.ts";
import { HeardTrials } from "./heard-trials.ts";
import { columnsOf, momentOf, type RecordedMoment, recordedMoment, type Shown } from "./moment.ts";
import { type RunTables, readRunTables, signatureOf } from "./run-tables.ts";
import { TrialOrders } from "./trials-page.ts";

/** Reading takes at most this share of the time. */
const readShare = 8;
const readEveryMs = 250;

export class RunWatcher {
  readonly orders = new TrialOrders();
  readonly trials = new HeardTrials();
  readonly #store: ProjectStore;
  readonly #now: () => number;
  readonly #readOnly: boolean;
  #run: RunManifest;
  #tables: Promise<RunTables> | null = null;
  #signature = "";
  #nextReadMs = 0;
  #version = 0;
  #marks: readonly Mark[] = [];
  readonly #recorded = new Map<string, RecordedMoment>();
  #link: ControlLink | null = null;
  #telling: { readonly signature: string; readonly kept: KeptTelling | null } | null = null;

  constructor(
    store: ProjectStore,
    run: RunManifest,
    of: { readonly readOnly: boolean; readonly now: () => number },
  ) {
    this.#store = store;
    this.#run = run;
    this.#readOnly = of.readOnly;
    this.#now = of.now;
  }

  get id(): string {
    return this.#run.id;
  }

  /** The channel to the run's process; null where there is none. */
  get link(): ControlLink | null {
    return this.#link;
  }

  /** The columns as they are now, or as they were at most a moment ago. */
  async tables(): Promise<RunTables> {
    const now = this.#now();
    if (this.#tables !== null && now < this.#nextReadMs) return this.#tables;
    const found = await this.#store.findRun(this.#run.id);
    if (found !== null && !("ambiguous" in found)) this.#run = found;
    const signature = `${signatureOf(this.#store, this.#run)} ${this.#run.status}`;
    if (this.#tables === null || signature !== this.#signature) {
      this.#signature = signature;
      this.#version += 1;
      this.#tables = readRunTables(this.#store, this.#run, this.#version);
    }
    const tables = await this.#tables;
    const after = this.#now();
    this.#nextReadMs = after + Math.max(readEveryMs, readShare * (after - now));
    const ended = tables.jobs.reduce((sum, { done, reused }) => sum + done - reused, 0);
    this.#marks = this.#marksAfter(tables, { atMs: after, ended });
    this.#follow();
    return tables;
  }

  /** What ended before a pause says nothing about the pace after it. */
  #marksAfter(tables: RunTables, mark: Mark): readonly Mark[] {
    if (this.status() !== "running") return [mark];
    return this.#marks.length > 0 ? withMark(this.#marks, mark) : firstMarks(tables, mark);
  }

  async moment(shown: Shown): Promise<{ readonly moment: RunMoment; readonly shown: Shown }> {
    const tables = await this.tables();
    const columns = columnsOf(tables, shown.experiment);
    const metric = metricOf(columns.table.experiment, shown.metric);
    const now = this.#now();
    const status = this.status();
    const left = tables.jobs.reduce((sum, { total, done }) => sum + total - done, 0);
    const asked = { experiment: columns.table.experiment.name, metric };
    const moment = momentOf(tables, this.#recordedOf(tables, asked), {
      status,
      pace: status === "running" ? paceOf(this.#marks, left, now) : null,
      state: this.#link?.state() ?? null,
      kept: this.#kept(),
      shut: this.#shutWords(status),
      nowMs: now,
    });
    return { moment, shown: asked };
  }

  /** Of a run without a process; read once for each way in which it has ended. */
  #kept(): KeptTelling | null {
    if (this.#link !== null) return null;
    if (this.#telling?.signature !== this.#signature) {
      const { told } = runLayoutOf(this.#store.layout, this.#run.id);
      this.#telling = { signature: this.#signature, kept: readTelling(told) };
    }
    return this.#telling.kept;
  }

  /** Computed once a reading; what it takes counts as reading. */
  #recordedOf(tables: RunTables, shown: Shown): RecordedMoment {
    const key = JSON.stringify([tables.version, shown]);
    const known = this.#recorded.get(key);
    if (known !== undefined) return known;
    const before = this.#now();
    const recorded = recordedMoment(tables, shown);
    this.#nextReadMs += readShare * (this.#now() - before);
    // Of one version, as many as there are metrics looked at.
    if (![...this.#recorded.keys()].some((each) => each.startsWith(`[${tables.version},`)))
      this.#recorded.clear();
    this.#recorded.set(key, recorded);
    return recorded;
  }

  status(): RunStatus {
    const { status } = this.#run;
    if (status !== "running") return status;
    if (!isRunning(this.#store, this.#run)) return "killed";
    return this.#link?.status() ?? "running";
  }

  /** Whether the run's process is there and answers. */
  writer(): "alive" | "silent" | "gone" | "ended" {
    const status = this.status();
    if (status === "killed") return "gone";
    if (this.#run.status !== "running") return "ended";
    return this.#link === null || this.#link.isOpen() ? "alive" : "silent";
  }

  async facts(): Promise<RunFacts> {
    const { run, experiments } = await this.tables();
    const { provenance, id, name, forced } = run;
    return {
      id,
      name,
      forced,
      command: provenance.command,
      startedAt: ranAt(provenance).startedAt,
      commit: provenance.gitCommit,
      isDirty: provenance.gitDirty,
      labwright: provenance.labwright,
      experiments: experiments.map(({ table }): ExperimentFacts => {
        const { experiment } = table;
        return {
          name: experiment.name,
          file: experiment.file,
          question: experiment.question,
          factors: experiment.factors.map((factor) => factor.name),
          metrics: Object.entries(experiment.metrics).map(([metric, { unit, type, categories }]) => ({
            name: metric,
            unit,
            type,
            values: categories,
          })),
          series: experiment.series,
          used: Object.keys(table.telemetry),
        };
      }),
    };
  }

  close(): void {
    this.#link?.close();
    this.#link = null;
  }

  /** Keeps a channel to the process while there is one. */
  #follow(): void {
    const isLive = this.#run.status === "running" && isRunning(this.#store, this.#run);
    if (!isLive) this.close();
    else this.#link ??= new ControlLink(runLayoutOf(this.#store.layout, this.#run.id));
  }

  #shutWords(status: RunStatus): string | null {
    if (this.#readOnly) return "this link is read-only";
    if (status === "killed") return "the process of this run is gone";
    if (this.#run.status !== "running") return "the run has ended";
    return this.#link?.isOpen() === true ? null : "the process of this run does not answer";
  }
}

/** Trials that an earlier run recorded ended before this one began. */
function firstMarks({ run, experiments }: RunTables, mark: Mark): readonly Mark[] {
  const startedMs = Date.parse(run.provenance.startedAt);
  const ends = experiments.flatMap(({ endedAtMs }) => [...endedAtMs.filter((each) => each > startedMs)]);
  return marksOf(ends, { ...mark, startedMs });
}

/** The metric asked for, or the primary one, or the first that has a mean. */
function metricOf(
  experiment: {
    readonly metrics: Readonly<Record<string, { readonly type: string }>>;
    readonly primary: string | null;
  },
  asked: string | null,
): string | null {
  const numeric = Object.keys(experiment.metrics).filter(
    (name) => experiment.metrics[name]!.type !== "category",
  );
  if (asked !== null && numeric.includes(asked)) return asked;
  return experiment.primary !== null && numeric.includes(experiment.primary)
    ? experiment.primary
    : (numeric[0] ?? null);
}
