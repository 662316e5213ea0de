// Says why a run stands still when it is for want of hosts: none has come, or none that has what the rest of the run needs. Only where hosts come as
// they are; elsewhere a run without hosts ends by itself.
import type { Scheduler } from "../../../schedule/scheduler.ts";
import { hasLabels, type Labels } from "../../protocol/labels.ts";
import type { ControllerOptions } from "../controller-options.ts";
import type { PlannedJob } from "../jobs/planned-jobs.ts";
import type { JobsNeed } from "./host-room.ts";

/** Hosts that are on their way are given so long. */
const patienceMs = 3000;

export interface LackingHosts {
  /** To be called now and then with the hosts that are ready. */
  look(hosts: readonly { readonly labels: Labels }[], now: number): void;
}

export function lackingHostsOf(of: {
  readonly run: Pick<ControllerOptions, "executor" | "listener">;
  readonly jobs: readonly PlannedJob[];
  readonly needs: Pick<JobsNeed, "labels">;
  readonly scheduler: Pick<Scheduler, "remainingOf" | "isReady">;
}): LackingHosts {
  const { run, jobs, needs, scheduler } = of;
  const { remedyOf } = run.executor;
  const labelsOf = (job: PlannedJob): readonly string[] => needs.labels?.[job.index] ?? [];
  /** By labels: since when nobody had them, and whether that was told. */
  const lacking = new Map<string, { readonly since: number; isTold: boolean }>();

  return {
    look(hosts, now) {
      if (remedyOf === undefined) return;
      const waiting = new Map<string, PlannedJob>();
      for (const job of jobs) {
        const labels = labelsOf(job);
        const needed = labels.join(", ");
        if (waiting.has(needed) || scheduler.remainingOf(job.index) === 0 || !scheduler.isReady(job.index))
          continue;
        if (!hosts.some((host) => hasLabels(host.labels, labels))) waiting.set(needed, job);
      }
      for (const needed of lacking.keys()) if (!waiting.has(needed)) lacking.delete(needed);
      for (const [needed, job] of waiting) {
        const known = lacking.get(needed) ?? { since: now, isTold: false };
        lacking.set(needed, known);
        if (known.isTold || now - known.since < patienceMs) continue;
        known.isTold = true;
        const labels = labelsOf(job);
        const whom = needed === "" ? "a worker" : `a worker with ${needed}`;
        const text = `${job.job.experiment} waits for ${whom}; none is free. ${remedyOf(labels)}`;
        run.listener({ type: "notice", level: "warning", text });
      }
    },
  };
}
