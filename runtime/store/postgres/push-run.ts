// `lab push postgres://...`: the trials of a run and their series into a store that many projects share. Upserted by trial id, in transactions
// of at most a thousand trials; what is there already is not sent again, and pushes at once end up with the same rows.

import { createHash } from "node:crypto";
import type { Client } from "pg";
import { type OpenedExperiment, trialOf } from "../../plan/opened-plan.ts";
import { ranAt } from "../../record/known-times.ts";
import { hasMeasurement, type OutcomeKind } from "../../record/outcome.ts";
import type { ProjectStore } from "../project-store.ts";
import { type RecordedExperiment, recordedExperiments } from "../runs/recorded-trials.ts";
import type { RunManifest } from "../store.ts";
import { withPostgres } from "./connect.ts";
import { type PushedTrial, pushedTrialOf, type SeriesRow, sentText } from "./pushed-rows.ts";
import { ensureSchema, inTransaction, locked } from "./schema.ts";
import { writeExperimentView } from "./views.ts";

export interface Pushed {
  /** Recorded trials of the run. */
  readonly trials: number;
  /** Those that the store did not have, or had otherwise. */
  readonly sent: number;
  /** Rows of series that went with them. */
  readonly seriesRows: number;
  /** What could not be done beside it, in words. */
  readonly notices: readonly string[];
}

const batchTrials = 1_000;
const batchSeriesRows = 5_000;

/** Throws UserError where the server cannot be reached, refuses, or has tables of a later version. */
export async function pushRun(options: {
  readonly store: ProjectStore;
  readonly run: RunManifest;
  readonly address: string;
  /** Told after each batch how many trials have been looked at. */
  readonly onProgress?: (trials: number) => void;
}): Promise<Pushed> {
  const { store, run, address } = options;
  const experiments = await recordedExperiments(store, run, new Map());
  return withPostgres(address, { readOnly: false }, async (client) => {
    await ensureSchema(client);
    const key = runKeyOf(run);
    await writeRun(client, { key, run, experiments });
    let [trials, sent, seriesRows] = [0, 0, 0];
    for await (const batch of batchesOf(experiments)) {
      const done = await pushBatch(client, key, batch);
      trials += batch.length;
      sent += done.sent;
      seriesRows += done.seriesRows;
      options.onProgress?.(trials);
    }
    const notices: string[] = [];
    for (const { experiment } of experiments) {
      const notice = await writeExperimentView(client, experiment);
      if (notice !== null) notices.push(notice);
    }
    return { trials, sent, seriesRows, notices };
  });
}

/** Ids of runs are unique in their project only. */
function runKeyOf({ id, planHash, provenance }: RunManifest): string {
  return createHash("sha256")
    .update(`${id}\n${planHash}\n${provenance.startedAt}`)
    .digest("hex")
    .slice(0, 16);
}

async function writeRun(
  client: Client,
  {
    key,
    run,
    experiments,
  }: {
    readonly key: string;
    readonly run: RunManifest;
    readonly experiments: readonly RecordedExperiment[];
  },
): Promise<void> {
  const { provenance: from } = run;
  const ran = ranAt(from);
  await locked(client, async () => {
    await client.query(
      `INSERT INTO labwright.runs (key, run, name, status, started_at, finished_at, command, build, labwright, git_commit)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (key) DO UPDATE SET name = excluded.name, status = excluded.status, finished_at = excluded.finished_at`,
      [
        ...[key, run.id, run.name, run.status, ran.startedAt, ran.finishedAt],
        ...[from.command, run.build, from.labwright, from.gitCommit],
      ],
    );
    for (const { experiment } of experiments) await writeExperiment(client, key, experiment);
  });
}

async function writeExperiment(client: Client, key: string, { planned }: OpenedExperiment): Promise<void> {
  const { replicates } = planned;
  await client.query(
    `INSERT INTO labwright.experiments (run_key, experiment, question, file, replicates, seed, pairing, primary_metric, metrics)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
    [
      ...[key, planned.name, planned.question, planned.file, replicates.count],
      ...[String(replicates.seed), replicates.pairing, planned.primary, JSON.stringify(planned.metrics)],
    ],
  );
}

async function* batchesOf(experiments: readonly RecordedExperiment[]): AsyncIterable<readonly PushedTrial[]> {
  let batch: PushedTrial[] = [];
  let rows = 0;
  for (const { experiment, trials } of experiments) {
    const of = { experiment: experiment.planned.name, job: trialOf(experiment).job.id };
    for await (const trial of trials()) {
      const pushed = pushedTrialOf(of, trial);
      if (pushed === null) continue;
      batch.push(pushed);
      rows += pushed.series.length;
      if (batch.length < batchTrials && rows < batchSeriesRows) continue;
      yield batch;
      batch = [];
      rows = 0;
    }
  }
  if (batch.length > 0) yield batch;
}

async function pushBatch(
  client: Client,
  key: string,
  batch: readonly PushedTrial[],
): Promise<{ readonly sent: number; readonly seriesRows: number }> {
  const ids = batch.map(({ trial }) => trial);
  const there = await client.query(
    `SELECT t.trial, t.digest, t.outcome, r.trial IS NOT NULL AS linked
FROM labwright.trials t LEFT JOIN labwright.run_trials r ON r.trial = t.trial AND r.run_key = $2 WHERE t.trial = ANY($1)`,
    [ids, key],
  );
  const known = new Map<string, { digest: string; outcome: OutcomeKind; linked: boolean }>(
    there.rows.map((row) => [row.trial, row]),
  );
  // Rows are taken in one order by all, so that pushes at once wait for each other and never in a circle.
  const wanted = batch
    .filter(({ trial, digest, outcome }) => {
      const row = known.get(trial);
      if (row === undefined) return true;
      return row.digest !== digest && !(hasMeasurement(row.outcome) && outcome !== "measured");
    })
    .sort((a, b) => (a.trial < b.trial ? -1 : 1));
  const unlinked = ids.filter((id) => known.get(id)?.linked !== true);
  if (wanted.length === 0 && unlinked.length === 0) return { sent: 0, seriesRows: 0 };
  let done = { sent: 0, seriesRows: 0 };
  await inTransaction(client, async () => {
    const sent = await upsert(client, wanted);
    const rows = wanted.filter(({ trial }) => sent.has(trial)).flatMap(({ series }) => series);
    await replaceSeries(client, [...sent], rows);
    await client.query(
      "INSERT INTO labwright.run_trials (run_key, trial) SELECT $1, id FROM unnest($2::text[]) id ON CONFLICT DO NOTHING",
      [key, unlinked],
    );
    done = { sent: sent.size, seriesRows: rows.length };
  });
  return done;
}

/** A measured trial stands: what failed on another machine does not take its place. Answers with the ids written. */
async function upsert(client: Client, trials: readonly PushedTrial[]): Promise<ReadonlySet<string>> {
  const [first] = trials;
  if (first === undefined) return new Set();
  const columns = Object.keys(first.columns);
  const updated = columns.filter((name) => name !== "trial").map((name) => `${name} = excluded.${name}`);
  const { rows } = await client.query(
    `INSERT INTO labwright.trials AS t (${columns.join(", ")})
SELECT ${columns.join(", ")} FROM jsonb_populate_recordset(null::labwright.trials, $1::jsonb)
ON CONFLICT (trial) DO UPDATE SET ${updated.join(", ")}, pushed_at = now()
WHERE t.digest <> excluded.digest AND (t.outcome <> 'measured' OR excluded.outcome = 'measured') RETURNING trial`,
    [sentText(trials.map((each) => each.columns))],
  );
  return new Set(rows.map((row) => String(row.trial)));
}

async function replaceSeries(
  client: Client,
  trials: readonly string[],
  rows: readonly SeriesRow[],
): Promise<void> {
  if (trials.length === 0) return;
  await client.query("DELETE FROM labwright.series WHERE trial = ANY($1)", [trials]);
  for (let start = 0; start < rows.length; start += batchSeriesRows)
    await client.query(
      "INSERT INTO labwright.series SELECT * FROM jsonb_populate_recordset(null::labwright.series, $1::jsonb)",
      [sentText(rows.slice(start, start + batchSeriesRows))],
    );
}
