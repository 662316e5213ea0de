// The performers of simulations for a run: one orchestrator an address, key and schema, whichever experiments ask it.
import { z } from "zod";
import type { PortSettings } from "../../lib/experiment/effects/port-settings.ts";
import type { Json } from "../../lib/experiment/json.ts";
import { type Performer, performFailure, type Usage } from "../effects/performer.ts";
import type { ServiceReading } from "../event/services.ts";
import type { PlannedSimulation } from "../plan/planned-port.ts";
import { Orchestrator } from "./orchestrator.ts";
import type { SimulationEnd } from "./simulation-state.ts";

export interface SimulationPerformers {
  /** `addressOf` throws, in words, where the environment does not give the address. */
  of(planned: PlannedSimulation, settings: PortSettings, addressOf: () => string): Performer;
  readings(): readonly ServiceReading[];
  close(): void;
}

const requestShape = z.object({ set: z.record(z.string(), z.json()) });

/** `project`: its key in the names of simulations; null for none. */
export function simulationPerformers(project: string | null): SimulationPerformers {
  const made = new Map<string, { readonly address: string; readonly orchestrator: Orchestrator }>();
  const orchestratorOf = (
    planned: PlannedSimulation,
    settings: PortSettings,
    address: string,
  ): Orchestrator => {
    const key = JSON.stringify([address, settings, planned]);
    let one = made.get(key);
    if (one === undefined) {
      one = { address, orchestrator: new Orchestrator(planned, { address, settings, project }) };
      made.set(key, one);
    }
    return one.orchestrator;
  };
  return {
    of: (planned, settings, addressOf) => async (request, context) => {
      const { set } = requestShape.parse(request);
      const orchestrator = orchestratorOf(planned, settings, addressOf());
      const { id, attempt, end } = await orchestrator.simulate(context.trial, set, context);
      const usage: Usage = attempt > 1 ? { simulationAttempt: attempt } : {};
      if (end.kind === "completed" || end.kind === "refused") return { response: responseOf(id, end), usage };
      throw performFailure(`simulation ${id}: ${end.words}`, { usage, failures: [] });
    },
    readings: () =>
      [...made.values()].map(({ address, orchestrator }) => ({
        service: address.replace(/^\w+:\/\//, ""),
        ...orchestrator.reading(),
      })),
    close() {
      for (const { orchestrator } of made.values()) orchestrator.close();
    },
  };
}

function responseOf(
  simulation: string,
  end: Extract<SimulationEnd, { kind: "completed" | "refused" }>,
): Json {
  const said = end.kind === "refused" ? { refused: end.words } : { metrics: end.metrics };
  return { simulation, ...said, ...(Object.keys(end.series).length > 0 && { series: end.series }) };
}
