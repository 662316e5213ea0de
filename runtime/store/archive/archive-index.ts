// The first entry of an archive: which runs it holds, and every file with its length and SHA-256. Nothing that it does not list is unpacked,
// and a path in it can only be one that a store has.
import { z } from "zod";
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

const indexShape = z.strictObject({
  format: z.literal("labwright.archive/1"),
  run: z.string(),
  runs: z.array(z.string()),
  hasArtifacts: z.boolean(),
  files: z.array(
    z.strictObject({
      path: z.string(),
      bytes: z.int().nonnegative(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});

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
  const parsed = indexShape.safeParse(read);
  if (!parsed.success) throw damagedArchive("its list of files is not as labwright writes it");
  const index: ArchiveIndex = parsed.data;
  const seen = new Set<string>();
  for (const { path } of index.files) {
    if (!isStorePath(path)) throw damagedArchive(`it wants to write ${JSON.stringify(path)}`);
    if (seen.has(path.toLowerCase())) throw damagedArchive(`it has ${path} twice`);
    seen.add(path.toLowerCase());
  }
  assertRunsListed(index);
  return index;
}

/** The files are checked by their hashes; which runs they are must follow from them, or the wrong one would be said to be there. */
function assertRunsListed({ run, runs, files }: ArchiveIndex): void {
  const held = new Set(files.flatMap(({ path }) => /^runs\/([^/]+)\//.exec(path)?.[1] ?? []));
  if (!runs.includes(run) || held.size !== runs.length || !runs.every((each) => held.has(each)))
    throw damagedArchive("the runs that its list names are not those that it holds");
}

export function damagedArchive(why: string): StoreError {
  return new StoreError(
    "damaged",
    `The archive cannot be believed: ${why}.`,
    "Nothing was restored. Take another copy of the file.",
  );
}
