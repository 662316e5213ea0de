// A port of an experiment as the plan has it: what the run needs to perform its effects, as plain data, without the author's functions.
import type { Port } from "../../lib/experiment/effects/port.ts";

export interface PlannedPort extends Pick<Port, "service" | "settings"> {
  /** The models that the design asks for, as far as the port gives them; null where the trial's code names them. */
  readonly models: readonly string[] | null;
}

/** By name. */
export type PlannedPorts = Readonly<Record<string, PlannedPort>>;
