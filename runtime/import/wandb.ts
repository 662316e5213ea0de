// `lab import wandb-csv`: the table of runs as the page of a Weights & Biases project exports it ("Export table as CSV"). It has the settings and
// the last values of the logged metrics side by side and does not say which is which, so the metrics are named with --metrics.
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
  const parameters = choices.parameters ?? own.filter((name) => !metrics.includes(name));
  return {
    kind: "wandb-csv",
    name: basename(path).replace(/[.]csv$/i, ""),
    trials: rows.map((row) => trialOf(path, row, { metrics, parameters })),
    directions: {},
    notes: [],
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
