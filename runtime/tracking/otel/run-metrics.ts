// The counts of a run as OpenTelemetry metrics, read from the last events whenever they are due: nothing is done for a trial.
import type { Attributes, Meter } from "@opentelemetry/api";
import type { RunEvent } from "../../event/event.ts";

type Value = readonly [value: number, attributes: Attributes];

/** Values by name of the metric, as the last events have them. */
export class RunMetrics {
  readonly #values = new Map<string, Map<string, Value>>();

  constructor(meter: Meter) {
    for (const [name, { kind, unit, description }] of Object.entries(instruments)) {
      const options = { unit, description };
      const instrument =
        kind === "counter"
          ? meter.createObservableCounter(name, options)
          : meter.createObservableGauge(name, options);
      instrument.addCallback((result) => {
        for (const [value, attributes] of this.#values.get(name)?.values() ?? [])
          result.observe(value, attributes);
      });
    }
  }

  heed(event: RunEvent): void {
    if (event.type === "progress") this.#progress(event);
    else if (event.type === "services") this.#services(event);
    else if (event.type === "resources") {
      const { host, memoryMb, cpu } = event;
      this.#set("labwright.host.memory", memoryMb * 1e6, { host });
      if (cpu !== null) this.#set("labwright.host.cpu", cpu, { host });
    }
  }

  #progress({
    experiment,
    stage,
    done,
    failed,
    total,
    perSecond,
  }: Extract<RunEvent, { type: "progress" }>): void {
    const of = { experiment, stage };
    this.#set("labwright.trials.done", done, of);
    this.#set("labwright.trials.failed", failed, of);
    this.#set("labwright.trials.planned", total, of);
    this.#set("labwright.trials.rate", perSecond, of);
  }

  #services({ services, budgets }: Extract<RunEvent, { type: "services" }>): void {
    for (const { service, calls, waiting } of services) {
      this.#set("labwright.service.calls_under_way", calls.taken, { service });
      this.#set("labwright.service.calls_waiting", waiting, { service });
    }
    for (const { unit, taken } of budgets) this.#set(spentNames[unit], taken, {});
  }

  #set(name: keyof typeof instruments, value: number, attributes: Attributes): void {
    const own = this.#values.get(name) ?? new Map<string, Value>();
    this.#values.set(name, own);
    own.set(JSON.stringify(attributes), [value, attributes]);
  }
}

const instruments = {
  "labwright.trials.done": {
    kind: "counter",
    unit: "{trial}",
    description: "Trials, or units of a stage, that have a record",
  },
  "labwright.trials.failed": {
    kind: "counter",
    unit: "{trial}",
    description: "Of these, without a measurement because something failed",
  },
  "labwright.trials.planned": { kind: "gauge", unit: "{trial}", description: "Trials that are wanted" },
  "labwright.trials.rate": { kind: "gauge", unit: "{trial}/s", description: "Trials that end in a second" },
  "labwright.calls": { kind: "counter", unit: "{call}", description: "Calls to services" },
  "labwright.tokens": { kind: "counter", unit: "{token}", description: "Tokens of language models" },
  "labwright.cost": { kind: "counter", unit: "{USD}", description: "What calls cost, in US dollars" },
  "labwright.service.calls_under_way": {
    kind: "gauge",
    unit: "{call}",
    description: "Calls that a service has not answered yet",
  },
  "labwright.service.calls_waiting": {
    kind: "gauge",
    unit: "{call}",
    description: "Calls that wait for a limit",
  },
  "labwright.host.memory": { kind: "gauge", unit: "By", description: "Memory of a host and its workers" },
  "labwright.host.cpu": {
    kind: "gauge",
    unit: "{core}",
    description: "Cores that a host and its workers take",
  },
} as const;

const spentNames = { calls: "labwright.calls", tokens: "labwright.tokens", usd: "labwright.cost" } as const;
