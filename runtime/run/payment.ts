// What a run will ask of services before it begins: which ports, which models at which price, and how much by what earlier trials took.
import type { DeclaredPerformers } from "../effects/performer.ts";
import type { PlannedPort } from "../plan/planned-port.ts";
import { endpointOf, isLoopback } from "../services/endpoint.ts";
import type { Prices } from "../services/prices.ts";
import { estimateFrom, type Range } from "./estimate.ts";
import type { Prepared } from "./prepare.ts";
import type { JobSurvey } from "./survey.ts";

export interface AskedPort {
  readonly experiment: string;
  readonly name: string;
  readonly port: PlannedPort;
  /** Address; null where the environment is to give it and does not. */
  readonly endpoint: string | null;
  /** Whether calls cost money: "free", "paid", or "unknown" where nobody knows a price. */
  readonly cost: "free" | "paid" | "unknown";
  /** Models that nobody knows a price of. */
  readonly unpriced: readonly string[];
}

/** The ports that what is left to run will ask; those that a performer of the project stands in for are its own business. */
export function askedPorts(
  { surveys, opened }: Pick<Prepared, "surveys" | "opened">,
  of: {
    readonly declared: DeclaredPerformers;
    readonly prices: Prices;
    /** Those of experiments with nothing left to run too. */
    readonly isAll?: boolean;
  },
): readonly AskedPort[] {
  const left = new Set(
    surveys.filter(({ fresh }) => of.isAll === true || fresh > 0).map(({ job }) => job.experiment),
  );
  return opened.plan.experiments
    .filter(({ name }) => left.has(name))
    .flatMap(({ name: experiment, effects = {} }) =>
      Object.entries(effects)
        .filter(([name, { service }]) => !(name in of.declared) && !(service in of.declared))
        .map(([name, port]) => ({ experiment, name, port, ...costOf(port, of.prices) })),
    );
}

function costOf(port: PlannedPort, prices: Prices): Pick<AskedPort, "endpoint" | "cost" | "unpriced"> {
  const endpoint = addressOf(port);
  const { service, settings, models } = port;
  if (service === "grpc") return { endpoint, cost: "free", unpriced: [] };
  if (service === "http")
    return { endpoint, cost: (settings.callUsd ?? 0) > 0 ? "paid" : "free", unpriced: [] };
  const { price } = settings;
  if (price !== undefined)
    return { endpoint, cost: price.prompt + price.completion > 0 ? "paid" : "free", unpriced: [] };
  const isOwn = endpoint !== null && isLoopback(endpoint);
  const found = (models ?? []).map((model) => ({ model, price: prices.of(model) }));
  const unpriced = isOwn ? [] : found.flatMap(({ model, price: one }) => (one === null ? [model] : []));
  if (found.some(({ price: one }) => one !== null && one.prompt + one.completion > 0))
    return { endpoint, cost: "paid", unpriced };
  return { endpoint, cost: isOwn ? "free" : "unknown", unpriced };
}

function addressOf({ settings }: PlannedPort): string | null {
  try {
    return endpointOf(settings);
  } catch {
    return null;
  }
}

/** What is left will take, as ranges; a name that no recorded trial has is absent. */
export interface UsageEstimate {
  readonly experiment: string;
  readonly calls?: Range;
  readonly tokens?: Range;
  readonly costUsd?: Range;
  /** How many recorded trials it rests on; 0 where there are none, of which nothing is known then. */
  readonly measured: number;
}

/** Recorded trials looked at. */
const sampleMax = 500;

/** By the trials that were recorded, a pilot's for example. */
export async function usageEstimateOf({ job, fresh, records }: JobSurvey): Promise<UsageEstimate> {
  const taken: Record<"calls" | "tokens" | "costUsd", number[]> = { calls: [], tokens: [], costUsd: [] };
  let measured = 0;
  for await (const { telemetry, result } of records.read()) {
    // A spent budget ended it somewhere on its way.
    if (result.outcome.kind === "budget-stopped") continue;
    const { extras = {} } = telemetry;
    measured += 1;
    for (const name of ["calls", "tokens", "costUsd"] as const)
      if (extras[name] !== undefined) taken[name].push(extras[name]);
    if (measured >= sampleMax) break;
  }
  const ranges = Object.entries(taken).flatMap(([name, values]) =>
    values.length === 0 ? [] : [[name, estimateFrom(values, fresh)] as const],
  );
  return { experiment: job.experiment, measured, ...Object.fromEntries(ranges) };
}
