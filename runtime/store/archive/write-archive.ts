// A run as one file: its records, the runs whose records count in it, plan and bundles, artifacts. A gzipped tar that any program opens.
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, statSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { sourceRuns } from "../clean/cleanable.ts";
import { runLayoutOf } from "../files/layout.ts";
import { StoreError, worded } from "../files/store-error.ts";
import { namesStored } from "../files/stored-file.ts";
import { filesUnder } from "../join/compare-files.ts";
import { lastingFiles } from "../join/join-runs.ts";
import { artifactsIn } from "../kept/artifact-list.ts";
import type { ProjectStore } from "../project-store.ts";
import { isRunning } from "../runs/start-run.ts";
import { fetchArtifact, remotesOf, remoteWords } from "../s3/remote-artifact.ts";
import type { RunManifest } from "../store.ts";
import { type ArchivedFile, type ArchiveIndex, indexName } from "./archive-index.ts";
import { tarEnd, tarHeader, tarPadding } from "./tar.ts";

/** Writes `path` as a whole or not at all. Throws StoreError ("locked") while the run goes on. */
export async function writeArchive(
  store: ProjectStore,
  run: RunManifest,
  of: { readonly path: string; readonly withArtifacts: boolean },
): Promise<{ readonly index: ArchiveIndex; readonly bytes: number }> {
  if (isRunning(store, run))
    throw new StoreError(
      "locked",
      `${run.id} is running.`,
      "Wait for it (`lab watch`), or end it (`lab stop`).",
    );
  const runs = [...new Set([run.id, ...(await sourceRuns(store, run))])];
  const paths = [
    ...(await pathsOf(store, runs)),
    ...(of.withArtifacts ? await artifactPaths(store, runs) : []),
  ];
  const files: ArchivedFile[] = [];
  for (const path of paths) files.push(await listed(store.folder, path));
  const index: ArchiveIndex = {
    format: "labwright.archive/1",
    run: run.id,
    runs,
    hasArtifacts: of.withArtifacts,
    files,
  };
  const draft = `${of.path}.draft`;
  await worded(of.path, async () => {
    try {
      const content = Readable.from(tarOf(store.folder, index));
      await pipeline(
        content,
        createGzip({ level: 6 }),
        createWriteStream(draft, { flags: "w", mode: 0o600 }),
      );
      await rename(draft, of.path);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  });
  return { index, bytes: statSync(of.path).size };
}

async function pathsOf(store: ProjectStore, runs: readonly string[]): Promise<readonly string[]> {
  const { layout } = store;
  const builds = new Set(
    (await store.runs()).filter(({ id }) => runs.includes(id)).map(({ build }) => build),
  );
  return [
    ...runs.flatMap((id) => lastingFiles(runLayoutOf(layout, id).folder).map((file) => `runs/${id}/${file}`)),
    ...[...builds]
      .filter((build) => existsSync(join(layout.builds, build)))
      .flatMap((build) => filesUnder(join(layout.builds, build)).map((file) => `builds/${build}/${file}`)),
    ...namesStored(layout.registrations)
      .filter((name) => name.endsWith(".json"))
      .map((name) => `registrations/${name}`),
    ...(existsSync(layout.accepted) ? ["accepted.jsonl"] : []),
  ];
}

/** What lies in a bucket alone is brought back first; what is nowhere any more is left out, and said. */
async function artifactPaths(store: ProjectStore, runs: readonly string[]): Promise<readonly string[]> {
  const named = artifactsIn(store.segments().filter(({ run }) => runs.includes(run)));
  const { artifacts } = store.layout;
  const paths: string[] = [];
  let left = 0;
  for (const hash of new Set(named.map((each) => each.hash))) {
    const path = `artifacts/${hash.slice(0, 2)}/${hash}`;
    const isHere = existsSync(join(store.folder, path)) || (await fetchArtifact(artifacts, hash)) !== null;
    if (isHere) paths.push(path);
    else left += 1;
  }
  if (left > 0) {
    const places = remotesOf(store.folder).map(remoteWords);
    const nowhere = ["not here", ...places.map((place) => `not in ${place}`)].join(", ");
    store.addProblem(
      `the archive is without ${left === 1 ? "a file" : `${left} files`} that trials left: ${nowhere}`,
    );
  }
  return paths;
}

async function listed(folder: string, path: string): Promise<ArchivedFile> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(join(folder, path))) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { path, bytes, sha256: hash.digest("hex") };
}

async function* tarOf(folder: string, index: ArchiveIndex): AsyncGenerator<Buffer> {
  const text = Buffer.from(`${JSON.stringify(index, null, 1)}\n`);
  yield tarHeader(indexName, text.length);
  yield text;
  yield tarPadding(text.length);
  for (const { path, bytes } of index.files) {
    yield tarHeader(path, bytes);
    let read = 0;
    for await (const chunk of createReadStream(join(folder, path))) {
      read += chunk.length;
      yield chunk;
    }
    if (read !== bytes)
      throw new StoreError("io", `${path} changed while it was archived.`, "Give the same command again.");
    yield tarPadding(bytes);
  }
  yield tarEnd;
}
