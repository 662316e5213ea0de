// Serves running units that call out: logs, artifacts, checkpoints, effects. A unit whose lease is over is not answered, so a host
// that was declared dead cannot act for it.
import type { RunEvent } from "../../../event/event.ts";
import { redactorOf } from "../../../record/redact.ts";
import type { Lease } from "../../../schedule/scheduler.ts";
import type { CallReply, FromUnits } from "../../protocol/protocol.ts";
import type { ControllerOptions } from "../controller-options.ts";
import type { FleetHost } from "../hosts/host-fleet.ts";
import { effectDeskOf } from "./effect-desk.ts";
import type { RecordKeeper } from "./record-keeper.ts";

export type UnitCall = Exclude<FromUnits, { type: "records" }>;

export interface UnitDesk {
  /** `lease` is the one the call names, if the host holds it still; `ended` the job of one that is over. */
  serve(
    host: FleetHost,
    call: UnitCall,
    of: { readonly lease: Lease | null; readonly ended: number | null },
  ): void;
  /** Nobody waits any more for what the units of a lease have asked for. */
  abandon(lease: number, reason: string): void;
  /** The run is to end: trials whose calls wait for their turn end soon, the others as they would. */
  drain(): void;
  /** The run is over: resolves once no effect is under way, or soon after. */
  close(): Promise<void>;
}

/** Performers that heed their signal end within this time. */
const performersGraceMs = 1000;
/** So long a call may wait for its turn while a run is to end: what is shorter is no reason to do a trial again. */
const turnGraceMs = 10_000;

export function unitDeskOf(options: {
  readonly run: Pick<
    ControllerOptions,
    "journal" | "performers" | "ports" | "isOffline" | "logs" | "listener"
  >;
  readonly keeper: RecordKeeper;
  readonly onFault: (error: unknown) => void;
  /** Whether the run lets what is under way end and starts nothing more. */
  readonly isEnding: () => boolean;
  /** The budget of the run is spent, in words. */
  readonly onBudget: (reason: string) => void;
}): UnitDesk {
  const { keeper, run, onBudget } = options;
  const effects = effectDeskOf({
    journal: run.journal,
    performersOf: (experiment) => ({ ...run.performers, ...run.ports?.get(experiment) }),
    onBudget,
    redact: redactorOf(process.env),
    isOffline: run.isOffline ?? false,
  });

  return {
    serve(host, call, { lease, ended }) {
      const job = lease?.job ?? ended;
      if (call.type === "log") {
        log(call, job);
        return;
      }
      if (lease === null) return;
      const trial = keeper.trialOf(lease.job, call.unit);
      switch (call.type) {
        case "artifact":
          answer(
            host,
            keeper.keepArtifact(call).then((error) => ({ type: "artifact-taken", call: call.call, error })),
          );
          return;
        case "checkpoint":
          answer(
            host,
            keeper
              .saveCheckpoint(trial, call.state, { keep: call.keep, steps: call.steps })
              .then((error) => savedReply(call.call, error, options.isEnding())),
          );
          return;
        case "steps":
          run.listener(progressOf(keeper, call, lease));
          return;
        case "rows":
          run.listener({
            type: "rows",
            ...trialOf(keeper, call, lease),
            series: call.series,
            first: call.first,
            rows: call.rows,
          });
          return;
        case "restore":
          answer(
            host,
            keeper.loadCheckpoint(trial).then((state) => ({ type: "restore-reply", call: call.call, state })),
          );
          return;
        case "effect-request": {
          const place = keeper.placeOf(lease.job, call.unit);
          answer(host, effects.request({ trial, place, tell: (message) => host.send(message) }, call));
          return;
        }
        case "effect-response":
          answer(host, effects.response(trial, call));
          return;
        case "effect-abandoned":
          effects.abandon(call.lease, call.call, "the trial is over");
      }
    },
    abandon(lease, reason) {
      effects.abandon(lease, null, reason);
      keeper.dropDrafts(lease);
    },
    drain: () => effects.drain(turnGraceMs),
    close: () => effects.close("the run is over", performersGraceMs),
  };

  function log({ unit, level, text }: Extract<UnitCall, { type: "log" }>, job: number | null): void {
    const trial = job === null || unit < 0 ? "" : keeper.trialOf(job, unit);
    if (trial !== "") run.logs.append({ at: Date.now(), trial, level, text });
    run.listener({ type: "log", trial, level, text });
  }

  function answer(host: FleetHost, reply: Promise<CallReply | null>): void {
    reply.then((message) => {
      if (message !== null) host.send(message);
    }, options.onFault);
  }
}

function savedReply(call: number, error: string | null, isEnding: boolean): CallReply {
  return { type: "checkpoint-saved", call, error, isLast: error === null && isEnding };
}

function progressOf(
  keeper: RecordKeeper,
  call: Extract<UnitCall, { type: "steps" }>,
  lease: Lease,
): RunEvent {
  const { steps, perSecond, saved } = call;
  return {
    type: "trial-progress",
    ...trialOf(keeper, call, lease),
    host: lease.host,
    ...steps,
    perSecond,
    leftMs: perSecond > 0 ? ((steps.total - steps.done) / perSecond) * 1000 : null,
    saved,
  };
}

/** Whose call it is, as events say it. */
function trialOf(keeper: RecordKeeper, { unit }: Pick<UnitCall, "unit">, { job }: Lease) {
  const { experiment, stage, condition } = keeper.placeOf(job, unit);
  return {
    experiment,
    stage,
    trial: keeper.trialOf(job, unit),
    condition: condition ?? {},
    replicate: keeper.replicateOf(job, unit),
  };
}
