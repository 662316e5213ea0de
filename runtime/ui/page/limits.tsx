// What the services of a run let through, and what it may still spend.
import type { RunMoment } from "../view-data.ts";
import { Part } from "./part.tsx";
import { duration, int, percent, plural, used, visible } from "./words.ts";

type Service = RunMoment["services"][number];

export function Limits({ moment }: { readonly moment: RunMoment }) {
  const budgets = moment.budgets.filter(({ most }) => most !== null);
  if (moment.services.length === 0 && budgets.length === 0) return null;
  return (
    <Part title="Limits">
      {budgets.map(({ unit, taken, most }) => (
        <Gauge
          key={unit}
          name={unit === "usd" ? "budget" : `budget of ${unit}`}
          taken={taken}
          most={most ?? 0}
          words={(count) => (unit === "usd" ? used("usd", count) : int(count))}
        />
      ))}
      {moment.services.map((service) => (
        <Gate key={service.service} service={service} />
      ))}
    </Part>
  );
}

function Gate({ service }: { readonly service: Service }) {
  const { requests, tokens, calls, waiting, share, closedMs, windowMs, outage } = service;
  const window = windowMs === 60_000 ? "a minute" : `in ${duration(windowMs)}`;
  const notes = [
    waiting > 0 && `${plural(waiting, "call")} ${waiting === 1 ? "waits" : "wait"}`,
    share < 0.995 && `slowed to ${percent(share, 0)}, as the service asked`,
    outage.isDown && "does not answer: one call at a time tries it",
    closedMs > 0 && `shut for ${duration(closedMs)}`,
  ].filter((words) => words !== false);
  return (
    <div class="gate">
      <div class="sub">
        <span class="b">{visible(service.service)}</span>
        {notes.length > 0 && <span class="soft small">{notes.join("; ")}</span>}
      </div>
      {requests !== null && <Gauge name={`requests ${window}`} {...requests} words={int} />}
      {tokens !== null && <Gauge name={`tokens ${window}`} {...tokens} words={int} />}
      <Gauge name="calls at a time" {...calls} words={int} />
    </div>
  );
}

function Gauge(of: {
  readonly name: string;
  readonly taken: number;
  readonly most: number;
  readonly words: (count: number) => string;
}) {
  const { name, taken, most, words } = of;
  const share = Math.min(1, taken / Math.max(most, 1e-9));
  const text = `${words(taken)} of ${words(most)}`;
  return (
    <div class="meter">
      <span>{name}</span>
      <span>{text}</span>
      <div class={`track${share > 0.9 ? " hot" : ""}`} role="img" aria-label={`${name}: ${text}`}>
        <i style={{ "--w": String(share) }} />
      </div>
    </div>
  );
}
