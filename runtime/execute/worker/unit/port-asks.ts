// The functions that a trial is handed under `effects`: what a port gives of a request is added where the trial says nothing, and the
// whole goes to the run as an effect of the port's name.
import type { Ask, CallNote, Port } from "../../../../lib/experiment/effects/port.ts";
import type { Json } from "../../../../lib/experiment/json.ts";
import type { EffectOptions } from "../../../../lib/experiment/trial-context.ts";
import type { CallLog } from "./call-log.ts";

type Effect = (key: string, request: Json, options: EffectOptions<unknown>) => Promise<unknown>;

/** By port. */
export type Asks = Readonly<Record<string, Ask<Json, unknown>>>;

/** By port; `parameters` are those of the trial, and `callsOf` where what it says of answers goes. */
export function portAsks(
  ports: Readonly<Record<string, Port>>,
  parameters: Readonly<Record<string, Json>>,
  effect: Effect,
  callsOf: () => CallLog,
): Asks {
  return Object.fromEntries(
    Object.entries(ports).map(([name, port]) => {
      const { answer, inDoubt } = port;
      const options = {
        kind: name,
        inDoubt,
        reuse: "same-request",
        ...(answer !== null && { response: answer }),
      } as const;
      const ask = async (key: string, request: Json): Promise<unknown> =>
        effect(key, filled(port, parameters, request), options);
      return [name, Object.assign(ask, { note: (note: CallNote) => callsOf().noted(name, note) })];
    }),
  );
}

function filled(port: Port, parameters: Readonly<Record<string, Json>>, request: Json): Json {
  // What is no object has no parts to add to; the performer says what is wrong with it.
  if (typeof request !== "object" || request === null || Array.isArray(request)) return request;
  return { ...givenOf(port, parameters), ...request };
}

/** What the port gives of every request of a trial. */
function givenOf(port: Port, parameters: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
  const given: Record<string, Json> = {};
  for (const [name, part] of Object.entries(port.gives)) {
    // The author's function, typed for the parameters of his experiment; what is no JSON is refused with the request.
    const value = typeof part === "function" ? (part(parameters as never) as Json | undefined) : part;
    if (value !== undefined) given[name] = value;
  }
  return given;
}
