// Writes the latest run in the document's shapes to standard output: `export.ts json`, `export.ts latex`; a second argument names
// another run. Reads what is stored; runs nothing.
import { openResults } from "labwright/results";
import { analyseAsDocument } from "./document-analysis.ts";
import { jsonOf, latexOf } from "./document-export.ts";

const [format, run] = process.argv.slice(2);
if (format !== "json" && format !== "latex") {
  process.stderr.write("usage: export.ts <json|latex> [run]\n");
  process.exit(2);
}
try {
  const results = await openResults(".", run);
  const groups: Record<string, number[]> = {};
  for (const { parameters, metrics } of results.experiment("input-representation").rows({ measured: true })) {
    // The experiment's own definition: networkType is text, winRate a number that every measured trial has.
    const name = parameters.networkType as string;
    groups[name] = [...(groups[name] ?? []), metrics.winRate as number];
  }
  const analysis = analyseAsDocument(groups);
  process.stdout.write(
    format === "json" ? jsonOf(analysis, results.provenance.startedAt) : latexOf(analysis),
  );
} catch (error) {
  if (!(error instanceof Error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
}
