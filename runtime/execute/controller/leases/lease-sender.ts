// Hands leases to hosts: opens a job on a host before its first lease there, adds the conditions and inputs that the units need, and
// answers hosts that ask for code.

import type { DrawnOn } from "../../../plan/drawn-on.ts";
import type { Lease } from "../../../schedule/scheduler.ts";
import type { JobRecords } from "../../../store/store.ts";
import type { FromHost } from "../../protocol/protocol.ts";
import type { ControllerOptions } from "../controller-options.ts";
import type { FleetHost } from "../hosts/host-fleet.ts";
import type { PlannedJob } from "../jobs/planned-jobs.ts";
import { codeShelfOf } from "./code-shelf.ts";
import { leasedConditions } from "./lease-conditions.ts";
import { leaseInputsOf, MissingInput } from "./lease-inputs.ts";
import { openingOf } from "./opening-of.ts";

/** A lease hands back what is left after so many times what it aims at, so that a mistaken estimate cannot hold units for minutes. */
const budgetFactor = 6;

/** Why a lease was not sent. */
export type Unsent =
  /** A unit draws on a value that was not recorded. */
  | { readonly kind: "missing-input"; readonly unit: number; readonly message: string }
  /** The message cannot be made, because of one of its units perhaps. */
  | { readonly kind: "unsendable"; readonly message: string };

export interface LeaseSender {
  /** Null once it is sent. Rejects when the job's code or the store cannot be read: the run cannot go on. */
  send(host: FleetHost, lease: Lease): Promise<Unsent | null>;
  answer(host: FleetHost, asked: Extract<FromHost, { type: "need-file" }>): void;
  /** The host is gone. */
  forget(host: FleetHost): void;
}

export function leaseSenderOf(of: {
  readonly run: Pick<ControllerOptions, "opened" | "session" | "limits" | "countedOf" | "tellsRows">;
  readonly jobs: readonly PlannedJob[];
  /** The records of a job, with everything that was appended so far. */
  readonly recordsOf: (job: number) => Promise<JobRecords>;
  /** Writes down what a job's records from here on draw on, ahead of them. */
  readonly note: (job: number, drawnOn: DrawnOn) => void;
  /** Whether units of the job were seen to wait for answers. */
  readonly waits: (job: number) => boolean;
  /** Milliseconds of work that a lease aims at. */
  readonly leaseMs: () => number;
}): LeaseSender {
  const { run, jobs } = of;
  const shelf = codeShelfOf(run.opened);
  const inputs = leaseInputsOf({
    ...of,
    plan: run.opened.plan,
    countedOf: run.countedOf ?? (() => null),
  });
  const opened = new Map<FleetHost, Set<number>>();

  return {
    async send(host, lease) {
      const { id, job, units, attempt, isAlone } = lease;
      const planned = jobs[job]!;
      open(host, planned);
      try {
        host.send({
          type: "lease",
          session: run.session,
          lease: id,
          job,
          units,
          attempt,
          conditions: leasedConditions(planned, units),
          inputs: planned.needs.length === 0 ? [] : await inputs.inputsOf(planned, units),
          // Units that wait for answers take no time of the thread: all of them start.
          budgetMs: isAlone || of.waits(job) ? null : budgetFactor * of.leaseMs(),
          waits: of.waits(job),
        });
        return null;
      } catch (error) {
        if (error instanceof MissingInput)
          return { kind: "missing-input", unit: error.unit, message: error.message };
        if (error instanceof RangeError)
          return { kind: "unsendable", message: `could not be handed to a host: ${error.message}` };
        throw error;
      }
    },
    answer: (host, asked) => host.send(shelf.answer(asked)),
    forget: (host) => {
      opened.delete(host);
    },
  };

  function open(host: FleetHost, planned: PlannedJob): void {
    const known = opened.get(host) ?? new Set();
    opened.set(host, known);
    if (known.has(planned.index)) return;
    const { planned: experiment } = planned.experiment;
    let code: ReturnType<typeof shelf.codeOf>;
    try {
      code = shelf.codeOf(experiment);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(unloadableWords(planned, why));
    }
    host.send({
      type: "open",
      opening: openingOf(planned, {
        code,
        timeoutMs: run.limits.timeoutMs ?? planned.experiment.planned.limits?.timeoutMs ?? null,
        tellsRows: run.tellsRows ?? false,
      }),
    });
    known.add(planned.index);
  }
}

/** Why a run ends whose code cannot be loaded. */
export function unloadableWords({ job }: PlannedJob, why: string): string {
  return `the code of ${job.experiment} cannot be loaded: ${why}`;
}
