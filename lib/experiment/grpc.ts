// grpc: a simulation that an orchestrator runs, as a trial. It stands where the trial function stands: the orchestrator is told to start a
// simulation with the trial's configuration, its status is followed, and its metrics are the trial's.
import { type CallSite, callSiteOf } from "./call-site.ts";
import { type CommandToken, isToken, type Naming } from "./command.ts";
import { grpcAddressOf } from "./effects/grpc-address.ts";
import type { Given, Port, Simulation } from "./effects/port.ts";
import {
  addressShape,
  type FromEnvironment,
  isFromEnvironment,
  keyShape,
  type PortSettings,
} from "./effects/port-settings.ts";
import type { Json } from "./json.ts";
import { type Duration, durationOf, durationShape } from "./limits.ts";
import { number, optionProblems, readOptions, record, required, type Shape } from "./option-shapes.ts";
import type { StageContext, TrialContext } from "./trial-context.ts";

/** The configuration of each simulation. */
export interface SimulationConfiguration<P extends string = string> {
  /** A JSON or YAML file beside the experiment that the trial's values are merged into. */
  readonly base?: string;
  /** Values by key; a dot goes deeper: `{ "tank.temperature": parameter("temperature"), seed: trialSeed }`. All parameters and `seed` unless told. */
  readonly set?: Readonly<Record<string, CommandToken<P> | Json>>;
}

/** What `grpc` takes: P the parameters that it names, M the metrics, S the series. */
export interface GrpcOptions<P extends string, M extends string, S extends string = never> {
  /** The schema: a `.proto` file beside the experiment. `lab build` checks configurations and metrics against it. */
  readonly proto: string;
  /** "127.0.0.1:50051", or "https://orchestrator.example:443" for TLS; `env("ORCHESTRATOR", ...)` where it differs by machine. */
  readonly address: string | FromEnvironment;
  /** Whole or last name of the service; the only one of the schema unless told. */
  readonly service?: string;
  /** Starts a simulation: takes `simulation_id` and `configuration`. "StartSimulation" unless told. */
  readonly method?: string;
  /** Takes `simulation_id`, answers with a stream of `event`, `message` and `metrics` that begins with where the simulation stands. "WatchSimulation" unless told. */
  readonly watch?: string;
  /** Takes `simulation_id` and ends the simulation. "CancelSimulation" unless told. */
  readonly cancel?: string;
  /** Answers with `version`, `schema_sha256`, `workers` and `free`. "Describe" unless told. */
  readonly describe?: string;
  readonly configuration?: SimulationConfiguration<P>;
  /** Where a metric lies in the status's `metrics`, where it is not under its own name; a dot goes deeper: `{ yield: "harvest.total" }`. */
  readonly metrics?: Readonly<Partial<Record<M, string>>>;
  /** Field of the status that has the rows of a series, by series: a message is a row, a list is rows. Each watch begins with the first: `{ growth: "days" }`. */
  readonly series?: Readonly<Record<S, string>>;
  /** Name of the environment variable that holds the key, sent as `authorization: Bearer`; only over TLS or to this machine. None is sent unless told. */
  readonly keyFrom?: string;
  /** PEM files for TLS, by path: the authority that is trusted, and a certificate of one's own with its key. */
  readonly tls?: {
    readonly authority?: string | FromEnvironment;
    readonly certificate?: string | FromEnvironment;
    readonly key?: string | FromEnvironment;
  };
  /** Simulations at a time at most; as many as the orchestrator has workers free unless told. */
  readonly concurrency?: number;
  /** How long the orchestrator may be out of reach before trials that wait for it fail; "10m" unless told. */
  readonly awayFor?: Duration;
}

/** A simulation that stands where the function of the trial may stand. Only to the checker it can be called. */
export interface Grpc<P extends string = string, M extends string = string, S extends string = string>
  extends Naming<P, M, S> {
  (context: unknown): never;
  readonly kind: "labwright/grpc";
  /** Where its simulations are asked for. */
  readonly port: Port;
}

/** The name of the port of such a trial, and the key of its one exchange. */
export const simulationPort = "simulation";

/**
 * A simulation of an orchestrator as the trial, over gRPC.
 *
 * Trials wait for their simulations many at a time, without a thread each; as many are started as the orchestrator says that it has workers
 * free. A simulation goes by the trial's id: after a lost connection, a restart of the orchestrator or of labwright it is asked what became of
 * it, and none is started twice for one attempt. A time-out, `lab cancel` and a stopped run cancel it. Events: `sim.run_completed` (with
 * `metrics`), `sim.run_failed`, `sim.run_cancelled`, `sim.run_refused` (each with `message`); any other says that it goes on.
 *
 * @example
 * trial: grpc({
 *   proto: "orchestrator.proto",
 *   address: env("ORCHESTRATOR", "127.0.0.1:50051"),
 *   configuration: { base: "tank.yaml", set: { "tank.temperature": parameter("temperature"), seed: trialSeed } },
 * }),
 */
export function grpc<
  const P extends string = never,
  const M extends string = never,
  const S extends string = never,
>(options: GrpcOptions<P, M, S>): Grpc<NoInfer<P>, NoInfer<M>, NoInfer<S>> {
  const port = portOf(options, callSiteOf(grpc));
  const set = port.simulation?.set ?? null;
  const run = async ({ parameters, replicate, effect, record, refuse }: TrialContext): Promise<unknown> => {
    const settings = settingsOf(set, { parameters, replicate });
    const recorded = new Map<string, unknown[]>();
    const onRows = (name: string, rows: readonly unknown[]): void => {
      const own = recorded.get(name) ?? [];
      recorded.set(name, own);
      for (const row of rows) {
        own.push(row);
        record(name, row as Row); // Checked there.
      }
    };
    const answer: unknown = await effect(simulationPort, { set: settings }, { kind: simulationPort, onRows });
    for (const name of Object.keys(port.simulation?.series ?? {}))
      onRows(name, rowsAfter(recorded.get(name) ?? [], rowsOf(answer, name), name));
    const refused: unknown = Reflect.get(Object(answer), "refused");
    if (typeof refused === "string") return refuse(refused);
    return Reflect.get(Object(answer), "metrics");
  };
  const made: unknown = Object.assign(run, { kind: "labwright/grpc", port });
  // The names are those written here; what stands around says only which there may be.
  return made as Grpc<NoInfer<P>, NoInfer<M>, NoInfer<S>>;
}

type Row = Readonly<Record<string, unknown>>;

function rowsOf(answer: unknown, series: string): readonly unknown[] {
  const rows: unknown = Reflect.get(Object(Reflect.get(Object(answer), "series")), series);
  return Array.isArray(rows) ? rows : [];
}

/** Those after the rows that were recorded as they came. Throws, in words, where the answer has others: what is recorded must follow from it alone. */
function rowsAfter(
  recorded: readonly unknown[],
  all: readonly unknown[],
  series: string,
): readonly unknown[] {
  const begin = JSON.stringify(all.slice(0, recorded.length));
  if (begin === JSON.stringify(recorded)) return all.slice(recorded.length);
  throw new Error(
    `series ${series}: the simulation was begun anew and told other rows than before; with the same configuration and seed it must tell the same`,
  );
}

export function isGrpc(value: unknown): value is Grpc {
  return typeof value === "function" && "kind" in value && value.kind === "labwright/grpc";
}

/** What a trial sets in its configuration, by key. */
export function settingsOf(
  set: Simulation["set"],
  { parameters, replicate }: Pick<StageContext, "parameters" | "replicate">,
): Readonly<Record<string, Json>> {
  if (set === null) return { ...parameters, seed: replicate.seed };
  return Object.fromEntries(
    Object.entries(set).map(([key, value]) => {
      if (!isToken(value)) return [key, value];
      // Names are checked with the definition; a parameter that a condition does not have is left to the schema.
      return [key, value.token === "parameter" ? (parameters[value.name] ?? null) : replicate.seed];
    }),
  );
}

const name = (what: string): Shape => ({
  expected: `the name of ${what}`,
  fits: (value) => typeof value === "string" && /^[A-Za-z_][\w.]*$/.test(value),
});

const settingShapes = {
  address: required({
    expected:
      'an address, such as "127.0.0.1:50051" or "https://orchestrator.example:443", or env("NAME", ...)',
    fits: isAddress,
  }),
  keyFrom: keyShape,
  tls: {
    expected:
      'paths of PEM files: { authority: env("ORCHESTRATOR_CA") }, with certificate and key where they are asked for',
    fits: (value: unknown) =>
      typeof value === "object" &&
      value !== null &&
      Object.entries(value).every(
        ([part, file]) => ["authority", "certificate", "key"].includes(part) && addressShape.fits(file),
      ),
  },
  concurrency: number("a whole number from 1", (value) => Number.isInteger(value) && value >= 1),
  awayFor: durationShape,
} satisfies Readonly<Record<string, Shape>>;

const shapes: { readonly [K in keyof Required<GrpcOptions<string, string, string>>]: Shape } = {
  proto: required({
    expected: 'a schema beside the experiment, such as "orchestrator.proto"',
    fits: (value) => typeof value === "string" && value.endsWith(".proto"),
  }),
  service: name("a service of the schema"),
  method: name("a method of the service"),
  watch: name("a method of the service"),
  cancel: name("a method of the service"),
  describe: name("a method of the service"),
  configuration: {
    expected: 'an object, such as { base: "tank.yaml", set: { seed: trialSeed } }',
    fits: isConfiguration,
  },
  metrics: record('keys by metric, such as { yield: "harvest.total" }'),
  series: {
    expected: 'a field of the status by series, such as { growth: "days" }',
    fits: (value) =>
      typeof value === "object" &&
      value !== null &&
      Object.values(value).every((field) => typeof field === "string" && /^[A-Za-z_]\w*$/.test(field)),
  },
  ...settingShapes,
};

/** Options of `grpc` that are no part of what a trial computes. The schema counts by what it says. */
export const grpcSettingNames: ReadonlySet<string> = new Set(["proto", ...Object.keys(settingShapes)]);

function isAddress(value: unknown): boolean {
  const text = isFromEnvironment(value) ? (value.otherwise ?? "127.0.0.1") : value;
  return typeof text === "string" && grpcAddressOf(text) !== null;
}

function isConfiguration(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([key, part]: [string, unknown]) => {
    if (key === "base") return typeof part === "string" && part !== "";
    return key === "set" && typeof part === "object" && part !== null && !Array.isArray(part);
  });
}

function portOf(given: GrpcOptions<string, string, string>, site: CallSite | null): Port {
  const { options, misfits } = readOptions<GrpcOptions<string, string, string>>(given, shapes);
  const { address = "", keyFrom, tls, concurrency, awayFor } = options;
  const settings: PortSettings = {
    endpoint: address,
    ...(keyFrom !== undefined && { keyFrom }),
    ...(tls !== undefined && { tls }),
    ...(concurrency !== undefined && { concurrency }),
    ...(awayFor !== undefined && { awayMs: durationOf(awayFor) ?? 0 }),
  };
  const { base, set } = options.configuration ?? {};
  const gives: Readonly<Record<string, Given>> = {};
  return {
    kind: "labwright/port",
    service: "grpc",
    settings,
    gives,
    answer: null,
    inDoubt: "send-again",
    simulation: {
      proto: options.proto ?? "",
      service: options.service ?? null,
      methods: {
        start: options.method ?? "StartSimulation",
        watch: options.watch ?? "WatchSimulation",
        cancel: options.cancel ?? "CancelSimulation",
        describe: options.describe ?? "Describe",
      },
      base: base ?? null,
      set: set ?? null,
      metrics: options.metrics ?? {},
      series: options.series ?? {},
    },
    problems: misfits.flatMap((misfit) => {
      const subject = misfit.key === "" ? "the trial" : `option "${misfit.key}"`;
      const problems = optionProblems([misfit], { code: "bad-orchestrator", subject });
      return problems.map((problem) => ({ ...problem, site }));
    }),
    site,
  };
}
