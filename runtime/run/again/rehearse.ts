// Runs units again without recording them: for one trial under a debugger, and for `lab verify`. Earlier stages are read from the
// store, journalled responses are replayed, and everything that comes back stays in memory.

import type { Listener } from "../../event/event.ts";
import { runPlan } from "../../execute/controller/controller.ts";
import { hasBit } from "../../plan/bitmap.ts";
import { everything, select, type Wanted } from "../../plan/selection.ts";
import { hasSimulations } from "../../plan/simulation-id.ts";
import type { TrialRecord } from "../../record/trial-record.ts";
import { runPerformers } from "../../services/port-performers.ts";
import { openSpending } from "../../services/spending.ts";
import { projectKeyOf } from "../../store/project-key.ts";
import { memoryStore } from "../../testing/memory-store.ts";
import type { RunPorts } from "../ports.ts";
import type { Prepared } from "../prepare.ts";
import { fullBook } from "../proposals/proposal-book.ts";
import { everyExchange, type KeptExchanges, replayingJournal } from "./kept-exchanges.ts";

export interface Rehearsal {
  readonly prepared: Pick<Prepared, "opened" | "store">;
  /** Units to run, whatever is recorded; stages that they draw on are run too where they are not recorded. */
  readonly units: Wanted;
  readonly ports: RunPorts;
  readonly threads: number;
  readonly listener: Listener;
  readonly timeoutMs: number | null;
  /** Where answers to effects come from; every journal of the project unless told, and services for what they do not have. */
  readonly exchanges?: KeptExchanges;
}

export interface Rehearsed {
  /** Records by index of the plan's job, in unit order. */
  recordsOf(job: number): readonly TrialRecord[];
  readonly logs: readonly { readonly level: string; readonly text: string }[];
}

export async function rehearse(rehearsal: Rehearsal): Promise<Rehearsed> {
  const { prepared, units, ports, threads, listener, timeoutMs } = rehearsal;
  const { opened, store } = prepared;
  const { exchanges = everyExchange(store.layout) } = rehearsal;
  const memory = memoryStore();
  const all = select(opened, everything);
  if ("problems" in all) throw new Error("everything is a sound selection");
  // Rows of a needed experiment are those that its stopping rule counts.
  const again = { force: false, retryErrors: false, retryMax: 0 };
  const { counting } = ports.steering({
    opened,
    store,
    selection: everything,
    wanted: all.wanted,
    again,
    proposals: fullBook,
    resumed: null,
  });
  const metricsOf = (index: number) => {
    const job = opened.plan.jobs[index]!;
    return job.stage === "trial"
      ? opened.plan.experiments.find(({ name }) => name === job.experiment)!.metrics
      : {};
  };
  const run = await runPlan({
    session: "rehearsal/1",
    opened,
    wanted: await withUpstream(prepared, units),
    recordsOf: async (index) => {
      const stored = counting(index, await store.recordsOf(opened.plan, opened.plan.jobs[index]!));
      const own = memory.recordsOf(index, metricsOf(index));
      if (stored.doneCount === 0) return own;
      // What is rehearsed counts as not recorded, yet who draws on it draws on what was recorded.
      return units.has(index) ? { ...own, read: stored.read, values: stored.values } : stored;
    },
    ledger: memory.ledger,
    journal: replayingJournal(store.layout, exchanges, memory.journal),
    isOffline: exchanges.isOffline,
    checkpoints: memory.checkpoints,
    artifacts: memory.artifacts,
    logs: memory.logs,
    executor: ports.executor,
    isAnywhere: true,
    ...runPerformers({
      experiments: opened.plan.experiments,
      declared: ports.performers,
      // A rehearsal is no part of a run, whose budget it leaves alone.
      spending: openSpending({ file: null, earlier: [], budget: {}, session: "rehearsal" }),
      priceOf: () => null,
      endpoints: null,
      simulations: hasSimulations(opened.plan) ? projectKeyOf(store.layout) : null,
    }),
    demand: { hosts: 1, threads },
    listener,
    limits: {
      timeoutMs,
      memoryMb: null,
      retryMax: 0,
      failFast: false,
      failOnError: null,
      retryErrors: true,
    },
    replayOf: (trial) => `lab run --trial ${trial} --inline`,
  });
  await run.finished;
  return { recordsOf: (job) => memory.records(job, metricsOf(job)), logs: memory.logs.lines };
}

/** The units asked for and, of the jobs they draw on, every unit that is not recorded. */
async function withUpstream(
  { opened, store }: Pick<Prepared, "opened" | "store">,
  units: Wanted,
): Promise<Wanted> {
  const wanted = new Map(units);
  const { jobs } = opened.plan;
  for (let index = jobs.length - 1; index >= 0; index -= 1) {
    if (!wanted.has(index)) continue;
    for (const { job: id } of jobs[index]!.needs) {
      const needed = jobs.findIndex((job) => job.id === id);
      if (wanted.has(needed)) continue;
      const { done } = await store.recordsOf(opened.plan, jobs[needed]!);
      const count = jobs[needed]!.conditions * jobs[needed]!.replicates;
      const missing = new Uint8Array(Math.ceil(count / 8));
      let isAny = false;
      for (let unit = 0; unit < count; unit += 1) {
        if (hasBit(done, unit)) continue;
        missing[unit >> 3]! |= 1 << (unit & 7);
        isAny = true;
      }
      if (isAny) wanted.set(needed, missing);
    }
  }
  return wanted;
}
