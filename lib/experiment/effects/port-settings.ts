// The settings of ports, the same for whatever service: limits, budgets, and what the environment may give. Plain data, kept with the plan.
import {
  number,
  oneOf,
  optionProblems,
  readOptions,
  record,
  required,
  type Shape,
} from "../option-shapes.ts";
import { type DefinitionProblem, problemOf } from "../problem.ts";

/** Where a setting comes from the environment: the variable's name, and what holds where it is not set; null for nothing. */
export interface FromEnvironment {
  readonly env: string;
  readonly otherwise: string | null;
}

/** What may be spent: US dollars, tokens, calls. */
export interface Budget {
  readonly usd?: number;
  readonly tokens?: number;
  readonly calls?: number;
}

/** Limits that every port may have: kept for all workers of a run together, and between runs of a project that go on at once. */
export interface PortLimits {
  /** Requests in any minute; no limit unless told. */
  readonly requestsPerMinute?: number;
  /** Calls at a time; 50 unless told. */
  readonly concurrency?: number;
  /** Milliseconds between the starts of two calls; 0 unless told. */
  readonly spacingMs?: number;
  /** Attempts after the first; 20 unless told. */
  readonly retries?: number;
  /** Longest wait for one answer, in milliseconds; 120,000 unless told. */
  readonly timeoutMs?: number;
  /** What the port may take in all runs of the experiment that the project keeps; a run stops with exit code 4 once it is spent. */
  readonly budget?: Budget;
  /** Length of the window of the limits in milliseconds; a minute unless told. */
  readonly windowMs?: number;
}

/** What a port of any service is set to. */
export interface PortSettings extends PortLimits {
  readonly endpoint: string | FromEnvironment;
  /** Name of the environment variable that holds the key. */
  readonly keyFrom?: string;
  /** Of a chat model: the wire format, tokens in any minute, US dollars for a million tokens. */
  readonly format?: "openai" | "anthropic";
  readonly tokensPerMinute?: number;
  readonly price?: { readonly prompt: number; readonly completion: number };
  /** Of another service: headers of every request, US dollars a call. */
  readonly headers?: { readonly [name: string]: string | FromEnvironment };
  readonly callUsd?: number;
  /** Of an orchestrator: PEM files for TLS, and how long it may be out of reach. */
  readonly tls?: {
    readonly authority?: string | FromEnvironment;
    readonly certificate?: string | FromEnvironment;
    readonly key?: string | FromEnvironment;
  };
  readonly awayMs?: number;
}

/**
 * A setting that an environment variable may give, such as the address of a service. `otherwise` holds where it is not set.
 *
 * @example endpoint: env("LLM_URL", "http://127.0.0.1:8080/v1")
 */
export function env(name: string, otherwise?: string): FromEnvironment {
  return { env: name, otherwise: otherwise ?? null };
}

/** A budget in US dollars: `budget: usd(20)`. */
export function usd(amount: number): Budget {
  return { usd: amount };
}

const isAbove0 = (value: number): boolean => value > 0;
const above0 = number("a number above 0", isAbove0);
const from0 = number("a number from 0", (value) => value >= 0);
const whole = (from: number): Shape =>
  number(`a whole number from ${from}`, (value) => Number.isInteger(value) && value >= from);

/** Text, or what `env(...)` returned. */
function textOrEnv(example: string): Shape {
  return {
    expected: `${example}, or env("NAME", ...)`,
    fits: (value) => (typeof value === "string" && value !== "") || isFromEnvironment(value),
  };
}

export function isFromEnvironment(value: unknown): value is FromEnvironment {
  return typeof value === "object" && value !== null && "env" in value && typeof value.env === "string";
}

function isPrice(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    ["prompt", "completion"].every((name) => Number(Reflect.get(value, name)) >= 0)
  );
}

function isBudget(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const entries: readonly [string, unknown][] = Object.entries(value);
  return (
    entries.length > 0 &&
    entries.every(
      ([name, most]) =>
        ["usd", "tokens", "calls"].includes(name) &&
        typeof most === "number" &&
        Number.isFinite(most) &&
        most > 0,
    )
  );
}

/** Names that say that their values are secret, so that they are taken out of whatever is stored (runtime/record/redact.ts). */
const secretName =
  /^(?!(?:OLD)?PWD$)(?:[A-Za-z0-9_]*_)?(?:KEYS?|APIKEY|TOKEN|SECRETS?|PASSWORD|AUTH)(?:_[A-Za-z0-9_]*)?$/i;

/** Of an address that the environment may give. */
export const addressShape: Shape = textOrEnv('an address, such as "127.0.0.1:50051"');

/** Of the name of a variable that holds a key. */
export const keyShape: Shape = {
  expected:
    'the name of an environment variable that says that it is secret, such as "OPENAI_API_KEY"; never the key itself',
  fits: (value: unknown) => typeof value === "string" && secretName.test(value),
};

const limitShapes = {
  endpoint: required(textOrEnv('an address, such as "https://api.openai.com/v1"')),
  keyFrom: keyShape,
  requestsPerMinute: above0,
  concurrency: whole(1),
  spacingMs: from0,
  retries: whole(0),
  timeoutMs: above0,
  windowMs: above0,
  budget: { expected: "usd(20), or { usd, tokens, calls } with numbers above 0", fits: isBudget },
} satisfies Readonly<Record<string, Shape>>;

const serviceShapes = {
  chat: {
    format: oneOf("openai", "anthropic"),
    tokensPerMinute: above0,
    price: {
      expected: "{ prompt: 0.15, completion: 0.6 }, in US dollars for a million tokens",
      fits: isPrice,
    },
  },
  http: {
    headers: record('headers by name, such as { accept: "application/json" }'),
    callUsd: from0,
  },
} satisfies Readonly<Record<string, Readonly<Record<string, Shape>>>>;

/** Options of ports that are no part of what a trial computes. */
export const portSettingNames: ReadonlySet<string> = new Set(
  [limitShapes, serviceShapes.chat, serviceShapes.http].flatMap((shapes) => Object.keys(shapes)),
);

export interface ReadPort {
  readonly settings: PortSettings;
  readonly gives: Readonly<Record<string, unknown>>;
  readonly problems: readonly DefinitionProblem[];
}

/** Reads what a port was made of; `givesShapes` are those of its options that become part of requests. */
export function readPort(
  given: unknown,
  service: "chat" | "http",
  givesShapes: Readonly<Record<string, Shape>>,
): ReadPort {
  const settingShapes: Readonly<Record<string, Shape>> = { ...limitShapes, ...serviceShapes[service] };
  const { options, misfits } = readOptions<Readonly<Record<string, unknown>>>(given, {
    ...settingShapes,
    ...givesShapes,
  });
  const settings = Object.entries(options).filter(([name]) => Object.hasOwn(settingShapes, name));
  const gives = Object.entries(options).filter(([name]) => Object.hasOwn(givesShapes, name));
  const problems = optionProblems(misfits, { code: "bad-effect", subject: service });
  return {
    // What was kept fits the shapes, which say what this type says; without an endpoint there is a problem, and nothing is run.
    settings: { endpoint: "", ...Object.fromEntries(settings) } as PortSettings,
    gives: Object.fromEntries(gives),
    problems: [...problems, ...headerProblems(options.headers)],
  };
}

function headerProblems(headers: unknown): readonly DefinitionProblem[] {
  return Object.entries(headers ?? {})
    .filter(([, value]) => typeof value !== "string" && !isFromEnvironment(value))
    .map(([name]) =>
      problemOf({
        code: "bad-effect",
        subject: "http",
        found: `the header ${name}`,
        expected: 'text, or env("NAME") for what must stay secret',
      }),
    );
}
