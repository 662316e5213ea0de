// `lab run --trial <id> [--inline]`: one trial, with its result printed. It runs again whether or not it is recorded, records nothing,
// and says whether the recorded result is the same; --inline runs it in this very thread, where a debugger sees it.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type FunctionStage, isExperiment } from "../../../lib/experiment/definition.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import { inlineExecutor } from "../../execute/host/inline.ts";
import { bitmapOf, setBit } from "../../plan/bitmap.ts";
import { unitCountOf } from "../../plan/units.ts";
import { resultBytesOf } from "../../record/result-bytes.ts";
import type { TrialRecord } from "../../record/trial-record.ts";
import type { RunPorts } from "../ports.ts";
import { type Prepared, type PrepareRequest, prepare } from "../prepare.ts";
import { type FoundTrial, foundTrial } from "./find-trial.ts";
import { rehearse } from "./rehearse.ts";

export interface OneTrialRequest extends PrepareRequest {
  readonly trial: string;
  readonly inline: boolean;
  readonly ports: RunPorts;
  /** With `inline`: awaited once all is ready, with the author's function that is called next. */
  readonly beforeCall?: (ready: ReadyTrial) => Promise<void>;
}

export interface ReadyTrial {
  readonly trial: FoundTrial;
  /** The function that the author wrote: the trial, or a stage's `run`. */
  readonly run: FunctionStage["run"];
}

export interface OneTrial {
  readonly id: string;
  readonly record: TrialRecord;
  readonly logs: readonly { readonly level: string; readonly text: string }[];
  /** Whether the stored result has the same bytes; null when nothing is stored. */
  readonly isSame: boolean | null;
}

/** Runs the trial. Throws UserError when the plan has no such trial. */
export async function runOneTrial(request: OneTrialRequest): Promise<OneTrial> {
  const prepared = await prepare(request);
  const trial = await foundTrial(prepared.opened, { store: prepared.store, reference: request.trial });
  const units = bitmapOf(unitCountOf(trial.job));
  setBit(units, trial.unit);
  // In this thread too, stacks name the author's lines and not the bundle's.
  if (request.inline) process.setSourceMapsEnabled(true);
  if (request.inline) await request.beforeCall?.({ trial, run: await functionOf(prepared, trial) });
  const rehearsed = await rehearse({
    prepared,
    units: new Map([[trial.jobIndex, units]]),
    ports: request.inline ? { ...request.ports, executor: inlineExecutor() } : request.ports,
    threads: 1,
    listener: () => {},
    timeoutMs: null,
  });
  const [record] = rehearsed.recordsOf(trial.jobIndex);
  if (record === undefined) throw new Error(`trial ${trial.id} came back without a record`);
  const recorded = await prepared.store.recordsOf(prepared.opened.plan, trial.job);
  let isSame: boolean | null = null;
  for await (const stored of recorded.read([trial.unit]))
    isSame = Buffer.compare(resultBytesOf(stored), resultBytesOf(record)) === 0;
  return { id: trial.id, record, logs: rehearsed.logs, isSame };
}

/** The author's function, from the module that the inline host is about to call: a module is loaded once in a thread. */
async function functionOf(
  { build }: Prepared,
  { experiment, job }: FoundTrial,
): Promise<FunctionStage["run"]> {
  const { bundle, exportName } = experiment.planned;
  const module: unknown = await import(pathToFileURL(join(build.folder, bundle)).href);
  const definition: unknown = Reflect.get(Object(module), exportName);
  const stage = isExperiment(definition)
    ? definition.stages.find(({ name }) => name === job.stage)
    : undefined;
  if (stage === undefined)
    throw new Error(`${bundle} has no stage ${job.stage} under the export ${exportName}`);
  if (stage.kind === "command")
    throw new UserError(`${experiment.planned.name} runs a program: ${stage.command.options.run[0]}`, {
      hint: "Start it yourself to debug it: the folder of a failed trial is kept, and `lab logs` says where.",
    });
  return stage.run;
}
