// Optuna's journal file: every operation on the storage as a line of JSON, replayed here in order. Studies and trials are numbered as they were
// created.
import type { Json } from "../../lib/experiment/json.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { Study, StudyTrial } from "./optuna-study.ts";
import { readJsonLines } from "./read-text.ts";

/** optuna/storages/journal/_storage.py, JournalOperation. */
const operation = {
  createStudy: 0,
  deleteStudy: 1,
  createTrial: 4,
  setParam: 5,
  setState: 6,
  setIntermediate: 7,
} as const;

/** optuna/trial/_state.py, TrialState. */
const states = ["RUNNING", "COMPLETE", "PRUNED", "FAIL", "WAITING"];
const directions = ["not set", "minimize", "maximize"];

type Open<T> = { -readonly [K in keyof T]: T[K] };
type OpenTrial = Open<Omit<StudyTrial, "params" | "intermediate">> & {
  params: Record<string, { readonly value: number; readonly distribution: string }>;
  intermediate: { readonly step: number; readonly value: number | null }[];
};
interface Replay {
  readonly studies: { readonly name: string; readonly directions: string[]; readonly trials: OpenTrial[] }[];
  readonly deleted: Set<number>;
  readonly trials: OpenTrial[];
}

export function journalStudies(path: string): readonly Study[] {
  const replay: Replay = { studies: [], deleted: new Set(), trials: [] };
  for (const { line, value } of readJsonLines(path)) {
    if (typeof value !== "object" || value === null || Array.isArray(value) || !("op_code" in value))
      throw new UserError(`${path}:${line}: this is no entry of an Optuna journal`, {
        hint: "Give the SQLite file of RDBStorage, or the file of JournalFileBackend.",
      });
    apply(replay, value, `${path}:${line}`);
  }
  return replay.studies.filter((_, id) => !replay.deleted.has(id));
}

type Entry = Readonly<Record<string, Json>>;

function apply(replay: Replay, entry: Entry, place: string): void {
  switch (entry.op_code) {
    case operation.createStudy:
      replay.studies.push({
        name: String(entry.study_name),
        directions: listOf(entry.directions).map((code) => directions[Number(code)] ?? "not set"),
        trials: [],
      });
      break;
    case operation.deleteStudy:
      replay.deleted.add(Number(entry.study_id));
      break;
    case operation.createTrial: {
      const study = replay.studies[Number(entry.study_id)];
      if (study === undefined) throw new UserError(`${place}: there is no study ${entry.study_id}`);
      const trial = createdTrial(entry, study.trials.length);
      study.trials.push(trial);
      replay.trials.push(trial);
      break;
    }
    case operation.setParam:
      trialOf(replay, entry, place).params[String(entry.param_name)] = {
        value: Number(entry.param_value_internal),
        distribution: String(entry.distribution),
      };
      break;
    case operation.setState: {
      const trial = trialOf(replay, entry, place);
      trial.state = states[Number(entry.state)] ?? "RUNNING";
      if (Array.isArray(entry.values)) trial.values = entry.values.map(numberOf);
      if (typeof entry.datetime_start === "string") trial.startedAt = entry.datetime_start;
      if (typeof entry.datetime_complete === "string") trial.completedAt = entry.datetime_complete;
      break;
    }
    case operation.setIntermediate:
      trialOf(replay, entry, place).intermediate.push({
        step: Number(entry.step),
        value: numberOf(entry.intermediate_value ?? null),
      });
      break;
    default:
      // Attributes of studies and trials are notes of the author's.
      break;
  }
}

function createdTrial(entry: Entry, number: number): OpenTrial {
  const values = Array.isArray(entry.values) ? entry.values : entry.value == null ? [] : [entry.value];
  const distributions = membersOf(entry.distributions);
  return {
    number,
    state: entry.state === undefined ? "RUNNING" : (states[Number(entry.state)] ?? "RUNNING"),
    values: values.map(numberOf),
    params: Object.fromEntries(
      Object.entries(membersOf(entry.params)).map(([name, value]) => [
        name,
        { value: Number(value), distribution: String(distributions[name]) },
      ]),
    ),
    intermediate: Object.entries(membersOf(entry.intermediate_values)).map(([step, value]) => ({
      step: Number(step),
      value: numberOf(value),
    })),
    startedAt: typeof entry.datetime_start === "string" ? entry.datetime_start : null,
    completedAt: typeof entry.datetime_complete === "string" ? entry.datetime_complete : null,
  };
}

function trialOf(replay: Replay, entry: Entry, place: string): OpenTrial {
  const trial = replay.trials[Number(entry.trial_id)];
  if (trial === undefined) throw new UserError(`${place}: there is no trial ${entry.trial_id}`);
  return trial;
}

function membersOf(value: Json | undefined): Readonly<Record<string, Json>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Entry) : {};
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function numberOf(value: Json): number | null {
  return typeof value === "number" ? value : null;
}
