// `lab query "select ..."`: SQL over the trials and series of a run, or over a PostgreSQL that many push to.
import { UserError } from "../../diagnostic/user-error.ts";
import { openStore } from "../../store/project-store.ts";
import { type QueryAnswer, queryRun } from "../../store/sql/query.ts";
import type { CommandHandler, OptionValues } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { foundRun } from "../found-run.ts";
import { flag, projectRoot, text } from "../options.ts";
import { sayStoreProblems } from "../store-warnings.ts";
import { csvLine } from "../terminal/csv-line.ts";
import { hideArguments } from "../terminal/hidden-arguments.ts";
import { textTable } from "../terminal/text-table.ts";

export const handle: CommandHandler = async ([sql = ""], options) => {
  const from = text(options, "from");
  const { columns, rows } = from === null ? await ofRun(sql, options) : await ofServer(from, sql, options);
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
  return exitCode.done;
};

async function ofRun(sql: string, options: OptionValues): Promise<QueryAnswer> {
  const store = openStore(projectRoot(options));
  const run = await foundRun(store, text(options, "run"));
  const answer = await queryRun({ store, run, sql });
  sayStoreProblems(store);
  return answer;
}

async function ofServer(address: string, sql: string, options: OptionValues): Promise<QueryAnswer> {
  hideArguments("query");
  if (text(options, "run") !== null)
    throw new UserError("--run names a run here, and --from asks a server", {
      hint: 'Choose it in SQL: where run = "r0001-...".',
    });
  const { queryPostgres } = await import("../../store/postgres/query-postgres.ts");
  return queryPostgres(address, sql);
}
