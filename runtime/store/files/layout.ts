// Where everything lies under `.lab/`. docs/store.md shows the same as a tree.
import { createHash } from "node:crypto";
import { join } from "node:path";

export const storeFolderName = ".lab";

export interface StoreLayout {
  readonly folder: string;
  readonly builds: string;
  readonly runs: string;
  readonly artifacts: string;
  readonly checkpoints: string;
  /** Folders of trials that are programs, by job. */
  readonly work: string;
  /** Scratch of builds, and the bundles of `lab.config.ts`. */
  readonly scratch: string;
  readonly configs: string;
  readonly accepted: string;
  readonly registrations: string;
  /** Names the run that commands take when none is named. */
  readonly selected: string;
  /** Tells the project from others that ask the same orchestrator. */
  readonly key: string;
  /** Held while a run begins, and by `lab clean`. */
  readonly lock: string;
  /** Folder of the locks of jobs that are being recorded. */
  readonly locks: string;
  /** Where runs that go on at once make known what they send to services. */
  readonly endpoints: string;
}

export function layoutOf(root: string): StoreLayout {
  const folder = join(root, storeFolderName);
  return {
    folder,
    builds: join(folder, "builds"),
    runs: join(folder, "runs"),
    artifacts: join(folder, "artifacts"),
    checkpoints: join(folder, "checkpoints"),
    work: join(folder, "work"),
    scratch: join(folder, "tmp"),
    configs: join(folder, "config"),
    accepted: join(folder, "accepted.jsonl"),
    registrations: join(folder, "registrations"),
    selected: join(folder, "selected"),
    key: join(folder, "key"),
    lock: join(folder, "lock"),
    locks: join(folder, "locks"),
    endpoints: join(folder, "endpoints"),
  };
}

export interface RunLayout {
  readonly folder: string;
  readonly manifest: string;
  readonly plan: string;
  readonly segments: string;
  readonly effects: string;
  readonly logs: string;
  /** Conditions that were proposed while the run went on. */
  readonly proposals: string;
  /** What calls to services took. */
  readonly spending: string;
  /** Uncommitted changes of the author's repository when the run began. */
  readonly diff: string;
  /** Folder of the socket through which a run under way is steered. */
  readonly control: string;
  /** What was done to the run while it went on, a JSON line an act. */
  readonly acts: string;
  readonly told: string;
  /** Names, tags and notes that were given to the run. */
  readonly labels: string;
  /** Held by the process that writes the run. */
  readonly lock: string;
}

export function runLayoutOf(store: StoreLayout, run: string): RunLayout {
  const folder = join(store.runs, run);
  return {
    folder,
    manifest: join(folder, "run.json"),
    plan: join(folder, "plan.json"),
    segments: join(folder, "segments"),
    effects: join(folder, "effects"),
    logs: join(folder, "logs"),
    proposals: join(folder, "proposals.jsonl"),
    spending: join(folder, "spending.jsonl"),
    diff: join(folder, "uncommitted.diff"),
    control: join(folder, "control"),
    acts: join(folder, "acts.jsonl"),
    told: join(folder, "told.json"),
    labels: join(folder, "labels.jsonl"),
    lock: join(folder, "lock"),
  };
}

/** Names in a run's folder that are its own, whatever the case, and endings of what is half-made. */
const ownNames =
  /^(\.|(segments|effects|logs|report|run\.json|plan\.json|uncommitted\.diff|custom-results\.json|proposals\.jsonl|spending\.jsonl|control|acts\.jsonl|told\.json|labels\.jsonl|output\.log|lock)$)|\.(draft|tmp)$/i;

/** Longest name as it is; file systems take 255 bytes, of which drafts need some. */
const nameLengthMax = 120;

/**
 * Folder of an experiment's Parquet files within a run's folder: its name where a file system takes it, escaped or cut where not. No two
 * names give the same, and none gives a name of the run's own.
 */
export function experimentFolderName(experiment: string): string {
  const escaped = experiment.replaceAll(
    /[^A-Za-z0-9._-]/g,
    (character) => `%${character.codePointAt(0)!.toString(16)};`,
  );
  // No escaped name has a mark of its own: "%" is always followed by digits there.
  if (escaped.length > nameLengthMax) {
    const hash = createHash("sha256").update(experiment).digest("hex").slice(0, 32);
    return `%${escaped.slice(0, nameLengthMax - 40)}-${hash}`;
  }
  return ownNames.test(escaped) ? `%${escaped}%` : escaped;
}

/** "0001" */
export function serialOf(number: number): string {
  return String(number).padStart(4, "0");
}

/** The serial after the last of these file names. */
export function nextSerial(names: readonly string[]): string {
  const last = Math.max(0, ...names.map((name) => Number.parseInt(name, 10)).filter(Number.isFinite));
  return serialOf(last + 1);
}
