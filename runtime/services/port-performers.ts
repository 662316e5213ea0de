// The performers of a run: those of the ports that its experiments declare, by experiment, and those of the project. A performer of the project
// with the name of a port, or of its service, stands in for it. Ports on one endpoint with one key share a governor.
import type { Port } from "../../lib/experiment/effects/port.ts";
import type { PortSettings } from "../../lib/experiment/effects/port-settings.ts";
import type { DeclaredPerformers, Performer, Performers } from "../effects/performer.ts";
import type { ServiceReading } from "../event/services.ts";
import { type SimulationPerformers, simulationPerformers } from "../orchestrator/simulation-performers.ts";
import type { PlannedExperiment } from "../plan/plan.ts";
import type { PlannedPort } from "../plan/planned-port.ts";
import { chatService } from "./chat-service.ts";
import { endpointOf, isLoopback } from "./endpoint.ts";
import { type Governor, governor } from "./governor.ts";
import { httpService } from "./http-service.ts";
import { openNeighbours } from "./neighbours.ts";
import type { Limits } from "./pace.ts";
import type { Price } from "./prices.ts";
import { servicePerformer } from "./service.ts";
import type { Spending } from "./spending.ts";

export interface RunPerformers {
  /** By kind, for effects of any experiment. */
  readonly performers: Performers;
  /** By experiment, then by name of the port; asked first. */
  readonly ports: ReadonlyMap<string, Performers>;
  /** How full the gates are of the endpoints that were asked. */
  readings(): readonly ServiceReading[];
  /** Leaves the limits to the other runs of the project. */
  close(): void;
}

export interface PerformersOptions {
  readonly experiments: readonly Pick<PlannedExperiment, "name" | "effects">[];
  readonly declared: DeclaredPerformers;
  readonly spending: Spending;
  readonly priceOf: (model: string) => Price | null;
  /** Folder where runs of the project make known what they send; null for a run that knows of no other. */
  readonly endpoints: string | null;
  /** The project's key in the names of its simulations; null for none. */
  readonly simulations: string | null;
}

type DeclaredPort = Pick<Port, "service" | "settings"> | PlannedPort;

export function runPerformers(options: PerformersOptions): RunPerformers {
  const { experiments, declared } = options;
  const governors = governorsOf(
    [
      ...experiments.flatMap(({ effects = {} }) => Object.values(effects)),
      ...Object.values(declared).filter((each) => typeof each !== "function"),
    ],
    options.endpoints,
  );
  const simulations = simulationPerformers(options.simulations);
  const made = (name: string, port: DeclaredPort): Performer =>
    simulationIn(port, simulations) ?? performerOf({ ...options, name, port, governors: governors.of });
  const performers = Object.fromEntries(
    Object.entries(declared).map(([kind, each]) => [
      kind,
      typeof each === "function" ? each : giving(each, made(`*/${kind}`, each)),
    ]),
  );
  const ports = experiments.map(({ name, effects = {} }): [string, Performers] => [
    name,
    Object.fromEntries(
      Object.entries(effects).map(([port, planned]) => [
        port,
        performers[port] ?? performers[planned.service] ?? made(`${name}/${port}`, planned),
      ]),
    ),
  ]);
  return {
    performers,
    ports: new Map(ports),
    readings: () => [...governors.readings(), ...simulations.readings()],
    close() {
      governors.close();
      simulations.close();
    },
  };
}

/** The performer of a port that asks an orchestrator; null for any other. */
function simulationIn(port: DeclaredPort, simulations: SimulationPerformers): Performer | null {
  const { settings } = port;
  return "models" in port && port.simulation !== undefined
    ? simulations.of(port.simulation, settings, () => endpointOf(settings))
    : null;
}

/** Adds what a port of the project gives of every request. */
function giving({ gives }: Port, perform: Performer): Performer {
  return (request, context) =>
    perform(
      typeof request === "object" && request !== null && !Array.isArray(request)
        ? { ...gives, ...request }
        : request,
      context,
    );
}

function performerOf(of: {
  readonly name: string;
  readonly port: DeclaredPort;
  readonly governors: (settings: PortSettings) => Governor;
  readonly spending: Spending;
  readonly priceOf: (model: string) => Price | null;
}): Performer {
  const { service, settings } = of.port;
  const { price, budget = {} } = settings;
  const run = {
    settings,
    governorOf: () => of.governors(settings),
    spending: of.spending.of(of.name, budget),
  };
  if (service === "http") return servicePerformer(httpService(settings), run);
  const priceOf = (model: string): Price | null => price ?? of.priceOf(model) ?? freeAt(settings);
  return servicePerformer(chatService(settings, { priceOf, isPriced: of.spending.isPriced(budget) }), run);
}

/** A model of this machine that has no price costs nothing. */
function freeAt(settings: PortSettings): Price | null {
  return isLoopback(endpointOf(settings)) ? { prompt: 0, completion: 0 } : null;
}

/** One governor an endpoint and key, with the strictest of the limits that ports on it declare; made when first asked for. */
function governorsOf(
  ports: readonly DeclaredPort[],
  folder: string | null,
): {
  readonly of: (settings: PortSettings) => Governor;
  readonly readings: () => readonly ServiceReading[];
  readonly close: () => void;
} {
  const limits = new Map<string, Limits>();
  for (const { settings } of ports) {
    const key = endpointKeyOf(settings);
    const known = limits.get(key);
    limits.set(key, known === undefined ? limitsOf(settings) : stricter(known, limitsOf(settings)));
  }
  const made = new Map<string, Governor>();
  const governorOf = (settings: PortSettings): Governor => {
    const key = endpointKeyOf(settings);
    let one = made.get(key);
    if (one === undefined) {
      const own = limits.get(key) ?? limitsOf(settings);
      const isShared = folder !== null && (own.requests !== null || own.tokens !== null || own.spacingMs > 0);
      one = governor(own, isShared ? (on) => openNeighbours({ ...on, folder, endpoint: key }) : null);
      made.set(key, one);
    }
    return one;
  };
  return {
    of: governorOf,
    readings: () => [...made].map(([key, one]) => ({ service: serviceOf(key), ...one.reading() })),
    close() {
      for (const one of made.values()) one.close();
    },
  };
}

/** Where the environment does not say, nothing can be asked for, which the first call says. */
function endpointKeyOf(settings: PortSettings): string {
  try {
    return `${endpointOf(settings)} ${settings.keyFrom ?? ""}`;
  } catch {
    return "";
  }
}

/** "api.example.com": without what an address may hold of a name or a key. */
function serviceOf(key: string): string {
  const [endpoint = ""] = key.split(" ");
  return URL.canParse(endpoint) ? new URL(endpoint).host : "a service";
}

function limitsOf(settings: PortSettings): Limits {
  return {
    requests: settings.requestsPerMinute ?? null,
    tokens: settings.tokensPerMinute ?? null,
    concurrency: settings.concurrency ?? 50,
    spacingMs: settings.spacingMs ?? 0,
    windowMs: settings.windowMs ?? 60_000,
  };
}

function stricter(a: Limits, b: Limits): Limits {
  const least = (x: number | null, y: number | null): number | null =>
    x === null ? y : y === null ? x : Math.min(x, y);
  return {
    requests: least(a.requests, b.requests),
    tokens: least(a.tokens, b.tokens),
    concurrency: Math.min(a.concurrency, b.concurrency),
    spacingMs: Math.max(a.spacingMs, b.spacingMs),
    windowMs: Math.max(a.windowMs, b.windowMs),
  };
}
