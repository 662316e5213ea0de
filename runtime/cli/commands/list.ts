// `lab list`: the experiments of the current build, and the runs, newest first.
import { openStore } from "../../store/project-store.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { flag, projectRoot } from "../options.ts";
import { sayStoreProblems } from "../store-warnings.ts";
import { textTable } from "../terminal/text-table.ts";
import { countWords } from "../terminal/words.ts";

export const handle: CommandHandler = async (_positional, options) => {
  const store = openStore(projectRoot(options));
  const runs = await store.runs();
  const latest = runs[0] === undefined ? undefined : await store.planOf(runs[0]);
  sayStoreProblems(store);
  const experiments = (latest?.experiments ?? []).map((planned) => ({
    name: planned.name,
    file: planned.file,
    conditions: planned.admittedCount,
    replicates: planned.replicates.count,
    replicatesLeast: planned.replicates.until?.min ?? planned.replicates.count,
    trials: planned.admittedCount * planned.replicates.count,
    question: planned.question,
  }));
  const listed = runs.map(({ id, name, status, experiments: names, provenance }) => ({
    id,
    name,
    status,
    experiments: names,
    startedAt: provenance.startedAt,
  }));
  if (flag(options, "json")) {
    process.stdout.write(`${JSON.stringify({ experiments, runs: listed }, null, 2)}\n`);
    return exitCode.done;
  }
  if (runs.length === 0) {
    process.stdout.write("nothing has been run yet; `lab run` runs everything in the project\n");
    return exitCode.done;
  }
  const experimentRows = experiments.map((each) => [
    each.name,
    each.file,
    countWords(each.conditions),
    `${each.replicatesLeast < each.replicates ? `${countWords(each.replicatesLeast)}..` : ""}${countWords(each.replicates)}`,
    each.question ?? "",
  ]);
  process.stdout.write(
    `${textTable(["experiment", "file", "conditions", "replicates", "question"], experimentRows, [2, 3])}\n\n`,
  );
  const runRows = listed.map((run) => [
    run.id,
    run.name ?? "",
    run.status,
    run.startedAt.slice(0, 19).replace("T", " "),
    run.experiments.join(", "),
  ]);
  process.stdout.write(`${textTable(["run", "name", "status", "started", "experiments"], runRows)}\n`);
  return exitCode.done;
};
