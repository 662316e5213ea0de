// What a port is: a service that trials of an experiment ask, declared in the definition as plain data. The trial sees one typed function a
// port; transport, limits and keys stay with the run, which has one governor for all workers.
import type { z } from "zod";
import type { CallSite } from "../call-site.ts";
import type { CommandToken } from "../command.ts";
import type { Json } from "../json.ts";
import type { DefinitionProblem } from "../problem.ts";
import type { PortSettings } from "./port-settings.ts";

declare const types: unique symbol;

/** A part of a request that the port gives: a value, or one that follows from the parameters of the trial. */
export type Given = Json | ((parameters: never) => unknown);

/** A declared port: Q its requests as the trial writes them, A its answers, P the parameters that it reads. Made by `chat` and `http`. */
export interface Port<Q = unknown, A = unknown, P = never> {
  readonly kind: "labwright/port";
  /** What the run has a performer of. */
  readonly service: "chat" | "http" | "grpc";
  /** Address, limits, prices: no part of what a trial computes. */
  readonly settings: PortSettings;
  /** Parts of a request, by name, that the port gives where the trial does not. */
  readonly gives: { readonly [name: string]: Given };
  /** Checks an answer before it is handed on; null for none. */
  readonly answer: z.ZodType | null;
  /** A call that was on its way when the process died is sent again under its key, or fails the trial. */
  readonly inDoubt: "send-again" | "fail";
  /** Of an orchestrator: what is asked for, and how answers are read. */
  readonly simulation?: Simulation;
  readonly problems: readonly DefinitionProblem[];
  readonly site: CallSite | null;
  readonly [types]?: { readonly request: Q; readonly answer: A; readonly parameters: (of: P) => void };
}

/** The simulations of a trial as they are written, before the schema was read. */
export interface Simulation {
  /** Path beside the experiment. */
  readonly proto: string;
  /** Whole or last name; null for the only one. */
  readonly service: string | null;
  readonly methods: SimulationMethods;
  /** Path beside the experiment; null for a configuration of nothing but what is set. */
  readonly base: string | null;
  /** By key, with a dot for what lies deeper; null for all parameters and the seed. */
  readonly set: Readonly<Record<string, CommandToken | Json>> | null;
  /** Keys in the status's metrics, by metric; a metric that is absent lies under its own name. */
  readonly metrics: Readonly<Record<string, string | undefined>>;
  /** Fields of the status, by series. */
  readonly series: Readonly<Record<string, string>>;
}

/** Names of the methods of an orchestrator. */
export interface SimulationMethods {
  readonly start: string;
  readonly watch: string;
  readonly cancel: string;
  readonly describe: string;
}

/** Asks a port: `key` is unique within the trial, such as "firm-1/round-12"; an answer that is journalled is never requested again. */
export interface Ask<Q, A> {
  (key: string, request: Q): Promise<A>;
  /**
   * Says what became of an answer, for the account of calls in the report; no result changes by it. `llmAgent` says it of its own.
   *
   * @example effects.ask.note({ kind: "unusable", cause: "wrong schema" });
   */
  readonly note: (note: CallNote) => void;
}

/** What became of an answer. */
export type CallNote =
  /** It could not be used; the cause in a few words, the same for the same thing. */
  | { readonly kind: "unusable"; readonly cause: string }
  /** The model is asked to mend it. */
  | { readonly kind: "repair" }
  /** A decision was made without an answer. */
  | { readonly kind: "fallback" };

/** Ports by name, for an experiment whose conditions have the type C. */
export interface PortsOf<C> {
  readonly [name: string]: Port<unknown, unknown, C>;
}

/** What the trial is handed under `effects`: one function a port. */
export type AsksOf<E> = {
  readonly [K in keyof E]: E[K] extends Port<infer Q, infer A, never> ? Ask<Q, A> : never;
};

/** Parameters of a trial whose names and types a port does not know. */
export interface AnyParameters {
  readonly [name: string]: Json;
}
