// A port of an experiment as the plan has it: what the run needs to perform its effects, as plain data, without the author's functions.
import type { Port, Simulation } from "../../lib/experiment/effects/port.ts";

export interface PlannedPort extends Pick<Port, "service" | "settings"> {
  /** The models that the design asks for, as far as the port gives them; null where the trial's code names them. */
  readonly models: readonly string[] | null;
  /** Of an orchestrator: all that a run needs to ask for simulations. */
  readonly simulation?: PlannedSimulation;
}

/** The simulations of a trial, with the files that they are made of as text. */
export interface PlannedSimulation extends Pick<Simulation, "methods" | "set" | "series"> {
  readonly schema: { readonly files: readonly { readonly name: string; readonly text: string }[] };
  /** Of the schema's files, one after the other: the orchestrator's own has the same. */
  readonly sha256: string;
  /** Whole name. */
  readonly service: string;
  /** Of the configuration. */
  readonly base: { readonly name: string; readonly text: string } | null;
  /** Where each metric lies in the status's metrics. */
  readonly metrics: Readonly<Record<string, string>>;
}

/** By name. */
export type PlannedPorts = Readonly<Record<string, PlannedPort>>;
