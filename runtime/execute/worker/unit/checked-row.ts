// A row of a series as it is recorded: checked against its schema, and copied, so that what the author changes later is not recorded.
import type { ExperimentDefinition } from "../../../../lib/experiment/definition.ts";
import { jsonCopyOf, NotJsonData } from "../../../record/json-data.ts";
import { isA } from "./unit-failure.ts";

export type Row = Readonly<Record<string, unknown>>;
export type Schema<T> = { parse(value: unknown): T };

/** The row after its schema. Throws what `fail` makes of the words for a row that cannot be recorded. */
export function checkedRow(
  { series: schemas, name: experiment }: ExperimentDefinition,
  of: { readonly series: string; readonly row: Row; readonly fail: (words: string) => Error },
): Row {
  const { series, row, fail } = of;
  const schema = Object.hasOwn(schemas, series) ? schemas[series] : undefined;
  if (schema === undefined) {
    const known = Object.keys(schemas).map((each) => `\`${each}\``);
    throw fail(`there is no series \`${series}\` in ${experiment}; expected ${known.join(" or ") || "none"}`);
  }
  const checked = schema.safeParse(row);
  if (!checked.success) {
    const issue = checked.error.issues[0];
    const field = issue === undefined || issue.path.length === 0 ? "the row" : `\`${issue.path.join(".")}\``;
    throw fail(`a row of series \`${series}\`: ${field}: ${issue?.message ?? "is not valid"}`);
  }
  try {
    // A series' schema describes an object, and what is copied is JSON.
    return jsonCopyOf(checked.data, "") as Row;
  } catch (error) {
    if (!isA(error, NotJsonData)) throw error;
    throw fail(`a row of series \`${series}\`: ${error.message}`);
  }
}
