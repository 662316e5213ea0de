// `lab list`: the runs of the project, newest first, filtered and sorted as asked, and the experiments of the newest.
import { UserError } from "../../diagnostic/user-error.ts";
import { openStore, type ProjectStore } from "../../store/project-store.ts";
import type { CommandHandler, OptionValues } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { type ListedRun, listedRuns, type RunFilter, sortedRuns } from "../listed-runs.ts";
import { flag, number, projectRoot, text } from "../options.ts";
import { sayStoreProblems } from "../store-warnings.ts";
import { say } from "../terminal/say.ts";
import { textTable } from "../terminal/text-table.ts";
import { countWords, durationWords, sizeWords } from "../terminal/words.ts";

/** Runs shown unless told. */
const shownMost = 20;

export const handle: CommandHandler = async (_positional, options) => {
  const store = openStore(projectRoot(options));
  const filter = filterOf(options);
  const all = sortedRuns(await listedRuns(store, filter), text(options, "sort"));
  const most = flag(options, "all") ? all.length : (number(options, "limit") ?? shownMost);
  const json = flag(options, "json");
  const shown = json && number(options, "limit") === null ? all : all.slice(0, most);
  const experiments = await experimentsOf(store);
  sayStoreProblems(store);
  if (json) {
    process.stdout.write(`${JSON.stringify({ experiments, runs: shown }, null, 2)}\n`);
    return exitCode.done;
  }
  if ((await store.runs()).length === 0) {
    say(process.stdout, "nothing has been run yet; `lab run` runs everything in the project");
    return exitCode.done;
  }
  const isFiltered = Object.values(filter).some((each) => each !== null && each !== false);
  if (!isFiltered) sayExperiments(experiments);
  if (all.length === 0) say(process.stdout, "no run is like that; `lab list` shows all");
  else sayRuns(shown);
  if (shown.length < all.length)
    say(process.stdout, `and ${countWords(all.length - shown.length)} more: lab list --all`);
  return exitCode.done;
};

function filterOf(options: OptionValues): RunFilter {
  const since = number(options, "since");
  const experiment = text(options, "experiment");
  if (flag(options, "all") && number(options, "limit") !== null)
    throw new UserError("--all and --limit say two things", { hint: "Give one of them." });
  return {
    status: text(options, "status"),
    experiment,
    tag: text(options, "tag"),
    since: since === null ? null : new Date(Date.now() - since).toISOString(),
    isArchived: flag(options, "archived"),
  };
}

async function experimentsOf(store: ProjectStore) {
  const [newest] = await store.runs();
  const plan = newest === undefined ? undefined : await store.planOf(newest);
  return (plan?.experiments ?? []).map((planned) => ({
    name: planned.name,
    file: planned.file,
    tags: planned.tags ?? [],
    conditions: planned.admittedCount,
    replicates: planned.replicates.count,
    replicatesLeast: planned.replicates.until?.min ?? planned.replicates.count,
    trials: planned.admittedCount * planned.replicates.count,
    question: planned.question,
  }));
}

function sayExperiments(experiments: Awaited<ReturnType<typeof experimentsOf>>): void {
  const rows = experiments.map((each) => [
    each.name,
    each.file,
    countWords(each.conditions),
    `${each.replicatesLeast < each.replicates ? `${countWords(each.replicatesLeast)}..` : ""}${countWords(each.replicates)}`,
    each.tags.join(" "),
    each.question ?? "",
  ]);
  process.stdout.write(
    `${textTable(["experiment", "file", "conditions", "replicates", "tags", "question"], rows, [2, 3])}\n\n`,
  );
}

function sayRuns(runs: readonly ListedRun[]): void {
  const rows = runs.map((run) => [
    `${run.id}${run.isSelected ? " *" : ""}`,
    run.name ?? "",
    run.status,
    `${countWords(run.done)}/${countWords(run.trials)}`,
    run.failed === 0 ? "" : countWords(run.failed),
    run.startedAt === null ? "unknown" : run.startedAt.slice(0, 16).replace("T", " "),
    run.durationMs === null ? "" : durationWords(run.durationMs),
    sizeWords(run.bytes),
    run.tags.join(" "),
    run.experiments.join(", "),
  ]);
  const heading = [
    "run",
    "name",
    "status",
    "trials",
    "failed",
    "started",
    "took",
    "size",
    "tags",
    "experiments",
  ];
  process.stdout.write(`${textTable(heading, rows, [3, 4, 6, 7])}\n`);
  if (runs.some(({ isSelected }) => isSelected))
    say(process.stdout, "* selected: taken when no run is named");
}
