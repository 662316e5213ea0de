// The first entry of an archive: which runs it holds, and every file with its length and SHA-256. Nothing that it does not list is unpacked,
// and a path in it can only be one that a store has.
import { StoreError } from "../files/store-error.ts";

export interface ArchivedFile {
  /** Relative to the store's folder, forward slashes. */
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

export interface ArchiveIndex {
  readonly format: "labwright.archive/1";
  /** The run that was archived, and those whose records count in it. */
  readonly run: string;
  readonly runs: readonly string[];
  /** Whether files that trials left are in it. */
  readonly hasArtifacts: boolean;
  /** In the order in which they follow. */
  readonly files: readonly ArchivedFile[];
}

export const indexName = "labwright-archive.json";
/** Longest index read, in bytes. */
export const indexBytesMax = 64 * 2 ** 20;

const places = [
  /^runs\/r\d{4,}-[a-z]+-[a-z]+\/./,
  /^builds\/[0-9a-f]{12}\/./,
  /^artifacts\/[0-9a-f]{2}\/[0-9a-f]{64}$/,
  /^registrations\/[^/]+\.json$/,
  /^accepted\.jsonl$/,
];

/** Whether a path is one that a store may have, and leads nowhere else on any system. */
export function isStorePath(path: string): boolean {
  const isPlain = path.split("/").every((part) => !["", ".", ".."].includes(part) && !/[\\:\0]/.test(part));
  return isPlain && places.some((place) => place.test(path));
}

/** Throws StoreError when the text is no index that can be followed. */
export function readIndex(text: string): ArchiveIndex {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    throw damagedArchive("its list of files is no JSON");
  }
  if (typeof read !== "object" || read === null || !("format" in read) || !("files" in read))
    throw damagedArchive("it has no list of files");
  if (read.format !== "labwright.archive/1")
    throw new StoreError(
      "other-version",
      `The archive has the format ${JSON.stringify(read.format)}; this labwright reads "labwright.archive/1".`,
    );
  const files: readonly unknown[] = Array.isArray(read.files) ? read.files : [];
  const seen = new Set<string>();
  for (const file of files) {
    if (!isArchivedFile(file)) throw damagedArchive("its list of files has an entry that is none");
    if (!isStorePath(file.path)) throw damagedArchive(`it wants to write ${JSON.stringify(file.path)}`);
    if (seen.has(file.path.toLowerCase())) throw damagedArchive(`it has ${file.path} twice`);
    seen.add(file.path.toLowerCase());
  }
  // Its files were looked at one by one; the rest is only said.
  return read as ArchiveIndex;
}

function isArchivedFile(value: unknown): value is ArchivedFile {
  if (typeof value !== "object" || value === null) return false;
  const { path, bytes, sha256 } = value as Partial<Record<keyof ArchivedFile, unknown>>;
  return (
    typeof path === "string" &&
    typeof bytes === "number" &&
    Number.isSafeInteger(bytes) &&
    bytes >= 0 &&
    typeof sha256 === "string" &&
    /^[0-9a-f]{64}$/.test(sha256)
  );
}

export function damagedArchive(why: string): StoreError {
  return new StoreError(
    "damaged",
    `The archive cannot be believed: ${why}.`,
    "Nothing was restored. Take another copy of the file.",
  );
}
