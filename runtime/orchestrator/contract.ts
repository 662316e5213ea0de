// What a schema must have so that an orchestrator can be asked: four methods with the fields that are read and written, found by name. What is
// missing is told once, in words that say what to add.
import type { Simulation, SimulationMethods } from "../../lib/experiment/effects/port.ts";
import type { Field, Message, Method, Schema } from "./schema.ts";

/** The options that name methods, by what the methods are for. */
const optionOf = { start: "method", watch: "watch", cancel: "cancel", describe: "describe" } as const;

type SimulationOption = (typeof optionOf)[keyof typeof optionOf];

export interface Contract {
  /** Whole name. */
  readonly service: string;
  readonly methods: { readonly [K in keyof SimulationMethods]: Method };
  /** Of the start's request: a message of its own, or text (YAML or JSON). */
  readonly configuration: Message | "text";
  /** Of the status: where metrics are. */
  readonly metrics: Field;
}

/** What is wrong with a schema, as a problem says it. */
export interface Lack {
  /** The option of `grpc` that leads there; null where it is the schema itself. */
  readonly option: "service" | SimulationOption | null;
  /** Ends with the name where that is none of `candidates`. */
  readonly found: string;
  readonly expected: string;
  readonly candidates?: readonly string[];
}

const scalarIs = (field: Field | undefined, ...scalars: readonly string[]): boolean =>
  field !== undefined &&
  !field.isList &&
  !field.isMap &&
  field.type.kind === "scalar" &&
  scalars.includes(field.type.scalar);

/** The contract, or what is lacking. */
export function contractOf(schema: Schema, wanted: Pick<Simulation, "service" | "methods">): Contract | Lack {
  const service = serviceOf(schema, wanted.service);
  if (typeof service !== "string") return service;
  const methods = schema.services.get(service) ?? new Map<string, Method>();
  const found: { -readonly [K in keyof SimulationMethods]?: Method } = {};
  for (const role of ["start", "watch", "cancel", "describe"] as const) {
    const name = wanted.methods[role];
    const method = methods.get(name);
    if (method === undefined)
      return {
        option: optionOf[role],
        found: `${service} has no method ${name}`,
        expected: `rpc ${name}${signatures[role]}; it has ${[...methods.keys()].join(", ")}`,
        candidates: [...methods.keys()],
      };
    if (method.streams.requests || method.streams.answers !== (role === "watch"))
      return {
        option: optionOf[role],
        found: `the streams of ${name}`,
        expected: `rpc ${name}${signatures[role]}`,
      };
    if (role !== "describe" && !scalarIs(fieldOf(method.input, "simulation_id"), "string"))
      return {
        option: optionOf[role],
        found: `the request of ${name}, ${method.input.name}`,
        expected: "a field: string simulation_id",
      };
    found[role] = method;
  }
  const { start, watch, cancel, describe } = found as Contract["methods"]; // Each was found, or this had ended.
  const configuration = configurationOf(schema, start);
  if (!("fields" in Object(configuration)) && configuration !== "text") return configuration as Lack;
  const metrics = fieldOf(watch.output, "metrics");
  const lack = lackOfStatus(watch.output, metrics) ?? lackOfDescription(describe.output);
  if (lack !== null || metrics === undefined)
    return lack ?? { option: null, found: "the status", expected: "metrics" };
  return {
    service,
    methods: { start, watch, cancel, describe },
    configuration: configuration as Contract["configuration"],
    metrics,
  };
}

const signatures: { readonly [K in keyof SimulationMethods]: string } = {
  start: "(...) returns (...)",
  watch: "(...) returns (stream ...)",
  cancel: "(...) returns (...)",
  describe: "(...) returns (...)",
};

function serviceOf(schema: Schema, wanted: string | null): string | Lack {
  const names = [...schema.services.keys()];
  const fitting =
    wanted === null ? names : names.filter((name) => name === wanted || name.endsWith(`.${wanted}`));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const listed = names.length === 0 ? "none" : names.join(", ");
  return wanted === null
    ? {
        option: "service",
        found: `the schema has ${names.length === 0 ? "no service" : "several services"}`,
        expected: `one service, or service: "..." (it has ${listed})`,
      }
    : {
        option: "service",
        found: `the service ${wanted}`,
        expected: `one of the schema's services: ${listed}`,
        candidates: [...names, ...names.map((name) => name.slice(name.lastIndexOf(".") + 1))],
      };
}

function fieldOf({ fields }: Message, name: string): Field | undefined {
  return fields.find((field) => field.name === name);
}

function configurationOf(schema: Schema, { input }: Method): Contract["configuration"] | Lack {
  const field = fieldOf(input, "configuration");
  if (scalarIs(field, "string", "bytes")) return "text";
  const message = field?.type.kind === "message" ? schema.messages.get(field.type.message) : undefined;
  if (message !== undefined && field?.isList === false && !field.isMap) return message;
  return {
    option: null,
    found: `the start's request, ${input.name}`,
    expected: "a field: configuration, a message, google.protobuf.Struct, or text (string, bytes)",
  };
}

function lackOfStatus(status: Message, metrics: Field | undefined): Lack | null {
  const event = fieldOf(status, "event");
  const isEnum = event?.type.kind === "enum" && !event.isList;
  if (!isEnum && !scalarIs(event, "string"))
    return {
      option: null,
      found: `the status, ${status.name}`,
      expected: "a field: event, as text or an enumeration",
    };
  const message = fieldOf(status, "message");
  if (message !== undefined && !scalarIs(message, "string"))
    return { option: null, found: `the status, ${status.name}`, expected: "its field message as text" };
  const isNamed =
    metrics !== undefined && !metrics.isList && (metrics.isMap || metrics.type.kind === "message");
  return isNamed
    ? null
    : {
        option: null,
        found: `the status, ${status.name}`,
        expected: "a field: metrics, a message, a map by name or google.protobuf.Struct",
      };
}

function lackOfDescription(description: Message): Lack | null {
  const wrong = (["version", "schema_sha256"] as const).find(
    (name) => !scalarIs(fieldOf(description, name), "string"),
  );
  const counts = ["workers", "free"].find(
    (name) => !scalarIs(fieldOf(description, name), "int32", "uint32", "int64", "uint64"),
  );
  const missing = wrong === undefined ? counts : wrong;
  if (missing === undefined) return null;
  const type = missing === counts ? "uint32" : "string";
  return {
    option: null,
    found: `what describes the orchestrator, ${description.name}`,
    expected: `a field: ${type} ${missing}`,
  };
}
