// Whether a host takes another lease: two for each thread, so that none waits for the controller, but no trial waits behind a long one;
// and no more than its machine has room for, where trials say what they take. Units that wait for answers have threads of their own, so
// that neither kind keeps the other out.
import { lightResources, type Resources } from "../../../../lib/experiment/limits.ts";
import type { Lease, Scheduler } from "../../../schedule/scheduler.ts";
import { hasLabels } from "../../protocol/labels.ts";
import type { PlannedJob } from "../jobs/planned-jobs.ts";
import type { FleetHost } from "./host-fleet.ts";

/** Units longer than this are not queued behind one another in a thread. */
const longUnitMs = 50;

/** What hosts must have for the units of each job. */
export interface JobsNeed {
  /** What a unit takes; null where none takes more than a core. */
  readonly resources: readonly Resources[] | null;
  /** Labels; null where none needs any. */
  readonly labels: readonly (readonly string[])[] | null;
}

/** `isAnywhere`: labels are not asked for. */
export function needsOf(jobs: readonly PlannedJob[], isAnywhere: boolean): JobsNeed {
  const resources = jobs.map(({ experiment }) => experiment.planned.limits?.resources ?? lightResources);
  const labels = jobs.map(({ experiment }) => (isAnywhere ? [] : (experiment.planned.labels ?? [])));
  return {
    resources: resources.some((each) => !isLight(each)) ? resources : null,
    labels: labels.some((each) => each.length > 0) ? labels : null,
  };
}

function isLight({ cpu, memoryMb, gpu }: Resources): boolean {
  return cpu === 1 && memoryMb === 0 && gpu === 0;
}

export interface HostRoom {
  /** Whether there is room for a unit that takes a core and nothing else, or for one that waits. */
  readonly isOpen: boolean;
  /** Whether there is room for a unit of a job. */
  readonly fits: (job: number) => boolean;
}

/** The room beside the leases, of this host and of others, that are under way. */
export function roomOf(
  host: FleetHost,
  of: {
    readonly leases: Iterable<Lease>;
    readonly scheduler: Pick<Scheduler, "waits" | "unitMsOf">;
    readonly needs: JobsNeed;
  },
): HostRoom {
  const { scheduler } = of;
  const { resources, labels } = of.needs;
  const held = { leases: 0, cpu: 0, memoryMb: 0, gpu: 0, waiting: 0 };
  let isLong = false;
  for (const { host: holder, job } of of.leases) {
    if (holder !== host.name) continue;
    if (scheduler.waits(job)) {
      held.waiting += 1;
      continue;
    }
    const { cpu, memoryMb, gpu } = resources?.[job] ?? lightResources;
    held.leases += 1;
    held.cpu += cpu;
    held.memoryMb += memoryMb;
    held.gpu += gpu;
    isLong ||= cpu > 1 || (scheduler.unitMsOf(job) ?? longUnitMs) >= longUnitMs;
  }
  const isFree = held.cpu < (isLong ? host.threads : 2 * host.threads);
  const letsWait = held.waiting < 2 * host.threads;
  return {
    isOpen: isFree || letsWait,
    fits(job) {
      if (labels !== null && !hasLabels(host.labels, labels[job] ?? [])) return false;
      if (scheduler.waits(job)) return letsWait;
      const need = resources?.[job] ?? lightResources;
      if (isLight(need)) return isFree;
      if (held.gpu + need.gpu > host.capacity.gpus) return false;
      // What takes more than there is runs by itself.
      if (held.leases === 0) return true;
      return held.cpu + need.cpu <= host.threads && held.memoryMb + need.memoryMb <= host.capacity.memoryMb;
    },
  };
}
