// http: a port to any other service that speaks JSON over HTTP.
import type { z } from "zod";
import { callSiteOf } from "../call-site.ts";
import type { Json } from "../json.ts";
import { oneOf, type Shape } from "../option-shapes.ts";
import type { AnyParameters, Given, Port } from "./port.ts";
import { type FromEnvironment, type PortLimits, readPort } from "./port-settings.ts";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What a service is asked; JSON. */
export type HttpRequest = {
  /** Below the port's endpoint, such as "forecasts/7"; the endpoint itself unless told. */
  readonly path?: string;
  /** "POST" with a body and "GET" without one, unless told. */
  readonly method?: Method;
  /** Added to the address after `?`. */
  readonly query?: { readonly [name: string]: string | number | boolean };
  /** Sent as JSON. */
  readonly body?: Json;
};

export interface HttpOptions<A = Json, P = never> extends PortLimits {
  /** "https://weather.example/v1", or `env("WEATHER_URL", ...)`. */
  readonly endpoint: string | FromEnvironment;
  /** Name of the environment variable that holds the key, sent as `authorization: Bearer`; none is sent unless told. */
  readonly keyFrom?: string;
  /** Headers of every request; `env("NAME")` for what must stay secret. */
  readonly headers?: { readonly [name: string]: string | FromEnvironment };
  /** The method of requests that name none. */
  readonly method?: Method;
  /** The path of requests that name none. */
  readonly path?: string | ((parameters: P) => unknown);
  /** Schema of the answer's body; JSON of any shape unless told. */
  readonly answer?: z.ZodType<A>;
  /** US dollars a call; 0 unless told. */
  readonly callUsd?: number;
  /**
   * A call that was on its way when the process died: send it again under the same `idempotency-key` (unless told), or fail the trial, for
   * a service that would act twice.
   */
  readonly inDoubt?: "send-again" | "fail";
}

/**
 * A port to a service that speaks JSON over HTTP. A status of 2xx is an answer, its body handed on; 408, 409, 429 and 5xx are tried again;
 * 402 stops the run as a spent budget does; any other status fails the effect.
 *
 * @example
 * effects: { weather: http({ endpoint: "https://weather.example/v1", answer: z.object({ degrees: z.number() }), spacingMs: 100 }) }
 * // in the trial: const { degrees } = await effects.weather("noon", { path: "forecast", query: { day: 3 } });
 */
export function http<A = Json, P = AnyParameters>(options: HttpOptions<A, P>): Port<HttpRequest, A, P> {
  const site = callSiteOf(http);
  const { settings, gives, problems } = readPort(options, "http", givesShapes);
  const { answer, inDoubt, ...requested } = gives;
  return {
    kind: "labwright/port",
    service: "http",
    settings,
    // Each fits its shape.
    gives: requested as Readonly<Record<string, Given>>,
    answer: (answer ?? null) as z.ZodType | null,
    inDoubt: inDoubt === "fail" ? "fail" : "send-again",
    problems: problems.map((problem) => ({ ...problem, site })),
    site,
  };
}

const givesShapes = {
  method: oneOf("GET", "POST", "PUT", "PATCH", "DELETE"),
  path: {
    expected: "a path below the endpoint, or a function such as (p) => p.city",
    fits: (value) => typeof value === "string" || typeof value === "function",
  },
  answer: {
    expected: "a zod schema, such as z.object({ degrees: z.number() })",
    fits: (value) => typeof value === "object" && value !== null && "safeParse" in value,
  },
  inDoubt: oneOf("send-again", "fail"),
} satisfies Readonly<Record<string, Shape>>;
