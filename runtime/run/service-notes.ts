// What the services of a run let through and what they took, told to the listener while it changes.
import type { Listener } from "../event/event.ts";
import type { BudgetReading } from "../event/services.ts";
import type { RunPerformers } from "../services/port-performers.ts";
import type { Spending, Took } from "../services/spending.ts";
import { serviceNotices } from "./service-notices.ts";

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
  const noticesOf = serviceNotices();
  const tell = (): void => {
    const services = performers.readings();
    if (services.length === 0) return;
    const { total } = spending;
    const budgets = units.map(
      (unit): BudgetReading => ({ unit, taken: total[unit], most: budget[unit] ?? null }),
    );
    for (const notice of noticesOf(services, performance.now())) listener(notice);
    const words = JSON.stringify([services, budgets]);
    if (words === told) return;
    told = words;
    listener({ type: "services", services, budgets });
  };
  const timer = setInterval(tell, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    tell();
  };
}
