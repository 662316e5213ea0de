// `lab import hydra` and `lab import folder`: a folder a trial, with its settings in one file and what it measured in another. Hydra keeps the
// settings in `.hydra/config.yaml` of each job (hydra.cc, "Output/Working directory"); the metrics are whatever the job wrote.
import { existsSync, readdirSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import type { Json } from "../../lib/experiment/json.ts";
import { nearestOrAll } from "../diagnostic/nearest.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { ImportChoices, ImportedSource, ImportedTrial } from "./imported.ts";
import { flattened, metricOf, readCsv, readJson, readJsonLines, readYaml, valueOfCell } from "./read-text.ts";

const settingsFiles = {
  hydra: [".hydra/config.yaml"],
  folder: ["config.json", "config.yaml", "config.yml", "params.json", "params.yaml"],
} as const;

const metricsFiles = [
  "metrics.json",
  "metrics.csv",
  "metrics.jsonl",
  "results.json",
  "results.csv",
  "result.json",
] as const;

/** Folders of trials are looked for so deep: multirun/DATE/TIME/N has four. */
const depthMax = 5;

/** Whether a folder of trials of the kind lies there. */
export function hasFolders(kind: "hydra" | "folder", root: string): boolean {
  return foldersUnder(root, settingsFiles[kind], 0).length > 0;
}

export function readFolders(kind: "hydra" | "folder", root: string, choices: ImportChoices): ImportedSource {
  const found = foldersUnder(root, settingsFiles[kind], 0);
  if (found.length === 0)
    throw new UserError(`${root} has no folder with ${settingsFiles[kind].join(" or ")}`, {
      hint:
        kind === "hydra"
          ? "Give the folder of a multirun, such as multirun/2026-11-29/10-00-00."
          : "Each trial is a folder with its settings and its metrics.",
    });
  const named = choices.file === null ? null : choices.file;
  if (named !== null && (named.includes("..") || named.startsWith("/")))
    throw new UserError(`--file names a file in each folder, not ${named}`);
  const trials = found.map(({ folder, settings }) => trialOf(folder, settings, { root, file: named }));
  if (trials.every(({ outcome }) => outcome.kind === "failed"))
    throw new UserError(`no folder of ${root} has ${named ?? metricsFiles.join(", ")}`, {
      hint: hintFor(found[0]!.folder, named),
    });
  return { kind, name: nameOf(root), trials, directions: {}, notes: [] };
}

/** Times of a multirun are no name. */
function nameOf(root: string): string {
  const parts = resolve(root).split("/");
  const named = parts.reverse().find((part) => !/^[\d-]*$/.test(part) && part !== "multirun");
  return named ?? basename(root);
}

function hintFor(folder: string, asked: string | null): string {
  const files = readdirSync(folder).filter((name) => /[.](json|jsonl|csv)$/.test(name));
  if (files.length === 0) return `${folder} has no JSON or CSV file.`;
  return nearestOrAll(asked ?? "metrics.json", files, "file") ?? `Choose it with --file ${files[0]}.`;
}

interface Found {
  readonly folder: string;
  readonly settings: string;
}

function foldersUnder(folder: string, settings: readonly string[], depth: number): readonly Found[] {
  const own = settings.map((file) => join(folder, file)).find((file) => existsSync(file));
  if (own !== undefined) return [{ folder, settings: own }];
  if (depth >= depthMax) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name)
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
    .flatMap((name) => foldersUnder(join(folder, name), settings, depth + 1));
}

function trialOf(
  folder: string,
  settings: string,
  { root, file }: { readonly root: string; readonly file: string | null },
): ImportedTrial {
  const place = relative(root, folder) || ".";
  const read = settings.endsWith(".json") ? readJson(settings) : readYaml(settings);
  if (typeof read !== "object" || read === null || Array.isArray(read))
    throw new UserError(`${settings}:1: expected names with values`);
  const names = file === null ? metricsFiles : [file];
  const path = names.map((name) => join(folder, name)).find((each) => existsSync(each));
  const measured = path === undefined ? null : measuredIn(path);
  return {
    place,
    parameters: flattened(read),
    repetition: null,
    outcome:
      measured === null
        ? { kind: "failed", message: `${place} has no ${names.join(", ")}` }
        : { kind: "measured" },
    metrics: measured?.metrics ?? {},
    series: measured === null || measured.rows.length < 2 ? {} : { metrics: measured.rows },
    startedAt: null,
    durationMs: null,
  };
}

/** One object or row is what was measured; of several the last is, and all are a series. */
function measuredIn(path: string): {
  readonly metrics: ImportedTrial["metrics"];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
} {
  const rows = rowsOf(path);
  const last = rows.at(-1);
  if (last === undefined) throw new UserError(`${path}:1: nothing is measured there`);
  return {
    metrics: Object.fromEntries(Object.entries(last).map(([name, value]) => [name, metricOf(value)])),
    rows,
  };
}

function rowsOf(path: string): readonly Readonly<Record<string, unknown>>[] {
  if (path.endsWith(".csv"))
    return readCsv(path).rows.map(({ cells }) =>
      Object.fromEntries(Object.entries(cells).map(([name, cell]) => [name, valueOfCell(cell)])),
    );
  if (path.endsWith(".jsonl"))
    return readJsonLines(path).map(({ line, value }) => objectOf(value, path, line));
  const value = readJson(path);
  return Array.isArray(value) ? value.map((each) => objectOf(each, path, 1)) : [objectOf(value, path, 1)];
}

function objectOf(value: Json, path: string, line: number): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new UserError(`${path}:${line}: expected an object of metrics`);
  return flattened(value);
}
