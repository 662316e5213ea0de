// Under a custom analysis: the tables that the author's own function gave.
import type { CustomFinding, FoundTable } from "../../analysis/finding.ts";
import { numberText } from "../../analysis/words/number-text.ts";
import { dataTable } from "../data-table.ts";
import { type Html, html } from "../html.ts";

type Row = FoundTable["rows"][number];

export function customBody({ tables }: CustomFinding): Html | null {
  const shown = tables.filter(({ rows }) => rows.length > 0);
  return shown.length === 0 ? null : html`${shown.map(tableOf)}`;
}

function tableOf({ title, columns, rows }: FoundTable): Html {
  return dataTable<Row>({
    caption: `${title}: what the author's own function gave.`,
    name: title,
    rows,
    columns: columns.map(({ head, isNumber, decimals }, i) => ({
      head,
      isNumber,
      show: (row: Row) => {
        const value = row[i] ?? null;
        return typeof value === "string" ? value : numberText(value, decimals);
      },
    })),
  });
}
