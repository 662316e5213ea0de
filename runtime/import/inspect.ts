// `lab import inspect`: logs of Inspect AI, one a task and model, as .eval (a zip archive: header.json and a file a sample) or .json. A trial is
// one epoch of one sample; factors are task, model, arguments and the sample; metrics are the scores of the scorers.
import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Json } from "../../lib/experiment/json.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { ImportedSource, ImportedTrial, ImportedValue } from "./imported.ts";
import { flattened, metricOf, parseJson, readJson } from "./read-text.ts";
import { zipTexts } from "./zip.ts";

/** Grades as Inspect counts them: correct, partly, incorrect, no answer. */
const grades: Readonly<Record<string, number>> = { C: 1, P: 0.5, I: 0, N: 0 };

type Members = Readonly<Record<string, Json>>;

interface Log {
  readonly path: string;
  readonly header: Members;
  readonly samples: readonly Members[];
}

export async function readInspect(path: string): Promise<ImportedSource> {
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => /[.](eval|json)$/.test(name))
        .sort()
        .map((name) => join(path, name))
    : [path];
  const logs: Log[] = [];
  for (const file of files) logs.push(await readLog(file));
  if (logs.length === 0) throw new UserError(`${path} has no .eval and no .json file`);
  const tasks = [...new Set(logs.map(({ header }) => String(membersOf(header.eval).task)))];
  const trials = logs.flatMap((log) => log.samples.map((sample) => trialOf(log, sample)));
  if (trials.length === 0)
    throw new UserError(`${path} holds no sample`, {
      hint: "Inspect leaves them out with --no-log-samples: run it again without.",
    });
  return {
    kind: "inspect",
    name: tasks.length === 1 ? basename(tasks[0]!) : basename(path).replace(/[.](eval|json)$/, ""),
    trials,
    directions: {},
    notes: ["grades C, P, I and N count as 1, 0.5, 0 and 0, as in Inspect's accuracy"],
  };
}

async function readLog(path: string): Promise<Log> {
  if (path.endsWith(".json")) {
    const log = checked(readJson(path), path);
    return { path, header: log, samples: listOf(log.samples) };
  }
  const isHeader = (name: string): boolean => name === "header.json" || name === "_journal/start.json";
  const isSample = (name: string): boolean => /^samples\/.*[.]json$/.test(name);
  const entries = await zipTexts(path, (name) => isHeader(name) || isSample(name));
  const header = entries.find(({ name }) => isHeader(name));
  if (header === undefined) throw new UserError(`${path} has no header.json: it is no log of Inspect`);
  const samples = entries.filter(({ name }) => isSample(name));
  return {
    path,
    header: checked(parseJson(header.text, `${path}, ${header.name}`), path),
    samples: samples.map((entry) => membersOf(parseJson(entry.text, `${path}, ${entry.name}`))),
  };
}

function checked(value: Json, path: string): Members {
  const log = membersOf(value);
  const { task, model } = membersOf(log.eval);
  if (typeof task !== "string" || typeof model !== "string")
    throw new UserError(`${path}:1: it names no eval.task and eval.model: it is no log of Inspect`);
  return log;
}

function trialOf({ path, header }: Log, sample: Members): ImportedTrial {
  const { task, model, task_args: args, model_args: modelArgs } = membersOf(header.eval);
  const epoch = Number(sample.epoch ?? 1);
  const place = `${path}, sample ${String(sample.id)}, epoch ${epoch}`;
  if (sample.id === undefined || !Number.isInteger(epoch) || epoch < 1)
    throw new UserError(`${place}: a sample has an id and an epoch from 1`);
  const error = membersOf(sample.error ?? null).message;
  const seconds = Number(sample.total_time ?? Number.NaN);
  const started = Date.parse(String(sample.started_at ?? ""));
  return {
    place,
    parameters: {
      task: task!,
      model: model!,
      ...prefixed("arg", args),
      ...prefixed("model_arg", modelArgs),
      sample: sample.id,
    },
    repetition: epoch - 1,
    outcome: typeof error === "string" ? { kind: "failed", message: error } : { kind: "measured" },
    metrics: { ...scoresOf(sample), ...tokensOf(sample) },
    series: {},
    startedAt: Number.isNaN(started) ? null : started,
    durationMs: Number.isNaN(seconds) ? null : seconds * 1000,
  };
}

function prefixed(prefix: string, value: Json | undefined): Members {
  const given = membersOf(value ?? null);
  return Object.fromEntries(
    Object.entries(flattened(given)).map(([name, each]) => [`${prefix}.${name}`, each]),
  );
}

function scoresOf(sample: Members): Readonly<Record<string, ImportedValue>> {
  const scores = membersOf(sample.scores ?? null);
  return Object.assign(
    {},
    ...Object.entries(scores).map(([scorer, score]) => {
      const { value = null } = membersOf(score);
      if (typeof value !== "object" || value === null || Array.isArray(value))
        return { [scorer]: gradeOf(value) };
      return Object.fromEntries(
        Object.entries(value).map(([name, each]) => [`${scorer}.${name}`, gradeOf(each)]),
      );
    }),
  );
}

function gradeOf(value: Json): ImportedValue {
  return typeof value === "string" && Object.hasOwn(grades, value) ? grades[value]! : metricOf(value);
}

/** Over all models that the sample asked. */
function tokensOf(sample: Members): Readonly<Record<string, ImportedValue>> {
  const usages = Object.values(membersOf(sample.model_usage ?? null)).map(membersOf);
  if (usages.length === 0) return {};
  const sum = (name: string): number => usages.reduce((total, usage) => total + Number(usage[name] ?? 0), 0);
  return { input_tokens: sum("input_tokens"), output_tokens: sum("output_tokens") };
}

function membersOf(value: Json | undefined): Members {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Members) : {};
}

function listOf(value: Json | undefined): readonly Members[] {
  return Array.isArray(value) ? value.map(membersOf) : [];
}
