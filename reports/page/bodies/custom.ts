// Under a custom analysis: the table that the author's own function gave.
import type { CustomFinding } from "../../analysis/finding.ts";
import { numberText } from "../../analysis/words/number-text.ts";
import { dataTable } from "../data-table.ts";
import type { Html } from "../html.ts";

type Row = CustomFinding["rows"][number];

export function customBody(finding: CustomFinding): Html | null {
  if (finding.rows.length === 0) return null;
  return dataTable<Row>({
    caption: "What the author's own function gave.",
    name: finding.title,
    rows: finding.rows,
    columns: finding.columns.map((head, i) => ({
      head,
      isNumber: finding.rows.every((row) => typeof row[i] !== "string"),
      show: (row: Row) => {
        const value = row[i] ?? null;
        return typeof value === "string" ? value : numberText(value);
      },
    })),
  });
}
