// `lab artifacts [trial]`: the files that trials and earlier stages left; with -o they are copied to a folder, one folder a trial.
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { idOfUnit } from "../../plan/trial-id.ts";
import type { FoundTrial } from "../../run/again/find-trial.ts";
import { openArtifacts } from "../../store/kept/artifacts.ts";
import { openStore, type ProjectStore } from "../../store/project-store.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { findRun, foundRun, foundTrialOfRun, type TrialOfRun } from "../found-run.ts";
import { flag, projectRoot, text } from "../options.ts";
import { sayStoreProblems } from "../store-warnings.ts";
import { say } from "../terminal/say.ts";
import { textTable } from "../terminal/text-table.ts";
import { plural, sizeWords } from "../terminal/words.ts";

/** A file that a unit of a stage left; `stage` is "trial" for those of trials. */
interface LeftFile {
  readonly trial: string;
  readonly experiment: string;
  readonly stage: string;
  readonly name: string;
  readonly bytes: number;
  readonly hash: string;
}

export const handle: CommandHandler = async ([reference], options) => {
  const store = openStore(projectRoot(options));
  const { run, opened, trial: only } = await lookedAt(store, reference, text(options, "run"));
  const files: LeftFile[] = [];
  for (const experiment of opened.experiments) {
    if (!run.experiments.includes(experiment.planned.name)) continue;
    for (const { index, job } of experiment.jobs) {
      if (only !== null && only.jobIndex !== index) continue;
      const records = await store.recordsOf(opened.plan, job, { run });
      const { replicates } = experiment.planned;
      for await (const { unit, result } of records.read(only === null ? undefined : [only.unit])) {
        if (result.artifacts.length === 0) continue;
        const trial = idOfUnit({ job, unit, space: experiment.space, replicates });
        const { experiment: of, stage } = job;
        for (const { name, bytes, hash } of result.artifacts)
          files.push({ trial, experiment: of, stage, name, bytes, hash });
      }
    }
  }
  const output = text(options, "output");
  if (output !== null) await copyAll(openArtifacts(store.layout.artifacts), files, resolve(output));
  if (flag(options, "json")) process.stdout.write(`${JSON.stringify(files, null, 2)}\n`);
  else if (files.length === 0) say(process.stdout, `${run.id} has no artifacts`);
  else
    process.stdout.write(
      `${textTable(
        ["trial", "experiment", "stage", "name", "size", "sha256"],
        files.map((file) => [
          file.trial,
          file.experiment,
          file.stage,
          file.name,
          sizeWords(file.bytes),
          file.hash.slice(0, 16),
        ]),
        [4],
      )}\n`,
    );
  if (output !== null)
    say(
      flag(options, "json") ? process.stderr : process.stdout,
      `${plural(files.length, "file")} copied to ${output}`,
    );
  sayStoreProblems(store);
  return exitCode.done;
};

/** A run with all its trials, or one trial; the name of a run or of an experiment stands for the run. */
async function lookedAt(
  store: ProjectStore,
  reference: string | undefined,
  run: string | null,
): Promise<Omit<TrialOfRun, "trial"> & { readonly trial: FoundTrial | null }> {
  const named = reference === undefined || run !== null ? null : await findRun(store, reference);
  if (reference !== undefined && named === null) return foundTrialOfRun(store, { reference, run });
  const found = named ?? (await foundRun(store, run));
  return { run: found, opened: store.openPlan(await store.planOf(found)), trial: null };
}

/** Bytes of a name that every file system takes, with room for a number. */
const nameBytesMax = 200;
/** Of a name with more folders, or longer, one file's name is made. */
const partsMax = 16;
const pathLengthMax = 1000;

/** A name from a trial as a path below the trial's own folder, part by part. */
function partsOf(name: string): readonly string[] {
  const parts = name.split("/").filter((part) => part !== "");
  const isPath = parts.length > 0 && parts.length <= partsMax && name.length <= pathLengthMax;
  return isPath ? parts.map(fileNameOf) : [fileNameOf(name)];
}

/** Separators, control characters and leading dots are replaced, so that no name leads elsewhere. */
function fileNameOf(name: string): string {
  const safe = name.replace(/[\\/\p{Cc}]/gu, "_").replace(/^[.]+/, "_");
  return Buffer.from(safe).subarray(0, nameBytesMax).toString() || "_";
}

async function copyAll(
  artifacts: ReturnType<typeof openArtifacts>,
  files: readonly { readonly trial: string; readonly name: string; readonly hash: string }[],
  folder: string,
): Promise<void> {
  const taken: Taken = new Map();
  for (const { trial, name, hash } of files) {
    const parts = partsOf(name);
    const within = parts
      .slice(0, -1)
      .reduce((path, part) => freePath(taken, join(path, part), "folder"), join(folder, trial));
    const path = freePath(taken, join(within, parts.at(-1)!), "file");
    mkdirSync(within, { recursive: true });
    writeFileSync(path, await artifacts.read(hash));
  }
}

type Taken = Map<string, "file" | "folder">;

/** With a number where another name has become the same: in case alone, in what was replaced, or a file where the other is a folder. */
function freePath(taken: Taken, plain: string, kind: "file" | "folder"): string {
  let path = plain;
  const isFree = (): boolean => {
    const other = taken.get(path.toLowerCase());
    return other === undefined || (kind === "folder" && other === "folder");
  };
  for (let copy = 2; !isFree(); copy += 1) path = `${plain}-${copy}`;
  taken.set(path.toLowerCase(), kind);
  return path;
}
