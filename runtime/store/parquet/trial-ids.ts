// The column `trial`: ids that commands take. A hash a row would take two thirds of a compaction and most of its file, so what is
// stored are the parts of the ids, a row a condition, and a query that asks for the column pays for it.
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Replicates } from "../../../lib/experiment/definition.ts";
import { idDigits, replicateKeyOf } from "../../plan/trial-id.ts";
import { quotedText } from "./duck.ts";

/** The file of the parts, beside trials.parquet. */
export const idPartsFile = "ids.parquet";

/** Writes the parts from the table `conditions`. */
export async function writeIdParts(connection: DuckDBConnection, folder: string): Promise<void> {
  await connection.run(
    `COPY (SELECT lab_condition, lab_before, lab_after FROM conditions ORDER BY lab_condition) TO ${quotedText(join(folder, idPartsFile))} (FORMAT parquet, COMPRESSION zstd)`,
  );
}

/** SQL of the id of a trial: `trials` and `parts` name the two tables in a query that joins them. */
export function trialIdSql(replicates: Replicates, trials: string, parts: string): string {
  const replicate = `${trials}.replicate`;
  const plain = `'replicate ' || ${replicate}`;
  const keys = (replicates.seeds ?? []).map((_, index) => quotedText(replicateKeyOf(replicates, index)));
  const key =
    keys.length === 0 ? plain : `coalesce(list_extract([${keys.join(", ")}], ${replicate} + 1), ${plain})`;
  return `substr(sha256(concat(${parts}.lab_before, ${key}, ${parts}.lab_after)), 1, ${idDigits})`;
}
