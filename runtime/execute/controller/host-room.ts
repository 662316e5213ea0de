// Whether a host takes another lease: two for each thread, so that none waits for the controller, but no trial waits behind a long one.
import type { Lease, Scheduler } from "../../schedule/scheduler.ts";
import type { FleetHost } from "./host-fleet.ts";

/** Units longer than this are not queued behind one another in a thread. */
const longUnitMs = 50;

/** Whether there is room beside the leases, of this host and of others, that are under way. */
export function hasRoom(
  host: FleetHost,
  leases: Iterable<Lease>,
  scheduler: Pick<Scheduler, "waits" | "unitMsOf">,
): boolean {
  let held = 0;
  let isLong = false;
  for (const { host: holder, job } of leases) {
    if (holder !== host.name) continue;
    held += 1;
    isLong ||= !scheduler.waits(job) && (scheduler.unitMsOf(job) ?? longUnitMs) >= longUnitMs;
  }
  return held < (isLong ? host.threads : 2 * host.threads);
}
