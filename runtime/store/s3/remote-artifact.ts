// Files that the store does not hold any more, from the buckets that `.lab/remote.json` names: whoever reads the store finds them without the
// project's configuration, also those that went to a bucket or a prefix that it named before. What comes is checked: an artifact against its
// name, a table against the run's manifest by who asked for it.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { UserError } from "../../diagnostic/user-error.ts";
import { writeAtomicSync } from "../files/atomic-file.ts";
import { StoreError } from "../files/store-error.ts";
import { parseStored } from "../files/stored-file.ts";
import type { S3Address } from "./s3-address.ts";
import { openBucket } from "./s3-bucket.ts";

export function artifactKey(hash: string): string {
  return `artifacts/${hash.slice(0, 2)}/${hash}`;
}

const remoteFile = "remote.json";
const address = z.object({
  bucket: z.string(),
  endpoint: z.string().nullable(),
  region: z.string(),
  prefix: z.string(),
});
/** One address: as it was kept while a store knew but one. */
const remote = z.union([z.object({ buckets: z.array(address) }), address]);

/** Where files of the store lie beside this machine, the place named last first; none for a store of no bucket. `folder`: the store's own. */
export function remotesOf(folder: string): readonly S3Address[] {
  const path = join(folder, remoteFile);
  if (!existsSync(path)) return [];
  const stored = parseStored(path);
  const read = remote.safeParse("value" in stored ? stored.value : undefined);
  if (!read.success)
    throw new StoreError(
      "damaged",
      "fault" in stored ? stored.fault : `${path} names no buckets.`,
      "Move it away: `lab push s3` writes it anew, with the bucket of lab.config.ts.",
    );
  return "buckets" in read.data ? read.data.buckets : [read.data];
}

/** Keeps in the store that its files lie there too. */
export function addRemote(folder: string, added: S3Address): void {
  const others = remotesOf(folder).filter((each) => !isSame(each, added));
  const buckets = [address.parse(added), ...others];
  writeAtomicSync(join(folder, remoteFile), `${JSON.stringify({ buckets }, null, 2)}\n`);
}

/** Places that the other store names and this one does not. */
export function remotesApart(folder: string, other: string): readonly S3Address[] {
  const known = remotesOf(folder);
  return remotesOf(other).filter((each) => !known.some((one) => isSame(one, each)));
}

function isSame(one: S3Address, other: S3Address): boolean {
  return one.bucket === other.bucket && one.endpoint === other.endpoint && one.prefix === other.prefix;
}

/** "results/team-a of http://minio.lan:9000" */
export function remoteWords({ bucket, endpoint, prefix }: S3Address): string {
  const place = `${bucket}/${prefix}`.replace(/\/$/, "");
  return endpoint === null ? place : `${place} of ${endpoint}`;
}

/** From the first place that has it; null where none has. Throws UserError where one that may have it does not answer. */
export async function fetchFrom(places: readonly S3Address[], key: string): Promise<Uint8Array | null> {
  const silent = new Map<string, UserError>();
  for (const place of places) {
    try {
      const bytes = await openBucket(place).get(key);
      if (bytes !== null) return bytes;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      silent.set(error.message, error);
    }
  }
  const [first] = silent.values();
  if (silent.size > 1) throw new UserError([...silent.keys()].join("; "));
  if (first !== undefined) throw first;
  return null;
}

/** An artifact from where it lies, kept here from then on; null where there is no bucket, or none has that content. */
export async function fetchArtifact(artifacts: string, hash: string): Promise<Uint8Array | null> {
  const bytes = await artifactFrom(remotesOf(dirname(artifacts)), hash);
  if (bytes !== null) writeAtomicSync(join(artifacts, hash.slice(0, 2), hash), bytes);
  return bytes;
}

/** Null where none has that content. */
export async function artifactFrom(places: readonly S3Address[], hash: string): Promise<Uint8Array | null> {
  const bytes = await fetchFrom(places, artifactKey(hash));
  return bytes !== null && createHash("sha256").update(bytes).digest("hex") === hash ? bytes : null;
}
