// What a host has under way for an earlier controller of the run: it goes on, as leases of this one.
import type { RunEvent } from "../../../event/event.ts";
import type { Lease, Scheduler } from "../../../schedule/scheduler.ts";
import { countOf } from "../../../schedule/unit-ranges.ts";
import type { LeaseUnderWay } from "../../protocol/protocol.ts";
import type { FleetHost } from "../hosts/host-fleet.ts";

/** Takes what is wanted of it, and tells the host; returns the leases. Whatever has begun elsewhere meanwhile, or is recorded, ends there. */
export function adopted(
  host: FleetHost,
  underWay: readonly LeaseUnderWay[],
  { scheduler, listener }: { readonly scheduler: Scheduler; readonly listener: (event: RunEvent) => void },
): readonly Lease[] {
  if (underWay.length === 0) return [];
  const pairs = underWay.flatMap((offered) => {
    const lease = scheduler.adopt(host.name, offered);
    return lease === null ? [] : [{ was: offered.lease, lease }];
  });
  host.send({ type: "adopt", leases: pairs.map(({ was, lease }) => ({ was, lease: lease.id })) });
  const units = pairs.reduce((sum, { lease }) => sum + countOf(lease.units), 0);
  const text = `${units} ${units === 1 ? "unit" : "units"} that ${host.name} had under way for the last controller of this run go on`;
  if (units > 0)
    listener({ type: "notice", level: "info", text: units === 1 ? text.replace(/go on$/, "goes on") : text });
  return pairs.map(({ lease }) => lease);
}
