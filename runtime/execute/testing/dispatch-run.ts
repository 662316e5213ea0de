// Runs of trivial trials for benchmarks: each in a store of its own, every record durable, over whatever executor.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plan } from "../../plan/plan.ts";
import { openStore } from "../../store/project-store.ts";
import { startRun } from "../../store/runs/start-run.ts";
import { allUnitsOf, planOfDefinitions } from "../../testing/plan-of-definitions.ts";
import { runPlan } from "../controller/controller.ts";
import type { Executor } from "../protocol/executor.ts";
import { bundleOf, noLimits } from "./contract-run.ts";
import * as sizes from "./dispatch-experiment.ts";

export interface DispatchFigures {
  readonly trials: number;
  readonly seconds: number;
  /** From the start of the run to its first record. */
  readonly startupSeconds: number;
  /** From the first record to the last: what a longer run tends to. */
  readonly steadyPerSecond: number;
}

/** `during` is called once the first records have come. */
export async function dispatchRun(of: {
  readonly size: keyof typeof sizes;
  readonly executor: Executor;
  readonly demand: { readonly hosts: number; readonly threads: number };
  readonly during?: () => void;
  /** Looks into what was stored, before it is removed. */
  readonly look?: (root: string, plan: Plan) => Promise<void>;
}): Promise<DispatchFigures> {
  const { size, executor, demand, during } = of;
  const { folder, bundle } = await bundleOf(
    // The sibling has the extension of this very file: .ts in the checkout, .js once transpiled.
    fileURLToPath(new URL(`./dispatch-experiment${extname(import.meta.url)}`, import.meta.url)),
  );
  const root = mkdtempSync(join(tmpdir(), "labwright-dispatch-"));
  const definition = Reflect.get(sizes, size);
  const opened = planOfDefinitions([{ definition, exportName: size }], { folder, bundle });
  const { plan } = opened;
  const store = openStore(root);
  const writer = await startRun({
    store,
    plan,
    name: null,
    experiments: ["dispatch"],
    selection: { filter: {}, limit: null },
    forced: false,
    command: "bench",
    resume: null,
  });
  const started = performance.now();
  let first = 0;
  let firstCount = 0;
  const running = await runPlan({
    session: writer.session,
    opened,
    wanted: allUnitsOf(opened),
    recordsOf: (job) => store.recordsOf(plan, plan.jobs[job]!),
    ledger: writer.ledger,
    journal: writer.effects,
    checkpoints: writer.checkpoints,
    artifacts: writer.artifacts,
    logs: writer.logs,
    executor,
    demand,
    listener: (event) => {
      if (event.type !== "progress" || first !== 0) return;
      first = performance.now();
      firstCount = event.done;
      during?.();
    },
    limits: noLimits,
    replayOf: () => "",
  });
  const { done, remaining, reason } = await running.finished;
  if (remaining > 0) throw new Error(`${remaining} trials were not run: ${reason}`);
  const ended = performance.now();
  await writer.finish("complete", { compact: false });
  await of.look?.(root, plan);
  rmSync(root, { recursive: true });
  rmSync(folder, { recursive: true });
  return {
    trials: done,
    seconds: (ended - started) / 1000,
    startupSeconds: (first - started) / 1000,
    steadyPerSecond: ((done - firstCount) * 1000) / (ended - first),
  };
}
