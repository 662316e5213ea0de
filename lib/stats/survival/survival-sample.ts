// Times that may be cut off: what every method of survival analysis starts from, with the risk sets that they share.
import { assertSample, refuse } from "../refusal.ts";

/** Times to an event, some of which are only known to be longer. */
export interface SurvivalSample {
  /** Time of the event or of the end of observation, each at least 0, in any unit. */
  readonly time: readonly number[];
  /** Whether the event happened at that time; false where observation ended first (right censored). */
  readonly event: readonly boolean[];
}

/** One distinct event time with who was at risk just before it. */
export interface RiskStep {
  readonly time: number;
  readonly atRisk: number;
  readonly events: number;
}

/** Refuses lengths that differ, and times that are negative or not finite. */
export function assertSurvival({ time, event }: SurvivalSample, name: string): void {
  assertSample(time, { name: `the times of ${name}`, least: 1 });
  if (event.length !== time.length)
    refuse(
      "unequal-lengths",
      `${name} has ${time.length} times and ${event.length} event marks; they must be as many`,
    );
  const negative = time.findIndex((value) => value < 0);
  if (negative >= 0)
    refuse(
      "bad-option",
      `${name} holds the time ${time[negative]} at position ${negative}; times start at 0`,
    );
}

/** The event times in ascending order. Who is censored at an event time was at risk at it. */
export function riskSteps({ time, event }: SurvivalSample): readonly RiskStep[] {
  const order = Array.from(time.keys()).sort((a, b) => time[a]! - time[b]!);
  const steps: RiskStep[] = [];
  for (let at = 0; at < order.length; ) {
    const now = time[order[at]!]!;
    let next = at;
    let events = 0;
    for (; next < order.length && time[order[next]!] === now; next += 1)
      if (event[order[next]!]!) events += 1;
    if (events > 0) steps.push({ time: now, atRisk: order.length - at, events });
    at = next;
  }
  return steps;
}
