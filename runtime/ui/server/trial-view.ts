// One trial as the page shows it: its record, its series, what it logged, what it asked of the outside world, and how to run it again.

import { shellWord } from "../../diagnostic/shell-line.ts";
import { conditionOfUnit } from "../../plan/trial-id.ts";
import { coordinatesOf } from "../../plan/units.ts";
import { censoredWords, type Outcome } from "../../record/outcome.ts";
import type { TrialRecord } from "../../record/trial-record.ts";
import type { FoundTrial } from "../../run/again/find-trial.ts";
import { runLayoutOf } from "../../store/files/layout.ts";
import { effectsOfTrial } from "../../store/kept/effect-list.ts";
import { readTrialLog } from "../../store/kept/trial-log.ts";
import type { ProjectStore } from "../../store/project-store.ts";
import { runIds } from "../../store/runs/manifest.ts";
import type { ExchangeView, TrialView } from "../detail-data.ts";
import type { ControlLink } from "./control-link.ts";
import { ownPartOf } from "./own-frames.ts";
import type { SeriesRows } from "./rows-so-far.ts";
import type { RunTables } from "./run-tables.ts";

const logLinesMax = 200;
const exchangesMax = 200;
const bodyMax = 64_000;
const seriesPoints = 300;

export async function trialViewOf(
  store: ProjectStore,
  tables: RunTables,
  { found, link }: { readonly found: FoundTrial; readonly link: ControlLink | null },
): Promise<TrialView> {
  const record = await recordOf(store, tables, found);
  const isOpen = record === null || ["cancelled", "budget-stopped"].includes(record.result.outcome.kind);
  const soFar = isOpen ? ((await link?.rowsOf(found))?.series ?? []) : [];
  const { job, unit, id, experiment } = found;
  const place = coordinatesOf(job, unit);
  const log = await logOf(store, id);
  const exchanges = exchangesOf(store, id);
  const { provenance } = tables.run;
  const facts: (readonly [string, string])[] = [
    ["run", tables.run.id],
    ["code", job.id.slice(0, 12)],
    ["seed", `replicate ${place.replicate} of ${job.experiment}`],
    ["commit", provenance.gitCommit === null ? "not known" : commitWords(provenance)],
    ["labwright", `${provenance.labwright}, Node.js ${provenance.node}`],
  ];
  return {
    id,
    experiment: job.experiment,
    stage: job.stage,
    condition: conditionOfUnit(job, place.condition, experiment.space),
    replicate: place.replicate,
    replicates: job.replicates,
    ...outcomeView(record?.result.outcome ?? null, soFar.length > 0),
    metrics: record?.result.metrics ?? {},
    series: isOpen ? soFar.map(([name, rows]) => seriesView(name, rows)) : recordedSeries(record),
    artifacts: record?.result.artifacts ?? [],
    value: record?.result.value === undefined ? null : cut(JSON.stringify(record.result.value, null, 2)),
    durationMs: record?.telemetry.durationMs ?? null,
    startedAtMs: record?.telemetry.startedAt ?? null,
    attempt: record?.telemetry.attempt ?? null,
    worker: record?.telemetry.worker ?? null,
    used: record?.telemetry.extras ?? {},
    log: log.slice(-logLinesMax),
    logLines: log.length,
    exchanges: exchanges.slice(0, exchangesMax),
    exchangeCount: exchanges.length,
    replay: `lab run --trial ${id} --inline`,
    branch: branchOf(id, exchanges),
    facts,
  };
}

/** The record of a unit of the run; null while it has none. */
export async function recordOf(
  store: ProjectStore,
  { opened, run }: RunTables,
  of: Pick<FoundTrial, "job" | "unit">,
): Promise<TrialRecord | null> {
  const records = await store.recordsOf(opened.plan, of.job, { run });
  for await (const record of records.read([of.unit])) return record;
  return null;
}

function outcomeView(
  outcome: Outcome | null,
  isUnderWay: boolean,
): Pick<TrialView, "outcome" | "kind" | "message" | "stack"> {
  if (outcome === null)
    return { outcome: isUnderWay ? "running" : "not begun", kind: null, message: null, stack: null };
  const { kind } = outcome;
  switch (kind) {
    case "measured":
      return { outcome: kind, kind, message: null, stack: null };
    case "failed":
      return {
        outcome: `failed: ${outcome.reason}`,
        kind,
        message: outcome.message,
        stack: ownPartOf(outcome.stack),
      };
    case "censored":
      return { outcome: kind, kind, message: censoredWords(outcome), stack: null };
    default:
      return { outcome: kind, kind, message: outcome.reason, stack: null };
  }
}

function recordedSeries({ result }: TrialRecord): TrialView["series"] {
  return Object.entries(result.series).map(([name, rows]) =>
    seriesView(name, { rows, places: [...rows.keys()], total: rows.length }),
  );
}

function seriesView(name: string, { rows, places: own, total }: SeriesRows): TrialView["series"][number] {
  const step = Math.max(1, Math.ceil(rows.length / seriesPoints));
  const places = rows.flatMap((_, index) => (index % step === 0 || index === rows.length - 1 ? [index] : []));
  const names = [...new Set(rows.slice(0, 1).flatMap((row) => Object.keys(row)))];
  const columns = names
    .filter((column) => places.some((place) => typeof rows[place]![column] === "number"))
    .map((column) => {
      const values = places.map((place) => {
        const value = rows[place]![column];
        return typeof value === "number" && Number.isFinite(value) ? value : null;
      });
      return [column, values] as const;
    });
  return {
    name,
    rows: total,
    columns: Object.fromEntries(columns),
    places: places.map((place) => own[place]!),
  };
}

async function logOf(store: ProjectStore, trial: string): Promise<TrialView["log"]> {
  const lines: { atMs: number; level: string; text: string }[] = [];
  for await (const { at, level, text } of readTrialLog(store.layout, trial))
    lines.push({ atMs: at, level, text });
  return lines;
}

function exchangesOf(store: ProjectStore, trial: string): readonly ExchangeView[] {
  const folders = runIds(store.layout).map((run) => runLayoutOf(store.layout, run).effects);
  return effectsOfTrial(folders, trial).map(({ key, kind, request, response, isReused, usage }) => {
    const [asked, answered] = [textOf(request), response === undefined ? null : textOf(response)];
    return {
      key,
      kind,
      request: cut(asked),
      response: answered === null ? null : cut(answered),
      isReused,
      usage,
      requestLength: asked.length,
      responseLength: answered?.length ?? 0,
    };
  });
}

function branchOf(id: string, exchanges: readonly ExchangeView[]): string | null {
  const last = exchanges.at(-1);
  return last === undefined ? null : `lab branch ${id} --at ${shellWord(last.key)}`;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

function cut(text: string): string {
  return text.length <= bodyMax ? text : text.slice(0, bodyMax);
}

function commitWords({
  gitCommit,
  gitDirty,
}: {
  readonly gitCommit: string | null;
  readonly gitDirty: boolean | null;
}): string {
  return `${(gitCommit ?? "").slice(0, 12)}, ${gitDirty === true ? "with uncommitted changes" : "clean"}`;
}
