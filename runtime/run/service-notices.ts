// What of the services of a run is worth telling: that one does not answer, or lets nobody in for want of room, and the end of either.
import type { RunEvent } from "../event/event.ts";
import type { Outage, ServiceReading } from "../event/services.ts";

type Notice = Extract<RunEvent, { type: "notice" }>;

/** Room that another takes and gives back within this time is told nobody. */
const scarceMs = 3000;

interface Known {
  readonly outage: Outage;
  /** Since when nobody was let in, though somebody waits and nothing of this run is under way; null while there is room. */
  readonly scarceSinceMs: number | null;
  readonly isScarcityTold: boolean;
}

const nothingYet: Known = {
  outage: { isDown: false, count: 0, words: "" },
  scarceSinceMs: null,
  isScarcityTold: false,
};

/** Gives, for the readings of a moment, what is new since the moment before. */
export function serviceNotices(): (services: readonly ServiceReading[], nowMs: number) => readonly Notice[] {
  const known = new Map<string, Known>();
  return (services, nowMs) =>
    services.flatMap((reading) => {
      const { service, outage } = reading;
      const before = known.get(service) ?? nothingYet;
      const scarceSinceMs = isScarce(reading) ? (before.scarceSinceMs ?? nowMs) : null;
      const isLong = scarceSinceMs !== null && nowMs - scarceSinceMs >= scarceMs;
      known.set(service, { outage, scarceSinceMs, isScarcityTold: isLong });
      return [
        ...outageNotices(service, before.outage, outage),
        ...(isLong && !before.isScarcityTold ? [scarcityNotice(reading)] : []),
        ...(before.isScarcityTold && reading.calls.most > 0 ? [roomNotice(service)] : []),
      ];
    });
}

/** Of an orchestrator alone: other services let one in at least. */
function isScarce({ calls, waiting, outage }: ServiceReading): boolean {
  return calls.most === 0 && waiting > 0 && !outage.isDown;
}

function scarcityNotice({ service, waiting }: ServiceReading): Notice {
  const who = waiting === 1 ? "1 simulation of this run waits" : `${waiting} simulations of this run wait`;
  return { type: "notice", level: "info", text: `${service} has no worker free: ${who} until it has` };
}

function roomNotice(service: string): Notice {
  return { type: "notice", level: "info", text: `${service} has a worker free again` };
}

function outageNotices(service: string, before: Outage, { isDown, count, words }: Outage): readonly Notice[] {
  const isNew = count > before.count;
  const text = `${service} does not answer: ${words}`;
  return [
    ...(isNew ? [{ type: "notice", level: "warning", text } as const] : []),
    ...(!isDown && (isNew || before.isDown)
      ? [{ type: "notice", level: "info", text: `${service} answers again` } as const]
      : []),
  ];
}
