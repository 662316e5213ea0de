// `lab merge <folder...>`: the runs of other stores, taken over; parts of one design become a run of the whole.
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { UserError } from "../../diagnostic/user-error.ts";
import { wholeRuns } from "../../run/whole-run.ts";
import { type Conflict, conflictsBetween } from "../../store/join/conflicts.ts";
import { type Joined, joinStore } from "../../store/join/join-store.ts";
import { openStore, type ProjectStore } from "../../store/project-store.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { flag, projectRoot } from "../options.ts";
import { sayStoreProblems } from "../store-warnings.ts";
import { say } from "../terminal/say.ts";
import { countWords, plural } from "../terminal/words.ts";

/** Conflicts looked for, and those shown one by one. */
const conflictsMost = 1000;
const conflictsShown = 10;

export const handle: CommandHandler = async (folders, options) => {
  const store = openStore(projectRoot(options));
  const others = folders.map((folder) => otherStore(store, folder));
  const json = flag(options, "json");
  const joined: (Joined & { readonly folder: string })[] = [];
  for (const other of others) {
    const conflicts = await conflictsBetween(store, other, conflictsMost);
    if (conflicts.length > 0 && !flag(options, "keepBoth")) return refused(other, conflicts, json);
    joined.push({ folder: other.folder, ...(await joinStore(store, other)) });
  }
  const whole = await wholeRuns(store, `lab merge ${folders.join(" ")}`);
  sayStoreProblems(store);
  if (json) {
    const told = whole.map(({ run, done, total }) => ({ run: run.id, status: run.status, done, total }));
    process.stdout.write(`${JSON.stringify({ joined, whole: told, conflicts: [] }, null, 2)}\n`);
    return exitCode.done;
  }
  for (const each of joined) say(process.stdout, `${joinedWords(each)}`);
  for (const { run, done, total } of whole)
    process.stdout.write(
      done === total
        ? `${run.id} is the whole: ${plural(total, "unit")} recorded; next: lab report\n`
        : `${run.id} is the whole: ${countWords(done)} of ${countWords(total)} recorded; merge the other parts, or lab run does the rest here\n`,
    );
  return exitCode.done;
};

/** A store by its folder or by that of its project. */
function otherStore(store: ProjectStore, folder: string): ProjectStore {
  const path = resolve(folder);
  const root = basename(path) === ".lab" ? dirname(path) : path;
  if (!existsSync(join(root, ".lab", "runs")))
    throw new UserError(`there are no runs in ${folder}`, {
      hint: "Give the .lab folder of another project, or the project's folder.",
    });
  if (root === store.root) throw new UserError(`${folder} is this project itself`);
  return openStore(root);
}

function joinedWords({ folder, runs, builds, artifacts }: Joined & { readonly folder: string }): string {
  const taken = runs.filter(({ how }) => how !== "same");
  const files = `${plural(builds, "build")}, ${plural(artifacts, "artifact")}`;
  if (taken.length === 0)
    return builds + artifacts === 0
      ? `${folder}: everything was here already`
      : `${folder}: the runs were here already; ${files}`;
  const words = taken.map(({ id, from, how }) =>
    id === from ? `${id}${how === "updated" ? " (continued)" : ""}` : `${from} as ${id}`,
  );
  return `${folder}: ${plural(taken.length, "run")} (${words.join(", ")}), ${files}`;
}

function refused(other: ProjectStore, conflicts: readonly Conflict[], json: boolean): number {
  if (json) process.stdout.write(`${JSON.stringify({ joined: [], whole: [], conflicts }, null, 2)}\n`);
  const count =
    conflicts.length >= conflictsMost ? `${countWords(conflictsMost)} or more` : countWords(conflicts.length);
  say(
    process.stderr,
    `error: ${count} trials have other results in ${other.folder} than here; nothing was taken over`,
  );
  for (const { trial, experiment, stage, differs } of conflicts.slice(0, conflictsShown))
    say(
      process.stderr,
      `  ${trial}  ${experiment}${stage === "trial" ? "" : ` · ${stage}`}: ${differs.join(", ")}`,
    );
  say(
    process.stderr,
    "  The same code and seed should give the same: `lab verify` finds out which is right; --keep-both takes both.",
  );
  return exitCode.gate;
}
