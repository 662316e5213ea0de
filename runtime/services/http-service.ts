// Calls to a service that speaks JSON over HTTP: any status of 2xx is an answer, its body as JSON, or as text where it is none.
import { z } from "zod";
import type { HttpRequest } from "../../lib/experiment/effects/http-port.ts";
import { isFromEnvironment, type PortSettings } from "../../lib/experiment/effects/port-settings.ts";
import { endpointOf } from "./endpoint.ts";
import { secretOf, send } from "./send.ts";
import type { Service } from "./service.ts";

const requestShape = z.strictObject({
  path: z.string().optional(),
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).optional(),
  query: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  body: z.json().optional(),
});

export function httpService(settings: PortSettings): Service<HttpRequest> {
  const { timeoutMs = 120_000, keyFrom, callUsd } = settings;
  const took = { calls: 1, ...(callUsd !== undefined && { costUsd: callUsd }) };
  return {
    read(given) {
      const read = requestShape.safeParse(given);
      if (!read.success) {
        const [issue] = read.error.issues;
        throw new Error(`this is no request: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`.trim());
      }
      // What zod has read is a request but for keys that are undefined, which JSON has none of.
      const request = given as HttpRequest;
      addressOf(endpointOf(settings), request);
      return request;
    },
    expected: () => ({ calls: 1, tokens: 0, usd: callUsd ?? 0 }),
    exchange(request, { signal, idempotencyKey }) {
      const { body, method = body === undefined ? "GET" : "POST" } = request;
      const headers = {
        ...(body !== undefined && { "content-type": "application/json" }),
        "idempotency-key": idempotencyKey,
        ...(keyFrom !== undefined && { authorization: `Bearer ${secretOf(keyFrom, "the key")}` }),
        ...headersOf(settings),
      };
      const url = addressOf(endpointOf(settings), request);
      const wire = { url, method, headers, body: body === undefined ? null : JSON.stringify(body) };
      const started = performance.now();
      return send(wire, { signal, timeoutMs }, (text) => {
        const latencyMs = Math.round(performance.now() - started);
        return { response: bodyOf(text), usage: { ...took, latencyMs } };
      });
    },
  };
}

/** The address of a request. Throws, in words, for a path that leaves the endpoint. */
function addressOf(endpoint: string, { path = "", query = {} }: HttpRequest): string {
  const base = new URL(endpoint.replace(/\/*$/, "/"));
  const address = path === "" ? new URL(endpoint) : new URL(path.replace(/^\/+/, ""), base);
  if (address.origin !== base.origin || !`${address.pathname}/`.startsWith(base.pathname))
    throw new Error(`the path ${JSON.stringify(path)} leaves the port's endpoint`);
  for (const [name, value] of Object.entries(query)) address.searchParams.append(name, String(value));
  return address.href;
}

/** Throws, in words, where the environment does not give one. */
export function headersOf({ headers = {} }: PortSettings): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      isFromEnvironment(value)
        ? (process.env[value.env] ?? value.otherwise ?? secretOf(value.env, `the header ${name}`))
        : value,
    ]),
  );
}

function bodyOf(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
