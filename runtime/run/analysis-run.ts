// Runs custom analyses where stages run: on a host, with a time-out, so that one that hangs, exits or crashes costs its own answer and
// nothing else. Each is a job of one unit that draws on the rows of its experiment's trials.
import type { CustomOutcome, CustomResult, CustomRow } from "../../lib/experiment/custom-analysis.ts";
import type { Listener } from "../event/event.ts";
import { runPlan } from "../execute/controller/controller.ts";
import type { Executor } from "../execute/protocol/executor.ts";
import { analysisRows, analysisStageName } from "../plan/analysis-stage.ts";
import { bitmapOf, setBit } from "../plan/bitmap.ts";
import { type OpenedExperiment, type OpenedPlan, trialOf } from "../plan/opened-plan.ts";
import type { Job, JobId } from "../plan/plan.ts";
import type { TrialRecord } from "../record/trial-record.ts";
import type { JobRecords } from "../store/store.ts";
import { memoryStore } from "../testing/memory-store.ts";

/** One custom analysis to run. */
export interface WantedAnalysis {
  readonly experiment: string;
  readonly name: string;
}

/** An answer, or why there is none, of each analysis in the order asked for. */
export async function runAnalyses(options: {
  readonly opened: OpenedPlan;
  readonly wanted: readonly WantedAnalysis[];
  /** The rows of an experiment's trials; asked for when its first analysis starts. */
  readonly rowsOf: (experiment: string) => readonly CustomRow[];
  readonly executor: Executor;
  readonly timeoutMs: number;
  /** Hears what analyses log. */
  readonly listener: Listener;
}): Promise<readonly CustomOutcome[]> {
  const { opened, wanted, rowsOf, executor, timeoutMs, listener } = options;
  const plan = analysisPlanOf(opened, wanted);
  const memory = memoryStore();
  const one = bitmapOf(1);
  setBit(one, 0);
  const running = await runPlan({
    session: "analyses/1",
    opened: plan.opened,
    wanted: new Map(plan.analyses.map((index) => [index, one])),
    recordsOf: async (index) => {
      const experiment = plan.rows.get(index);
      return experiment === undefined ? memory.recordsOf(index, {}) : oneValue(() => rowsOf(experiment));
    },
    ledger: memory.ledger,
    journal: memory.journal,
    checkpoints: memory.checkpoints,
    artifacts: memory.artifacts,
    logs: memory.logs,
    executor,
    demand: { hosts: 1, threads: 1 },
    listener: (event) => {
      if (event.type === "log") listener(event);
    },
    limits: {
      timeoutMs,
      memoryMb: null,
      retryMax: 0,
      failFast: false,
      failOnError: null,
      retryErrors: false,
    },
    replayOf: () => "lab report",
  });
  const { reason } = await running.finished;
  return plan.analyses.map((index) => outcomeOf(memory.records(index, {})[0], reason));
}

interface AnalysisPlan {
  readonly opened: OpenedPlan;
  /** Experiments by index of the job that stands for their rows. */
  readonly rows: ReadonlyMap<number, string>;
  /** Index of the job of each analysis, in the order asked for. */
  readonly analyses: readonly number[];
}

/** A plan of the same build: for each experiment its rows, its analyses and, last as in every experiment, its trial. */
function analysisPlanOf(opened: OpenedPlan, wanted: readonly WantedAnalysis[]): AnalysisPlan {
  const jobs: Job[] = [];
  const rows = new Map<number, string>();
  const placeOf = new Map<WantedAnalysis, number>();
  const experiments: OpenedExperiment[] = [];
  for (const experiment of opened.experiments) {
    const { name } = experiment.planned;
    const own = wanted.filter((each) => each.experiment === name);
    if (own.length === 0) continue;
    const first = jobs.length;
    const trial = trialOf(experiment).job;
    const source = unitJobOf(trial, analysisRows, []);
    rows.set(jobs.push(source) - 1, name);
    for (const each of own) {
      const needs: Job["needs"] = [{ input: analysisRows, job: source.id, kind: "stage" }];
      placeOf.set(each, jobs.push(unitJobOf(trial, analysisStageName(each.name), needs)) - 1);
    }
    jobs.push({ ...trial, needs: [] });
    const placed = jobs.slice(first).map((job, place) => ({ index: first + place, job }));
    experiments.push({ ...experiment, jobs: placed });
  }
  return {
    opened: { ...opened, plan: { ...opened.plan, jobs }, experiments },
    rows,
    analyses: wanted.flatMap((each) => placeOf.get(each) ?? []),
  };
}

/** A job of one unit beside an experiment's own. */
function unitJobOf({ id, experiment }: Job, stage: string, needs: Job["needs"]): Job {
  return {
    // Not a content identity: the job is of this plan alone, and nothing is looked up under it.
    id: `${id}/${stage}` as JobId,
    experiment,
    stage,
    per: "build",
    uses: [],
    needs,
    identity: [],
    conditions: 1,
    replicates: 1,
    projected: null,
  };
}

/** The records of a job whose one unit has returned this. */
function oneValue(value: () => unknown): JobRecords {
  const done = bitmapOf(1);
  setBit(done, 0);
  return {
    done,
    doneCount: 1,
    notMeasured: new Map(),
    failures: new Map(),
    interrupted: new Map(),
    orphanedRows: 0,
    outdated: { rows: 0, by: [] },
    damage: [],
    attempts: () => [],
    async *read() {},
    values: async () => new Map([[0, value()]]),
  };
}

function outcomeOf(record: TrialRecord | undefined, reason: string | null): CustomOutcome {
  if (record === undefined) return { failure: reason ?? "it was not run" };
  const { outcome, value } = record.result;
  // The host has checked what the function returned.
  if (outcome.kind === "measured") return value as CustomResult;
  return { failure: outcome.kind === "failed" ? outcome.message : outcome.kind };
}
