// Whether a host takes another lease: two for each thread, so that none waits for the controller, but no trial waits behind a long one;
// and no more than its machine has room for, where trials say what they take. Units that wait for answers have threads of their own, so
// that neither kind keeps the other out.
import { lightResources, type Resources } from "../../../lib/experiment/limits.ts";
import type { Lease, Scheduler } from "../../schedule/scheduler.ts";
import { hasLabels } from "../protocol/labels.ts";
import type { FleetHost } from "./host-fleet.ts";
import type { PlannedJob } from "./planned-jobs.ts";

/** Units longer than this are not queued behind one another in a thread. */
const longUnitMs = 50;

/** What a unit of each job takes; null where none takes more than a core. */
export function needsOf(jobs: readonly PlannedJob[]): readonly Resources[] | null {
  const needs = jobs.map(({ experiment }) => experiment.planned.limits?.resources ?? lightResources);
  return needs.some((each) => !isLight(each)) ? needs : null;
}

function isLight({ cpu, memoryMb, gpu }: Resources): boolean {
  return cpu === 1 && memoryMb === 0 && gpu === 0;
}

/** The labels that a host of each job must have; null where none needs any. */
export function labelsOf(jobs: readonly PlannedJob[]): readonly (readonly string[])[] | null {
  const labels = jobs.map(({ experiment }) => experiment.planned.labels ?? []);
  return labels.some((each) => each.length > 0) ? labels : null;
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
    readonly needs: readonly Resources[] | null;
    readonly labels: readonly (readonly string[])[] | null;
  },
): HostRoom {
  const { scheduler, needs, labels } = of;
  const held = { leases: 0, cpu: 0, memoryMb: 0, gpu: 0, waiting: 0 };
  let isLong = false;
  for (const { host: holder, job } of of.leases) {
    if (holder !== host.name) continue;
    if (scheduler.waits(job)) {
      held.waiting += 1;
      continue;
    }
    const { cpu, memoryMb, gpu } = needs?.[job] ?? lightResources;
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
      const need = needs?.[job] ?? lightResources;
      if (isLight(need)) return isFree;
      if (held.gpu + need.gpu > host.capacity.gpus) return false;
      // What takes more than there is runs by itself.
      if (held.leases === 0) return true;
      return held.cpu + need.cpu <= host.threads && held.memoryMb + need.memoryMb <= host.capacity.memoryMb;
    },
  };
}
