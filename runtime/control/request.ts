// What may be asked on a run's control socket, one JSON line each, and how a line is read. A line that is none of these is answered with
// a sentence and does nothing.
import type { ActOrigin } from "../event/act.ts";

/** What is asked for; `arm` is "discount=0.95,firms=2". */
export type Asked =
  | { readonly do: "state" | "events" | "under-way" | "pause" | "unpause" | "drain" | "stop" }
  | { readonly do: "workers"; readonly workers: number }
  | { readonly do: "priority"; readonly experiment: string; readonly priority: number }
  /** Rows of a trial that is looked at, as it records them: as events, for a while. Of one that `isNew` looks, those before too. */
  | { readonly do: "rows"; readonly job: string; readonly unit: number; readonly isNew: boolean }
  | {
      readonly do: "cancel";
      readonly experiment: string | null;
      readonly arm: string | null;
      readonly trial: string | null;
    }
  | {
      readonly do: "retry";
      readonly experiment: string | null;
      /** Null for every arm, as for every trial and every cause. */
      readonly arm: string | null;
      readonly trial: string | null;
      /** Words of the message, numbers and ids aside. */
      readonly cause: string | null;
    };

export type ControlRequest = Asked & {
  /** Comes back with the answer. */
  readonly id: string | number;
  /** A request with the key of an earlier one is answered as that was, and does nothing. */
  readonly key: string | null;
  /** Number of the last act that who asks knows of: where another came after it, nothing is done. Null to ask whatever was done meanwhile. */
  readonly seen: number | null;
  readonly origin: ActOrigin;
  /** Name of the user. */
  readonly by: string;
};

/** Every answer, and what follows a request for events: first where the run stands, then each event; where it stands again after a gap. */
export type ControlReply =
  | { readonly id: string | number | null; readonly ok: unknown }
  | { readonly id: string | number | null; readonly error: string }
  | { readonly seq: number; readonly event: unknown }
  | { readonly seq: number; readonly state: unknown };

/** Longest line of a request. */
export const requestCharactersMax = 65_536;
export const workersMax = 1024;
export const priorityMax = 1000;
const unitsMax = 2 ** 31 - 1;

const origins: readonly ActOrigin[] = ["terminal", "page", "program"];
const bareActs = ["state", "events", "under-way", "pause", "unpause", "drain", "stop"] as const;

/** The request in a line, or what is wrong with it, with its id as far as it has one. */
export function parseRequest(
  line: string,
): ControlRequest | { readonly id: string | number | null; readonly error: string } {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    return { id: null, error: "a request is one line of JSON" };
  }
  if (typeof read !== "object" || read === null || Array.isArray(read))
    return { id: null, error: "a request is a JSON object" };
  const given: Readonly<Record<string, unknown>> = { ...read };
  const id = typeof given.id === "string" || typeof given.id === "number" ? given.id : null;
  if (id === null) return { id, error: 'a request has an "id": text or a number' };
  const asked = askedIn(given);
  if (typeof asked === "string") return { id, error: asked };
  const origin = origins.find((each) => each === given.origin) ?? "program";
  const seen = isWhole(given.seen, 0, Number.MAX_SAFE_INTEGER) ? given.seen : null;
  return { ...asked, id, key: textIn(given, "key"), seen, origin, by: textIn(given, "by") ?? "unknown" };
}

function askedIn(given: Readonly<Record<string, unknown>>): Asked | string {
  const bare = bareActs.find((each) => each === given.do);
  if (bare !== undefined) return { do: bare };
  switch (given.do) {
    case "workers": {
      const { workers } = given;
      return isWhole(workers, 1, workersMax)
        ? { do: "workers", workers }
        : `"workers" is a whole number from 1 to ${workersMax}`;
    }
    case "priority": {
      const { priority } = given;
      const experiment = textIn(given, "experiment");
      return experiment !== null && isWhole(priority, -priorityMax, priorityMax)
        ? { do: "priority", experiment, priority }
        : `a priority has an "experiment" and a whole number from -${priorityMax} to ${priorityMax}`;
    }
    case "rows": {
      const { unit, isNew } = given;
      const job = textIn(given, "job");
      return job !== null && isWhole(unit, 0, unitsMax)
        ? { do: "rows", job, unit, isNew: isNew === true }
        : 'rows are those of a "job" and a "unit" of it';
    }
    case "cancel": {
      const [experiment, arm, trial] = ["experiment", "arm", "trial"].map((name) => textIn(given, name));
      return (arm == null) === (trial == null)
        ? 'to cancel takes either an "arm" or a "trial"'
        : { do: "cancel", experiment: experiment ?? null, arm: arm ?? null, trial: trial ?? null };
    }
    case "retry": {
      const [experiment, arm, trial, cause] = ["experiment", "arm", "trial", "cause"].map(
        (name) => textIn(given, name) ?? null,
      );
      return arm != null && trial != null
        ? 'to retry takes an "arm" or a "trial", not both'
        : {
            do: "retry",
            experiment: experiment ?? null,
            arm: arm ?? null,
            trial: trial ?? null,
            cause: cause ?? null,
          };
    }
    default:
      return `nothing is called ${JSON.stringify(given.do)}; there are ${[...bareActs, "workers", "priority", "cancel", "retry"].join(", ")}`;
  }
}

function textIn(given: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = given[name];
  return typeof value === "string" && value !== "" ? value.slice(0, 1000) : null;
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
}
