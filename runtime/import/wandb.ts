// `lab import wandb-csv`: the table of runs as the page of a Weights & Biases project exports it ("Export table as CSV"), or the history of runs, a
// row a step (`run.history()` with the run's name and settings beside it). Neither says which columns are metrics, so they are named: --metrics.
import { basename } from "node:path";
import { nearestOrAll } from "../diagnostic/nearest.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { ImportChoices, ImportedSource, ImportedTrial } from "./imported.ts";
import { type CsvRow, metricOf, readCsv, valueOfCell } from "./read-text.ts";

/** Columns about a run that are neither. */
const about = new Set(
  [
    ...["Name", "ID", "State", "Notes", "User", "Tags", "Created", "Updated", "End Time", "Start Time"],
    ...["Runtime", "Sweep", "Sweep Name", "Hostname", "Commit", "GitHub", "Job Type", "Group", "Username"],
    ...["GPU Count", "GPU Type", "OS", "Python", "Command", "Description", "Project", "Agent", "Report"],
    ...["run", "run_id", "run_name"],
  ].map((name) => name.toLowerCase()),
);

export function readWandb(path: string, choices: ImportChoices): ImportedSource {
  const { columns, rows } = readCsv(path);
  const own = columns.filter(
    (name) => name !== "" && !about.has(name.toLowerCase()) && !name.startsWith("_"),
  );
  if (choices.metrics === null)
    throw new UserError(`${path} does not say which columns are metrics`, {
      hint: `Name them: --metrics ${own.at(-1) ?? "loss"}. There are ${own.join(", ")}.`,
    });
  for (const name of [...choices.metrics, ...(choices.parameters ?? [])])
    if (!columns.includes(name))
      throw new UserError(`${path}:1: there is no column "${name}"`, {
        hint: nearestOrAll(name, own, "column") ?? undefined,
      });
  const { metrics } = choices;
  const named = choices.parameters ?? own.filter((name) => !metrics.includes(name));
  const isHistory = columns.includes(stepColumn) && !columns.some((name) => name.toLowerCase() === "state");
  const read = isHistory
    ? historyTrials(path, rows, { metrics, columns, named, isChosen: choices.parameters !== null })
    : {
        trials: rows.map((row) => trialOf(path, row, { metrics, parameters: named })),
        notes: [],
      };
  return {
    kind: "wandb-csv",
    name: basename(path).replace(/[.]csv$/i, ""),
    directions: {},
    ...read,
  };
}

/** W&B's number of a row of history. */
const stepColumn = "_step";
const runColumns = ["id", "run_id", "run", "name", "run_name"];

/** A trial a run: what stays the same in each run is a parameter, the last value of a metric is the metric, all rows are the series `history`. */
function historyTrials(
  path: string,
  rows: readonly CsvRow[],
  of: {
    readonly metrics: readonly string[];
    readonly columns: readonly string[];
    readonly named: readonly string[];
    /** Whether the parameters were asked for by name. */
    readonly isChosen: boolean;
  },
): Pick<ImportedSource, "trials" | "notes"> {
  const { metrics, columns, named, isChosen } = of;
  const key = runColumns.flatMap((name) => columns.filter((each) => each.toLowerCase() === name))[0];
  const runs = new Map<string, CsvRow[]>();
  for (const row of rows) {
    const run = key === undefined ? "" : (row.cells[key] ?? "");
    runs.set(run, [...(runs.get(run) ?? []), row]);
  }
  const isSteady = (name: string): boolean =>
    [...runs.values()].every((own) => own.every(({ cells }) => cells[name] === own[0]?.cells[name]));
  const candidates = named.filter((name) => name !== key);
  const parameters = candidates.filter(isSteady);
  const varying = candidates.filter((name) => !isSteady(name));
  if (isChosen && varying.length > 0)
    throw new UserError(`${path}: "${varying[0]}" changes within a run, so it is no parameter`);
  const trials = [...runs].map(([run, own]) => runTrial({ path, run, own, metrics, parameters }));
  const left =
    varying.length === 0
      ? []
      : [`columns that change within a run and are no metric are left out: ${varying.join(", ")}`];
  const alone = key === undefined ? ["no column names the run, so all rows are one run"] : [];
  return { trials, notes: [...alone, ...left] };
}

function runTrial(of: {
  readonly path: string;
  readonly run: string;
  readonly own: readonly CsvRow[];
  readonly metrics: readonly string[];
  readonly parameters: readonly string[];
}): ImportedTrial {
  const { path, run, metrics, parameters } = of;
  const step = ({ line, cells }: CsvRow): number => {
    const value = valueOfCell(cells[stepColumn] ?? "");
    if (typeof value !== "number") throw new UserError(`${path}:${line}: ${stepColumn} is no number`);
    return value;
  };
  const rows = of.own
    .map((row) => ({ row, step: step(row) }))
    .sort((a, b) => a.step - b.step)
    .map(({ row, step: at }) => {
      const logged = metrics.map((name) => [name, metricOf(valueOfCell(row.cells[name] ?? ""))] as const);
      // Not every metric is logged at every step.
      return { step: at, ...Object.fromEntries(logged.filter(([, value]) => value !== null)) };
    });
  const lastOf = (name: string) => rows.findLast((row) => Object.hasOwn(row, name));
  const [first] = of.own;
  return {
    place: run === "" ? path : `${path}, run ${run}`,
    parameters: Object.fromEntries(parameters.map((name) => [name, valueOfCell(first?.cells[name] ?? "")])),
    repetition: null,
    outcome: { kind: "measured" },
    metrics: Object.fromEntries(
      metrics.map((name) => [name, metricOf(Reflect.get(Object(lastOf(name)), name) ?? null)]),
    ),
    series: { history: rows },
    startedAt: null,
    durationMs: null,
  };
}

function trialOf(
  path: string,
  { line, cells }: CsvRow,
  { metrics, parameters }: { readonly metrics: readonly string[]; readonly parameters: readonly string[] },
): ImportedTrial {
  const cell = (name: string): string => cells[name] ?? "";
  const state = cell("State").toLowerCase();
  const seconds = Number(cell("Runtime"));
  const created = Date.parse(cell("Created"));
  return {
    place: `${path}:${line}`,
    parameters: Object.fromEntries(parameters.map((name) => [name, valueOfCell(cell(name))])),
    repetition: null,
    outcome: outcomeOf(state),
    metrics: Object.fromEntries(metrics.map((name) => [name, metricOf(valueOfCell(cell(name)))])),
    series: {},
    startedAt: Number.isNaN(created) ? null : created,
    durationMs: cell("Runtime") === "" || Number.isNaN(seconds) ? null : seconds * 1000,
  };
}

function outcomeOf(state: string): ImportedTrial["outcome"] {
  if (state === "" || state === "finished") return { kind: "measured" };
  if (state === "running" || state === "pending") return { kind: "open" };
  return { kind: "failed", message: `W&B says ${state}` };
}
