// What the services of a run let through and what they took, told to the listener while it changes.
import type { Listener, RunEvent } from "../event/event.ts";
import type { BudgetReading, ServiceReading } from "../event/services.ts";
import { failuresMost } from "../services/breaker.ts";
import type { RunPerformers } from "../services/port-performers.ts";
import type { Spending, Took } from "../services/spending.ts";

const everyMs = 1000;
const units = ["usd", "tokens", "calls"] as const;

/** Tells from now on; the function that comes back tells a last time and ends it. */
export function tellServices(of: {
  readonly performers: Pick<RunPerformers, "readings">;
  readonly spending: Pick<Spending, "total">;
  readonly budget: Partial<Took>;
  readonly listener: Listener;
}): () => void {
  const { performers, spending, budget, listener } = of;
  let told = "";
  const outages = new Map<string, ServiceReading["outage"]>();
  const tell = (): void => {
    const services = performers.readings();
    if (services.length === 0) return;
    const { total } = spending;
    const budgets = units.map(
      (unit): BudgetReading => ({ unit, taken: total[unit], most: budget[unit] ?? null }),
    );
    const words = JSON.stringify([services, budgets]);
    if (words === told) return;
    told = words;
    for (const { service, outage } of services) {
      const before = outages.get(service) ?? { isDown: false, count: 0 };
      outages.set(service, outage);
      for (const notice of outageNotices(service, before, outage)) listener(notice);
    }
    listener({ type: "services", services, budgets });
  };
  const timer = setInterval(tell, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    tell();
  };
}

type Notice = Extract<RunEvent, { type: "notice" }>;

function outageNotices(
  service: string,
  before: ServiceReading["outage"],
  { isDown, count }: ServiceReading["outage"],
): readonly Notice[] {
  const isNew = count > before.count;
  const text = `${service} does not answer: ${failuresMost} calls in a row failed. One call at a time tries it, the others wait.`;
  return [
    ...(isNew ? [{ type: "notice", level: "warning", text } as const] : []),
    ...(!isDown && (isNew || before.isDown)
      ? [{ type: "notice", level: "info", text: `${service} answers again` } as const]
      : []),
  ];
}
