// The run that a command is about: by id, prefix, name of the run, name of an experiment or its file (the newest run that holds it) or
// "latest" (the selected one where none is named), or one clear error. And the trial of a run, which its id or its place stands for.
import { relative, sep } from "node:path";
import { nearest } from "../diagnostic/nearest.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { OpenedPlan } from "../plan/opened-plan.ts";
import { type FoundTrial, findTrial, noSuchTrial } from "../run/again/find-trial.ts";
import type { ProjectStore } from "../store/project-store.ts";
import { selectedRun } from "../store/runs/selected-run.ts";
import type { RunManifest } from "../store/store.ts";
import { isPath } from "./asked.ts";
import type { OptionValues } from "./command.ts";
import { isTagged } from "./listed-runs.ts";
import { text, typedPath } from "./options.ts";

/** The run that `reference` (null: the selected one, else the latest) stands for. */
export async function foundRun(store: ProjectStore, reference: string | null): Promise<RunManifest> {
  const runs = await store.runs();
  if (runs.length === 0)
    throw new UserError("nothing has been run in this project yet", {
      hint: [...store.problems(), "Start with `lab run`."].join(" "),
    });
  const found = await findRun(store, reference);
  if (found !== null) return found;
  const near = reference === null ? null : nearestRun(runs, reference);
  throw new UserError(`there is no run "${reference}", and no experiment of that name has been run`, {
    hint: near === null ? "`lab list` shows the runs." : `Did you mean ${near}? \`lab list\` shows the runs.`,
  });
}

/** What a mistyped word for a run may stand for; null where nothing is near. */
export function nearestRun(runs: readonly RunManifest[], typed: string): string | null {
  const names = runs.flatMap(({ id, name, experiments }) => [
    id,
    ...(name === null ? [] : [name]),
    ...experiments,
  ]);
  return nearest(typed, new Set(["latest", ...names]));
}

/** The same where `--tag` may say which: the newest with the tag, or the newest of `reference` that has it. */
export async function foundRunOf(
  store: ProjectStore,
  reference: string | null,
  options: OptionValues,
): Promise<RunManifest> {
  const tag = text(options, "tag");
  if (tag === null) return foundRun(store, reference);
  const asked = reference === null ? null : await foundRun(store, reference);
  const isOf = ({ id, experiments }: RunManifest): boolean =>
    asked === null || id === asked.id || experiments.includes(reference ?? "");
  for (const run of await store.runs()) if (isOf(run) && (await isTagged(store, run, tag))) return run;
  throw new UserError(`no run${reference === null ? "" : ` of ${reference}`} has the tag "${tag}"`, {
    hint: "`lab list` shows the tags of runs, and those of experiments.",
  });
}

/** The same; null when nothing is called so. */
export async function findRun(store: ProjectStore, reference: string | null): Promise<RunManifest | null> {
  const runs = await store.runs();
  const isCalled = runs.some(({ id, name }) => id === reference || name === reference);
  // An experiment's name is a whole word; the beginning of an id comes after it.
  const holder = isCalled ? undefined : runs.find(({ experiments }) => experiments.includes(reference ?? ""));
  if (holder !== undefined) return holder;
  const found = await store.findRun(reference ?? selectedOf(store, runs) ?? "latest");
  if (found === null) return reference !== null && isPath(reference) ? runOfFile(store, reference) : null;
  if (!("ambiguous" in found)) return found;
  throw new UserError(`"${reference}" may be ${found.ambiguous.slice(0, 8).join(", ")}`, {
    hint: "Give more of the id.",
  });
}

/** The newest run of an experiment that a file defines. */
async function runOfFile(store: ProjectStore, file: string): Promise<RunManifest | null> {
  for (const run of await store.runs())
    if ((await experimentsOfFile(store, run, file)).length > 0) return run;
  return null;
}

/** The names of a run's experiments that a file (as typed) defines. */
export async function experimentsOfFile(
  store: ProjectStore,
  run: RunManifest,
  file: string,
): Promise<readonly string[]> {
  const path = relative(store.root, typedPath(store.root, file)).split(sep).join("/");
  const { experiments } = await store.planOf(run);
  return experiments
    .filter((each) => each.file === path && run.experiments.includes(each.name))
    .map(({ name }) => name);
}

/** The run that `lab select` chose, while it is there. */
function selectedOf(store: ProjectStore, runs: readonly RunManifest[]): string | null {
  const id = selectedRun(store.layout);
  return runs.some((run) => run.id === id) ? id : null;
}

/** A trial with the run that it was found in. */
export interface TrialOfRun {
  readonly run: RunManifest;
  readonly opened: OpenedPlan;
  readonly trial: FoundTrial;
}

/** The trial that `reference` stands for, in the run asked for or else in the newest that has it. */
export async function foundTrialOfRun(
  store: ProjectStore,
  { reference, run }: { readonly reference: string; readonly run: string | null },
): Promise<TrialOfRun> {
  const found = await findTrialOfRun(store, { reference, run });
  if (found === null) throw noSuchTrial(reference);
  return found;
}

/** The same; null when there is none. */
export async function findTrialOfRun(
  store: ProjectStore,
  { reference, run: asked }: { readonly reference: string; readonly run: string | null },
): Promise<TrialOfRun | null> {
  const latest = await foundRun(store, asked);
  const searched = new Set<string>();
  for (const run of asked === null ? await store.runs() : [latest]) {
    const key = JSON.stringify([run.planHash, run.experiments]);
    if (searched.has(key)) continue;
    searched.add(key);
    const opened = store.openPlan(await store.planOf(run));
    const trial = findTrial(opened, reference);
    if (trial !== null && (asked !== null || run.experiments.includes(trial.job.experiment)))
      return { run, opened, trial };
  }
  return null;
}
