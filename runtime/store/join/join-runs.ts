// Runs of another store taken over into this one: each with its folder, under its own id where that is free. A run that is here already is
// brought up to date, so that joining twice is joining once.
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { runLayoutOf, type StoreLayout } from "../files/layout.ts";
import { readManifest, runIds, writeManifest } from "../runs/manifest.ts";
import { runIdAfter } from "../runs/run-id.ts";
import type { RunManifest } from "../store.ts";
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
  const ids = placesOf(ours, theirs, problems);
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

/**
 * Under which id each run is taken over: where it, or a beginning or continuation of it, is here already, under that id, be it another one;
 * else under its own, unless another run, or a copy that went on apart, has that.
 */
function placesOf(ours: StoreLayout, theirs: StoreLayout, problems: string[]): ReadonlyMap<string, string> {
  const here = runIds(ours).map((id) => ({ id, origin: originOf(readManifest(ours, id, problems), id) }));
  const taken = new Set(here.map(({ id }) => id));
  const places = new Map<string, string>();
  for (const from of runIds(theirs)) {
    const origin = originOf(readManifest(theirs, from, problems), from);
    const same = here.find((run) => run.origin === origin && !goneApart(ours, theirs, { id: run.id, from }));
    const place = same?.id ?? freePlace(from, { origin, taken });
    taken.add(place);
    places.set(from, place);
  }
  return places;
}

function freePlace(
  id: string,
  { origin, taken }: { readonly origin: string; readonly taken: ReadonlySet<string> },
): string {
  let place = id;
  for (let salt = origin; taken.has(place); salt += "\n")
    place = runIdAfter([`r${Number.parseInt(id.slice(1), 10) - 1}`], salt);
  return place;
}

/** What stays the same of a run wherever it is copied to; its id, where its manifest cannot be read. */
function originOf(manifest: RunManifest | null, id: string): string {
  return manifest === null ? id : `${manifest.planHash} ${manifest.provenance.startedAt}`;
}

/** Whether the copies have a file of the ledger or a journal of which neither is the beginning of the other. */
function goneApart(
  ours: StoreLayout,
  theirs: StoreLayout,
  { id, from }: { readonly id: string; readonly from: string },
): boolean {
  const [here, there] = [runLayoutOf(ours, id).folder, runLayoutOf(theirs, from).folder];
  const shared = lastingFiles(there).filter(
    (file) => /\.(wal|log)$/.test(file) && existsSync(join(here, file)),
  );
  return shared.some((file) => standing(join(here, file), join(there, file)) === "unlike");
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
