// Who answered the players: where a scripted server did, the report has to say that it holds nothing about language models.
import type { CustomResult, CustomRow } from "labwright";

export function whoAnswered(rows: readonly CustomRow[]): CustomResult {
  const measured = rows.filter(({ metrics }) => metrics !== null);
  const scripted = measured.filter((row) => Number(row.metrics?.scripted) > 0);
  const sentence =
    scripted.length === 0
      ? `No scripted server answered in any of ${measured.length} trials.`
      : `scripted: a scripted server answered in ${scripted.length} of ${measured.length} trials. These moves are a rule's and say nothing about language models.`;
  return { sentence, tables: [] };
}
