// What the services of a run let through and what they took, told to the listener while it changes.
import type { Listener, RunEvent } from "../event/event.ts";
import type { BudgetReading, Outage } from "../event/services.ts";
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
  const outages = new Map<string, Outage>();
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
      const before = outages.get(service) ?? null;
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
  before: Outage | null,
  { isDown, count, words }: Outage,
): readonly Notice[] {
  const isNew = count > (before?.count ?? 0);
  const text = `${service} does not answer: ${words}`;
  return [
    ...(isNew ? [{ type: "notice", level: "warning", text } as const] : []),
    ...(!isDown && (isNew || before?.isDown === true)
      ? [{ type: "notice", level: "info", text: `${service} answers again` } as const]
      : []),
  ];
}
