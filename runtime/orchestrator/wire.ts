// One connection to an orchestrator: its four methods with JSON in and out, and what a failed call means. The connection mends itself; whoever
// waits is told that it was lost and asks again.
import { readFileSync } from "node:fs";
import {
  ChannelCredentials,
  Client,
  type ClientOptions,
  Metadata,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import type { MethodDefinition, ServiceDefinition } from "@grpc/proto-loader";
import { grpcAddressOf } from "../../lib/experiment/effects/grpc-address.ts";
import { isFromEnvironment, type PortSettings } from "../../lib/experiment/effects/port-settings.ts";
import type { Json } from "../../lib/experiment/json.ts";
import type { PlannedSimulation } from "../plan/planned-port.ts";
import { type Contract, contractOf } from "./contract.ts";
import { definitionsOf, type Schema, schemaOf } from "./schema.ts";
import { fromWire, toWire } from "./values.ts";

/** What became of a call: its answer, or why there is none. */
export type Called = { readonly answer: Json } | Failed;

export interface Failed {
  /** "lost": nobody knows whether it arrived; "unknown" and "known": no such simulation, or one already; "full": no worker is free. */
  readonly failed: "lost" | "unknown" | "known" | "full" | "refused";
  readonly words: string;
}

export interface Wire {
  readonly contract: Contract;
  readonly schema: Schema;
  start(request: Json, signal: AbortSignal): Promise<Called>;
  cancel(simulation: string): Promise<Called>;
  describe(): Promise<Called>;
  /** Statuses as they come; the last element says how the stream ended. */
  watch(simulation: string, signal: AbortSignal): AsyncGenerator<Called>;
  /** Ends the connection under way; the next call makes another. */
  cut(): void;
  close(): void;
}

/** How long an answer to a short call may take, in ms; of the end of a simulation that nobody waits for any more. */
const answerMs = 10_000;
const cancelMs = 900;

const meanings: Readonly<Partial<Record<status, Failed["failed"]>>> = {
  [status.NOT_FOUND]: "unknown",
  [status.ALREADY_EXISTS]: "known",
  [status.RESOURCE_EXHAUSTED]: "full",
  [status.UNAVAILABLE]: "lost",
  [status.DEADLINE_EXCEEDED]: "lost",
  [status.CANCELLED]: "lost",
  [status.INTERNAL]: "lost",
  [status.ABORTED]: "lost",
};

/** Throws, in words, where the environment does not give what the address, the key or TLS need. */
export async function openWire(
  planned: PlannedSimulation,
  of: { readonly address: string; readonly settings: PortSettings },
): Promise<Wire> {
  const definitions = await definitionsOf(planned.schema);
  const schema = schemaOf(definitions);
  const contract = contractOf(schema, planned);
  if ("found" in contract) throw new Error(`the schema lacks what is asked of it: ${contract.found}`);
  // The contract has looked it up.
  const service = definitions[contract.service] as ServiceDefinition;
  const { host, isSafe } = targetOf(of.address);
  const metadata = metadataOf(of.settings, { isSafe, address: of.address });
  const make = (): Client => new Client(host, credentialsOf(of.settings, isSafe), channelOptions(host));
  let client = make();

  const call = (
    role: "start" | "cancel" | "describe",
    request: Json,
    given: { readonly deadlineMs: number; readonly signal?: AbortSignal },
  ): Promise<Called> =>
    new Promise((settle) => {
      const cancel = (): void => under.cancel();
      const resolve = (called: Called): void => {
        given.signal?.removeEventListener("abort", cancel);
        settle(called);
      };
      const method = definitionOf(service, planned.methods[role]);
      const { input, output } = contract.methods[role];
      const deadline = Date.now() + given.deadlineMs;
      const under = client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        toWire(schema, input, request),
        metadata,
        { deadline },
        (error: ServiceError | null, value?: object) =>
          resolve(error === null ? { answer: fromWire(schema, output, value) } : failedOf(error)),
      );
      given.signal?.addEventListener("abort", cancel, { once: true });
    });

  return {
    contract,
    schema,
    start: (request, signal) => call("start", request, { deadlineMs: answerMs, signal }),
    cancel: (simulation) => call("cancel", { simulation_id: simulation }, { deadlineMs: cancelMs }),
    describe: () => call("describe", {}, { deadlineMs: answerMs }),
    async *watch(simulation, signal) {
      const method = definitionOf(service, planned.methods.watch);
      const { input, output } = contract.methods.watch;
      const stream = client.makeServerStreamRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        toWire(schema, input, { simulation_id: simulation }),
        metadata,
      );
      const end = (): void => stream.cancel();
      signal.addEventListener("abort", end, { once: true });
      if (signal.aborted) end();
      try {
        for await (const value of stream as AsyncIterable<object>)
          yield { answer: fromWire(schema, output, value) };
        yield { failed: "lost", words: "the stream of statuses ended" };
      } catch (error) {
        yield failedOf(error);
      } finally {
        signal.removeEventListener("abort", end);
        end();
      }
    },
    cut() {
      client.close();
      client = make();
    },
    close: () => client.close(),
  };
}

function definitionOf(service: ServiceDefinition, name: string): MethodDefinition<object, object> {
  const method = service[name];
  if (method === undefined) throw new Error(`the service has no method ${name}`);
  return method;
}

function failedOf(error: unknown): Failed {
  const code: unknown = Reflect.get(Object(error), "code");
  const details: unknown = Reflect.get(Object(error), "details");
  const words =
    typeof details === "string" && details !== ""
      ? details
      : error instanceof Error
        ? error.message
        : String(error);
  const meaning = typeof code === "number" ? meanings[code as status] : undefined;
  return { failed: meaning ?? "refused", words: meaning === "lost" ? lossWords(words) : words };
}

/** Of what gRPC says of a loss its cause alone, without how its own parts have fared. */
function lossWords(words: string): string {
  const [, cause] = /Last error: (?:Error: )?(.+?)\.? Resolution note:/.exec(words) ?? [];
  if (cause !== undefined) return cause;
  return /^Deadline exceeded/.test(words) ? "no answer came in time" : words;
}

/** "https://host:443" is TLS; anything else is plain. */
function targetOf(address: string): { readonly host: string; readonly isSafe: boolean } {
  const found = grpcAddressOf(address);
  if (found === null) throw new Error(`${JSON.stringify(address)} is no address such as "127.0.0.1:50051"`);
  const { host, port, isSafe } = found;
  return { host: `${host}:${port ?? (isSafe ? 443 : 50051)}`, isSafe };
}

function credentialsOf({ tls = {} }: PortSettings, isSafe: boolean): ChannelCredentials {
  if (!isSafe) return ChannelCredentials.createInsecure();
  const { authority, certificate, key } = tls;
  return ChannelCredentials.createSsl(pem(authority), pem(key), pem(certificate));
}

function pem(
  file: string | { readonly env: string; readonly otherwise: string | null } | undefined,
): Buffer | null {
  if (file === undefined) return null;
  const path = isFromEnvironment(file) ? (process.env[file.env] ?? file.otherwise) : file;
  if (path === null)
    throw new Error(
      `the environment variable ${isFromEnvironment(file) ? file.env : ""}, which is to name a PEM file, is not set`,
    );
  try {
    return readFileSync(path);
  } catch (error) {
    const code: unknown = Reflect.get(Object(error), "code");
    throw new Error(`the PEM file ${path} cannot be read${code === "ENOENT" ? ": there is none" : ""}`);
  }
}

function metadataOf(
  { keyFrom }: PortSettings,
  of: { readonly isSafe: boolean; readonly address: string },
): Metadata {
  const metadata = new Metadata();
  if (keyFrom === undefined) return metadata;
  const key = process.env[keyFrom] ?? "";
  if (key === "")
    throw new Error(`the environment variable ${keyFrom}, which is to hold the key, is not set`);
  if (!of.isSafe && !isOwn(of.address))
    throw new Error(
      `the key of ${keyFrom} is not sent to ${of.address} in the clear: give an address with https://`,
    );
  metadata.set("authorization", `Bearer ${key}`);
  return metadata;
}

function isOwn(address: string): boolean {
  return /^(grpc:\/\/|http:\/\/)?(localhost|127(\.\d+){3}|\[::1\])(:\d+)?\/?$/.test(address);
}

/** Waits between attempts to connect stay short: who waits for an orchestrator that comes back wants it soon. */
function channelOptions(host: string): ClientOptions {
  return {
    "grpc.initial_reconnect_backoff_ms": 200,
    "grpc.max_reconnect_backoff_ms": 5000,
    "grpc.max_receive_message_length": 64 * 2 ** 20,
    ...(isOwn(host) && { "grpc.enable_http_proxy": 0 }),
  };
}
