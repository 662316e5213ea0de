// The tables of custom analyses as CSV files, one each, at full precision, under the names of their columns.
import type { Analysis } from "../analysis/analysis.ts";
import { shortId } from "../design/short-id.ts";
import { fieldOf } from "./csv.ts";

/** File names and contents, RFC 4180 with a header; a table without rows has its header. */
export function customCsvsOf({
  experiments,
}: Analysis): readonly { readonly name: string; readonly content: string }[] {
  const taken = new Set<string>();
  return experiments.flatMap(({ name: experiment, findings }) =>
    findings.flatMap((finding) =>
      finding.kind !== "custom"
        ? []
        : finding.tables.map(({ columns, rows }, i) => {
            const own = `${experiment}-${finding.id}${i === 0 ? "" : `-${i + 1}`}`;
            const name = shortId(own.toLowerCase().replace(/[^a-z0-9]+/g, "-"), taken);
            taken.add(name);
            const lines = [columns.map((column) => column.name), ...rows];
            return {
              name: `${name}.csv`,
              content: `${lines.map((line) => line.map(fieldOf).join(",")).join("\n")}\n`,
            };
          }),
    ),
  );
}
