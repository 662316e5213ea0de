// A run's artifacts and tables into a bucket, each once, and the tables back from there. Artifacts are named by their content; tables (Parquet:
// trials and series) by the run and their place in it. The ledger stays here: it is the record, and tables can be made again from it.
import { createHash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeAtomicSync } from "../files/atomic-file.ts";
import { runLayoutOf } from "../files/layout.ts";
import { artifactsIn } from "../kept/artifact-list.ts";
import type { ProjectStore } from "../project-store.ts";
import type { RunManifest } from "../store.ts";
import { addRemote, artifactKey, fetchFrom, remotesOf } from "./remote-artifact.ts";
import type { S3Address } from "./s3-address.ts";
import { openBucket } from "./s3-bucket.ts";

export interface Uploaded {
  readonly files: number;
  /** Those that the bucket did not have. */
  readonly sent: number;
  /** Those of which no copy is kept here any more. */
  readonly dropped: number;
}

/** What a run rests on beside its ledger: by key in a bucket, the path here. */
function filesOf(store: ProjectStore, run: RunManifest): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const counted = new Set(run.sources?.map(({ segment }) => segment));
  const segments = store.segments().filter(({ name, run: of }) => of === run.id || counted.has(name));
  for (const { hash } of artifactsIn(segments))
    files.set(artifactKey(hash), join(store.layout.artifacts, hash.slice(0, 2), hash));
  for (const [key, path] of tablesOf(store, run)) files.set(key, path);
  return files;
}

function tablesOf(store: ProjectStore, run: RunManifest): readonly (readonly [string, string])[] {
  const { folder } = runLayoutOf(store.layout, run.id);
  return Object.values(run.compacted).flatMap((table) =>
    Object.keys(table.files).map(
      (name) => [tableKey(run, `${table.folder}/${name}`), join(folder, table.folder, name)] as const,
    ),
  );
}

/** Ids of runs are unique in their project only. */
function tableKey({ id, planHash, provenance }: RunManifest, path: string): string {
  const key = createHash("sha256").update(`${planHash}\n${provenance.startedAt}`).digest("hex").slice(0, 8);
  return `runs/${id}-${key}/${path}`;
}

/** Sends what the bucket lacks. `drop`: what is there then is no longer kept here. Throws UserError for a bucket that does not answer. */
export async function uploadRun(options: {
  readonly store: ProjectStore;
  readonly run: RunManifest;
  readonly address: S3Address;
  readonly drop: boolean;
}): Promise<Uploaded> {
  const { store, run, address, drop } = options;
  const bucket = openBucket(address);
  addRemote(store.folder, address);
  const files = filesOf(store, run);
  let [sent, dropped] = [0, 0];
  for (const [key, path] of files) {
    const isHere = existsSync(path);
    if (isHere && !(await bucket.has(key))) {
      await bucket.put(key, path);
      sent += 1;
    }
    if (!drop || !isHere) continue;
    rmSync(path);
    dropped += 1;
  }
  return { files: files.size, sent, dropped };
}

/** Brings back tables of the run that are not here; those that no bucket has are made again from the ledger by who reads them. */
export async function fetchTables(store: ProjectStore, run: RunManifest): Promise<void> {
  const missing = tablesOf(store, run).filter(([, path]) => !existsSync(path));
  if (missing.length === 0) return;
  const places = remotesOf(store.folder);
  if (places.length === 0) return;
  for (const [key, path] of missing) {
    const bytes = await fetchFrom(places, key);
    if (bytes === null) return;
    writeAtomicSync(path, bytes);
  }
}
