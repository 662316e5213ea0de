// `lab import optuna`: a study from Optuna's SQLite storage (tables studies, trials, trial_params, trial_values ...) or from its journal file, a
// line of JSON an operation. Parameters are kept as numbers there; their distribution says what they stand for.
import { readFileSync } from "node:fs";
import Database from "libsql";
import type { Json } from "../../lib/experiment/json.ts";
import { nearestOrAll } from "../diagnostic/nearest.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { ImportChoices, ImportedSource, ImportedTrial } from "./imported.ts";
import { journalStudies } from "./optuna-journal.ts";
import type { Study, StudyTrial } from "./optuna-study.ts";
import { parseJson } from "./read-text.ts";

export function readOptuna(path: string, { study: wanted }: ImportChoices): ImportedSource {
  const isSqlite = readFileSync(path).subarray(0, 15).toString("latin1") === "SQLite format 3";
  const studies = isSqlite ? sqliteStudies(path) : journalStudies(path);
  const study = chosen(path, studies, wanted);
  const objectives = study.directions.map((_, index) =>
    study.directions.length === 1 ? "value" : `value_${index}`,
  );
  return {
    kind: "optuna",
    name: study.name,
    trials: study.trials.map((trial) => trialOf(trial, objectives, `${path}: trial ${trial.number}`)),
    directions: Object.fromEntries(
      study.directions.flatMap((direction, index) =>
        direction === "maximize" || direction === "minimize" ? [[objectives[index]!, direction]] : [],
      ),
    ),
    notes: ["parameters were chosen by a sampler that saw earlier results: trials are no random sample"],
  };
}

function chosen(path: string, studies: readonly Study[], wanted: string | null): Study {
  const names = studies.map(({ name }) => name);
  const [first, ...others] = studies;
  if (first === undefined) throw new UserError(`${path} has no study`);
  if (wanted === null) {
    if (others.length === 0) return first;
    throw new UserError(`${path} has ${studies.length} studies: ${names.join(", ")}`, {
      hint: `Choose one: --study ${names[0]}`,
    });
  }
  const found = studies.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  throw new UserError(`${path} has no study "${wanted}"`, {
    hint: nearestOrAll(wanted, names, "study") ?? undefined,
  });
}

function trialOf(trial: StudyTrial, objectives: readonly string[], place: string): ImportedTrial {
  const { startedAt, completedAt, intermediate } = trial;
  const start = timeOf(startedAt);
  const end = timeOf(completedAt);
  return {
    place,
    parameters: Object.fromEntries(
      Object.entries(trial.params).map(([name, { value, distribution }]) => [
        name,
        externalValue(value, distribution, `${place}, ${name}`),
      ]),
    ),
    repetition: null,
    outcome: outcomeOf(trial),
    metrics: Object.fromEntries(objectives.map((name, index) => [name, trial.values[index] ?? null])),
    series: intermediate.length === 0 ? {} : { intermediate },
    startedAt: start,
    durationMs: start === null || end === null ? null : Math.max(0, end - start),
  };
}

function outcomeOf({ state, intermediate }: StudyTrial): ImportedTrial["outcome"] {
  switch (state) {
    case "COMPLETE":
      return { kind: "measured" };
    case "PRUNED": {
      const at = intermediate.at(-1);
      return {
        kind: "refused",
        message: at === undefined ? "pruned" : `pruned at step ${at.step}, value ${at.value}`,
      };
    }
    case "FAIL":
      return { kind: "failed", message: "Optuna says FAIL" };
    default:
      return { kind: "open" };
  }
}

/** What a stored number stands for. */
function externalValue(value: number, distribution: string, place: string): Json {
  const read = parseJson(distribution, place);
  if (typeof read !== "object" || read === null || Array.isArray(read))
    throw new UserError(`${place}: its distribution is no object`);
  // An object, as was just checked.
  const stored = read as Readonly<Record<string, Json>>;
  const name = stored.name ?? stored.type;
  const attributes = stored.attributes ?? stored;
  if (name !== "CategoricalDistribution" && name !== "categorical") return value;
  const choices =
    typeof attributes === "object" && attributes !== null && "choices" in attributes
      ? attributes.choices
      : null;
  const choice = Array.isArray(choices) ? choices[value] : undefined;
  if (choice === undefined) throw new UserError(`${place}: there is no choice ${value}`);
  return choice;
}

/** Optuna's times have no zone; they are read as this machine's. */
function timeOf(text: string | null): number | null {
  if (text === null) return null;
  const time = Date.parse(text.replace(" ", "T").replace(/(\.\d{3})\d*/, "$1"));
  return Number.isNaN(time) ? null : time;
}

type Row = Readonly<Record<string, unknown>>;

function sqliteStudies(path: string): readonly Study[] {
  const database = new Database(path, { readonly: true });
  const all = (sql: string, ...values: readonly unknown[]): readonly Row[] =>
    database.prepare(sql).all(...values) as Row[];
  try {
    return all("SELECT study_id, study_name FROM studies ORDER BY study_id").map((study) => ({
      name: String(study.study_name),
      directions: all(
        "SELECT direction FROM study_directions WHERE study_id = ? ORDER BY objective",
        study.study_id,
      ).map(({ direction }) => String(direction).toLowerCase()),
      trials: all("SELECT * FROM trials WHERE study_id = ? ORDER BY number", study.study_id).map((trial) =>
        sqliteTrial(trial, (sql) => all(sql, trial.trial_id)),
      ),
    }));
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    if (/malformed|disk I\/O|not a database/.test(words))
      throw new UserError(`${path} is damaged: ${words}`, { hint: "Copy it again from where it was made." });
    throw new UserError(`${path} is no storage of Optuna 3 or later: ${words}`, {
      hint: "Bring an older one up to date: optuna storage upgrade --storage sqlite:///FILE",
    });
  } finally {
    database.close();
  }
}

function sqliteTrial(trial: Row, of: (sql: string) => readonly Row[]): StudyTrial {
  const finite = (value: unknown, type: unknown): number | null =>
    typeof value === "number" && (type === undefined || type === "FINITE") ? value : null;
  const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
  return {
    number: Number(trial.number),
    state: String(trial.state),
    values: of("SELECT * FROM trial_values WHERE trial_id = ? ORDER BY objective").map((row) =>
      finite(row.value, row.value_type),
    ),
    params: Object.fromEntries(
      of("SELECT * FROM trial_params WHERE trial_id = ? ORDER BY param_id").map((row) => [
        String(row.param_name),
        { value: Number(row.param_value), distribution: String(row.distribution_json) },
      ]),
    ),
    intermediate: of("SELECT * FROM trial_intermediate_values WHERE trial_id = ? ORDER BY step").map(
      (row) => ({
        step: Number(row.step),
        value: finite(row.intermediate_value, row.intermediate_value_type),
      }),
    ),
    startedAt: text(trial.datetime_start),
    completedAt: text(trial.datetime_complete),
  };
}
