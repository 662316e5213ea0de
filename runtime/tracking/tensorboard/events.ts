// Event files of TensorBoard: one an experiment, which says what its HParams page compares, and one a trial with its parameters, metrics and
// series. Fields by tensorboard/compat/proto/{event,summary,tensor}.proto and tensorboard/plugins/hparams/{api,plugin_data}.proto.
import type { OpenedExperiment } from "../../plan/opened-plan.ts";
import { double, type Field, float, integer, joined, message, text } from "../protobuf.ts";
import { demandedTime, type TrackedTrial } from "../tracked-trial.ts";
import { tfRecord } from "./record-file.ts";

/** Enumerations of the HParams plugin. */
const dataType = { string: 1, bool: 2, number: 3 } as const;
const sessionStatus = { success: 1, failure: 2 } as const;
/** Of tensors, and of what a summary's values are. */
const tensorType = { float: 1, string: 7 } as const;
const tensorClass = 2;

/** What is compared: the factors with their levels, and the metrics that are numbers. */
export function experimentEvents({ planned, space }: OpenedExperiment, at: number): Uint8Array {
  const parameters = space.factors.map(({ name, levels }) => {
    const values = (levels ?? []).map(scalarOf);
    const types = [...new Set(values.map((value) => typeof value))];
    const [type = "number"] = types.length > 1 ? (["string"] as const) : types;
    const domain = values.map((value) =>
      message(1, ...protoValue(type === "string" ? String(value) : value)),
    );
    return message(
      4,
      text(1, name),
      integer(4, dataType[type as keyof typeof dataType]), // Scalars have no other types.
      ...(domain.length === 0 ? [] : [message(5, ...domain)]),
    );
  });
  const metrics = Object.entries(planned.metrics)
    .filter(([, { type }]) => type !== "category")
    .map(([name, { description }]) =>
      message(5, message(1, text(2, name)), ...(description === null ? [] : [text(4, description)])),
    );
  const experiment = message(
    2,
    text(6, planned.name),
    text(1, planned.question ?? planned.description ?? ""),
    double(3, at / 1000),
    ...parameters,
    ...metrics,
  );
  return fileOf(at, [hparamsEvent("_hparams_/experiment", at, experiment)]);
}

/** Trials of one `group` are shown as one line of the HParams page, with the mean of each metric. */
export function trialEvents(trial: TrackedTrial, group: string): Uint8Array {
  const { status, metrics, texts, curves, parameters } = trial;
  const endedAt = demandedTime(trial);
  const startedAt = trial.startedAt ?? endedAt;
  const values = Object.entries(parameters).map(([name, value]) =>
    message(1, text(1, name), message(2, ...protoValue(scalarOf(value)))),
  );
  const start = message(3, ...values, text(4, group), double(5, startedAt / 1000));
  const outcome = status === "completed" ? sessionStatus.success : sessionStatus.failure;
  const end = message(4, integer(1, outcome), double(2, endedAt / 1000));
  return fileOf(startedAt, [
    hparamsEvent("_hparams_/session_start_info", startedAt, start),
    ...curves.flatMap(({ series, column, points }) =>
      points.map(({ step, value }) => scalarEvent(`${series}/${column}`, { step, value, at: endedAt })),
    ),
    ...Object.entries(metrics).map(([name, value]) => scalarEvent(name, { step: 0, value, at: endedAt })),
    ...Object.entries(texts).map(([name, value]) => textEvent(name, value, endedAt)),
    hparamsEvent("_hparams_/session_end_info", endedAt, end),
  ]);
}

function fileOf(at: number, events: readonly Uint8Array[]): Uint8Array {
  const version = joined([double(1, at / 1000), text(3, "brain.Event:2")]);
  return joined([version, ...events].map(tfRecord));
}

function eventOf(at: number, step: number, value: readonly Field[]): Uint8Array {
  return joined([
    double(1, at / 1000),
    ...(step === 0 ? [] : [integer(2, step)]),
    message(5, message(1, ...value)),
  ]);
}

function scalarEvent(
  tag: string,
  { step, value, at }: { readonly step: number; readonly value: number; readonly at: number },
): Uint8Array {
  return eventOf(at, step, [text(1, tag), float(2, value)]);
}

/** A tensor of one text, as the text plugin has it. */
function textEvent(name: string, value: string, at: number): Uint8Array {
  const tensor = message(8, integer(1, tensorType.string), message(2), text(8, value));
  return eventOf(at, 0, [text(1, `${name}/text_summary`), metadataOf("text", null), tensor]);
}

/** Data of the HParams plugin lie in the metadata of a value that is itself an empty tensor. */
function hparamsEvent(tag: string, at: number, data: Field): Uint8Array {
  const shape = message(2, message(2, integer(1, 1)));
  const tensor = message(8, integer(1, tensorType.float), shape, float(5, 0));
  return eventOf(at, 0, [text(1, tag), metadataOf("hparams", data), tensor]);
}

function metadataOf(plugin: string, data: Field | null): Field {
  const content = data === null ? [] : [message(2, data)];
  return message(9, message(1, text(1, plugin), ...content), integer(4, tensorClass));
}

type Scalar = number | boolean | string;

/** google.protobuf.Value. */
function protoValue(value: Scalar): readonly Field[] {
  if (typeof value === "number") return [double(2, value)];
  return typeof value === "boolean" ? [integer(4, value ? 1 : 0)] : [text(3, value)];
}

/** HParams are scalars: anything else is its JSON. */
function scalarOf(value: unknown): Scalar {
  return typeof value === "number" || typeof value === "boolean" || typeof value === "string"
    ? value
    : (JSON.stringify(value) ?? "undefined");
}
