// Runs of another store taken over into this one: each with its folder, under its own id where that is free. A run that is here already is
// brought up to date, so that joining twice is joining once.
import { createHash, randomUUID } from "node:crypto";
import { closeSync, existsSync, readSync } from "node:fs";
import { join } from "node:path";
import { runLayoutOf, type StoreLayout } from "../layout.ts";
import { readManifest, runIds, writeManifest } from "../manifest.ts";
import { runIdAfter } from "../run-id.ts";
import type { RunManifest } from "../store.ts";
import { openStored } from "../stored-file.ts";
import { copyFolder, copyWhole, filesUnder, standing } from "./compare-files.ts";

export interface JoinedRun {
  /** Its id here, and there. */
  readonly id: string;
  readonly from: string;
  readonly how: "new" | "updated" | "same";
}

/** Files that only a process writing the run needs, and what is half-made. */
const passing = /^(lock($|\.)|control(\/|$))|\.(draft|tmp)$/;
/** Files that only ever grow. */
const growing = /\.(wal|log|jsonl)$/;

/** Files of a run's folder that make it up. */
export function lastingFiles(folder: string): readonly string[] {
  return filesUnder(folder).filter((file) => !passing.test(file));
}

/** The caller holds the project's lock. What cannot be read is told in `problems`. */
export function joinRuns(ours: StoreLayout, theirs: StoreLayout, problems: string[]): readonly JoinedRun[] {
  const ids = new Map(runIds(theirs).map((id) => [id, placeOf(ours, theirs, { id, problems })]));
  return [...ids].map(([from, id]) => {
    const source = runLayoutOf(theirs, from).folder;
    const target = runLayoutOf(ours, id).folder;
    if (!existsSync(target)) {
      const draft = join(ours.folder, `join-${randomUUID().slice(0, 8)}.draft`);
      copyFolder(source, target, { draft, files: lastingFiles(source) });
      renumbered(ours, { from, id, ids, problems, manifest: readManifest(theirs, from, problems) });
      return { id, from, how: "new" };
    }
    const isUpdated = updated(ours, theirs, { id, from, ids, problems });
    return { id, from, how: isUpdated ? "updated" : "same" };
  });
}

/** Under which id a run is taken over: its own, unless another run, or a copy that went on apart, has it here. */
function placeOf(
  ours: StoreLayout,
  theirs: StoreLayout,
  of: { readonly id: string; readonly problems: string[] },
): string {
  const { id, problems } = of;
  const origin = originOf(readManifest(theirs, id, problems));
  for (let salt = origin, place = id; ; ) {
    if (!existsSync(runLayoutOf(ours, place).folder)) return place;
    const isSame = originOf(readManifest(ours, place, problems)) === origin;
    const apart = isSame ? divergingFile(ours, theirs, { id: place, from: id }) : "";
    if (isSame && apart === null) return place;
    salt = `${salt}\n${apart === null || apart === "" ? "" : beginningOf(join(runLayoutOf(theirs, id).folder, apart))}`;
    place = runIdAfter([`r${Number.parseInt(id.slice(1), 10) - 1}`], salt);
  }
}

/** What stays the same of a run wherever it is copied to. */
function originOf(manifest: RunManifest | null): string {
  return manifest === null ? "" : `${manifest.planHash} ${manifest.provenance.startedAt}`;
}

/** A file of the ledger or a journal that both copies have, and neither is the beginning of the other; null when there is none. */
function divergingFile(
  ours: StoreLayout,
  theirs: StoreLayout,
  { id, from }: { readonly id: string; readonly from: string },
): string | null {
  const [here, there] = [runLayoutOf(ours, id).folder, runLayoutOf(theirs, from).folder];
  const shared = lastingFiles(there).filter(
    (file) => /\.(wal|log)$/.test(file) && existsSync(join(here, file)),
  );
  return shared.find((file) => standing(join(here, file), join(there, file)) === "unlike") ?? null;
}

/** SHA-256 of a file's first 4096 bytes, in which a segment says when it was begun. */
function beginningOf(path: string): string {
  const file = openStored(path);
  try {
    const bytes = Buffer.alloc(4096);
    return createHash("sha256")
      .update(bytes.subarray(0, readSync(file, bytes)))
      .digest("hex");
  } finally {
    closeSync(file);
  }
}

interface Renumbering {
  readonly from: string;
  readonly id: string;
  readonly ids: ReadonlyMap<string, string>;
  readonly problems: string[];
}

/** Writes the manifest anew where the ids that it names are others here. */
function renumbered(ours: StoreLayout, of: Renumbering & { readonly manifest: RunManifest | null }): void {
  const { id, ids, manifest } = of;
  if (manifest === null || [...ids].every(([before, after]) => before === after)) return;
  const sources = manifest.sources?.map(({ segment, bytes }) => {
    const [runs, run, ...rest] = segment.split("/");
    return { segment: [runs, ids.get(run ?? "") ?? run, ...rest].join("/"), bytes };
  });
  writeManifest(runLayoutOf(ours, id), {
    ...manifest,
    id,
    sources: sources ?? null,
    provenance: { ...manifest.provenance, run: id },
  });
}

/** Takes over what has been added there since. */
function updated(ours: StoreLayout, theirs: StoreLayout, of: Renumbering): boolean {
  const { id, from, problems } = of;
  const [here, there] = [runLayoutOf(ours, id).folder, runLayoutOf(theirs, from).folder];
  const [mine, manifest] = [readManifest(ours, id, problems), readManifest(theirs, from, problems)];
  const isAhead = aheadOf(manifest) > aheadOf(mine);
  let isUpdated = false;
  for (const file of lastingFiles(there)) {
    const [to, source] = [join(here, file), join(there, file)];
    const stands = existsSync(to) ? standing(to, source) : "behind";
    const isWanted =
      growing.test(file) || !existsSync(to) ? stands === "behind" : isAhead && stands !== "same";
    if (!isWanted) continue;
    copyWhole(source, to);
    isUpdated = true;
  }
  if (isAhead) renumbered(ours, { ...of, manifest });
  return isUpdated;
}

/** Rises with each session of a run, and with its end. */
function aheadOf(manifest: RunManifest | null): number {
  if (manifest === null) return 0;
  return 2 * (manifest.epoch ?? 1) + (manifest.sources === null ? 0 : 1);
}
