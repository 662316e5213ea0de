// `lab query "select ..."`: SQL over the trials and series of a run.
import { openStore } from "../../store/project-store.ts";
import { queryRun } from "../../store/sql/query.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { foundRun } from "../found-run.ts";
import { flag, projectRoot, text } from "../options.ts";
import { sayStoreProblems } from "../store-warnings.ts";
import { csvLine } from "../terminal/csv-line.ts";
import { textTable } from "../terminal/text-table.ts";

export const handle: CommandHandler = async ([sql = ""], options) => {
  const store = openStore(projectRoot(options));
  const run = await foundRun(store, text(options, "run"));
  const { columns, rows } = await queryRun({ store, run, sql });
  const names = columns.map(({ name }) => name);
  const format = flag(options, "json") ? "json" : (text(options, "format") ?? "table");
  if (format === "json") {
    const objects = rows.map((row) =>
      Object.fromEntries(names.map((name, column) => [name, row[column] ?? null])),
    );
    process.stdout.write(`${JSON.stringify(objects, null, 2)}\n`);
  } else if (format === "csv") {
    for (const row of [names, ...rows]) process.stdout.write(csvLine(row));
  } else {
    const numeric = columns.flatMap(({ type }, column) =>
      /INT|DOUBLE|FLOAT|DECIMAL/.test(type) ? [column] : [],
    );
    process.stdout.write(`${textTable(names, rows, numeric)}\n`);
  }
  sayStoreProblems(store);
  return exitCode.done;
};
