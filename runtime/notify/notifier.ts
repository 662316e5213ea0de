// What a notifier is: when it wants to hear, and how one notification is sent. Declared in `lab.config.ts`, called by the command.
import { UserError } from "../diagnostic/user-error.ts";
import { type Notification, type Occasion, occasions } from "./notification.ts";

/** What every notifier may be told. */
export interface NotifierOptions {
  /** When to tell; `["finish", "failures", "budget", "stalled"]` unless told. */
  readonly on?: readonly Occasion[];
  /** "failures": once this share of the trials that have ended failed, from 20 trials on; 0.1 unless told. */
  readonly failureShare?: number;
  /** "stalled": once no trial has ended for so many minutes; 30 unless told. */
  readonly stalledMinutes?: number;
}

/** How one notification leaves. */
export type Send = (
  told: Notification,
  context: { readonly signal: AbortSignal; readonly environment: Environment },
) => Promise<Sent>;

/** What came of an attempt. Anything thrown counts as a passing failure. */
export type Sent =
  | "sent"
  /** To be tried again, after so many milliseconds where the service said so. */
  | { readonly again: string; readonly waitMs: number | null }
  /** Never to be tried again. */
  | { readonly failed: string };

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Notifier {
  readonly kind: "labwright/notifier";
  /** "discord", "email". */
  readonly name: string;
  readonly on: readonly Occasion[];
  readonly failureShare: number;
  readonly stalledMs: number;
  /** Names of the environment variables that it reads. */
  readonly variables: readonly string[];
  readonly send: Send;
}

const usual: readonly Occasion[] = ["finish", "failures", "budget", "stalled"];

/** @throws RangeError for an occasion that there is not, or a limit that can never be met. */
export function notifierOf(of: {
  readonly name: string;
  readonly options: NotifierOptions;
  readonly variables: readonly string[];
  readonly send: Send;
}): Notifier {
  const { name, options, variables, send } = of;
  const { on = usual, failureShare = 0.1, stalledMinutes = 30 } = options;
  for (const occasion of on)
    if (!occasions.includes(occasion))
      throw new RangeError(`${name}: there is no occasion "${occasion}"; expected ${occasions.join(", ")}`);
  if (!(failureShare > 0 && failureShare < 1))
    throw new RangeError(`${name}: failureShare is ${failureShare}; expected a share between 0 and 1`);
  if (!(stalledMinutes > 0 && Number.isFinite(stalledMinutes)))
    throw new RangeError(`${name}: stalledMinutes is ${stalledMinutes}; expected minutes above 0`);
  const stalledMs = stalledMinutes * 60_000;
  return { kind: "labwright/notifier", name, on, failureShare, stalledMs, variables, send };
}

/** The value of an environment variable. @throws UserError where it is not set. */
export function variable(environment: Environment, name: string): string {
  const value = environment[name];
  if (value !== undefined && value !== "") return value;
  throw new UserError(`the environment variable ${name} is not set`, {
    hint: `Set ${name}, or add a line ${name}=... to the environment of the command.`,
  });
}

/** The address in an environment variable. @throws UserError where it is not set or no address of http. */
export function addressIn(environment: Environment, name: string): URL {
  const value = variable(environment, name);
  const address = URL.canParse(value) ? new URL(value) : null;
  if (address !== null && (address.protocol === "https:" || address.protocol === "http:")) return address;
  throw new UserError(`the environment variable ${name} holds no address`, {
    hint: "Expected one that begins with https:// or http://.",
  });
}

/** Whether a value is a notifier, by its brand: it may come from another copy of labwright. */
export function isNotifier(value: unknown): value is Notifier {
  return (
    typeof value === "object" && value !== null && "kind" in value && value.kind === "labwright/notifier"
  );
}
