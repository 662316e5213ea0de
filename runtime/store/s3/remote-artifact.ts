// Files that the store does not hold any more, from the bucket that `.lab/remote.json` names: whoever reads the store finds them without the
// project's configuration. What comes is checked: an artifact against its name, a table against the run's manifest by who asked for it.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeAtomicSync } from "../files/atomic-file.ts";
import type { S3Address } from "./s3-address.ts";
import { openBucket, type S3Bucket } from "./s3-bucket.ts";

export function artifactKey(hash: string): string {
  return `artifacts/${hash.slice(0, 2)}/${hash}`;
}

/** Keeps in the store where its files lie too. `folder`: the store's own. */
export function writeRemote(folder: string, address: S3Address): void {
  writeAtomicSync(join(folder, remoteFile), `${JSON.stringify(address, null, 2)}\n`);
}

const remoteFile = "remote.json";

/** The bucket that the store names; null where it names none. */
export function bucketOf(folder: string): S3Bucket | null {
  const path = join(folder, remoteFile);
  if (!existsSync(path)) return null;
  // Written by writeRemote.
  return openBucket(JSON.parse(readFileSync(path, "utf8")) as S3Address);
}

/** An artifact from the bucket, kept here from then on; null where there is no bucket, or it has none of that content. */
export async function fetchArtifact(artifacts: string, hash: string): Promise<Uint8Array | null> {
  const bucket = bucketOf(dirname(artifacts));
  const bytes = bucket === null ? null : await artifactIn(bucket, hash);
  if (bytes !== null) writeAtomicSync(join(artifacts, hash.slice(0, 2), hash), bytes);
  return bytes;
}

/** Null where the bucket has none of that content. */
export async function artifactIn(bucket: S3Bucket, hash: string): Promise<Uint8Array | null> {
  const bytes = await bucket.get(artifactKey(hash));
  return bytes !== null && createHash("sha256").update(bytes).digest("hex") === hash ? bytes : null;
}

/** Whether the other store names a bucket, and not the one that this store names. */
export function hasBucketApart(folder: string, other: string): boolean {
  const [here, there] = [join(folder, remoteFile), join(other, remoteFile)];
  if (!existsSync(there)) return false;
  return !existsSync(here) || readFileSync(here, "utf8") !== readFileSync(there, "utf8");
}
