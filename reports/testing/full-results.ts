// Results with one of every analysis, a series and failures in one arm: what the tests of charts, page and exports read.
import { outcomeCodes } from "../../runtime/record/outcome.ts";
import type { RunResults } from "../../runtime/record/trial-table.ts";
import { curveSpec, patienceAnalyses } from "./specs.ts";
import { patienceTable, syntheticResults } from "./synthetic-results.ts";

/** Hostile on purpose: a report must show it as text. */
export const hostileMessage = `Error: <script>alert("no equilibrium")</script> & more`;

export function fullResults(pairing: "independent" | "common-random-numbers"): RunResults {
  const table = patienceTable({
    pairing,
    analyses: [...patienceAnalyses, curveSpec("rounds", "period", "price", { across: "discount" })],
    series: ["rounds"],
    replicates: 20,
    outcome: ({ condition, replicate }) =>
      condition.firms === 3 && replicate % 9 === 4
        ? { code: outcomeCodes.failed, message: hostileMessage }
        : null,
  });
  const rounds = 40;
  const rows = table.rows * rounds;
  const row = Uint32Array.from({ length: rows }, (_, i) => Math.floor(i / rounds));
  const period = Float64Array.from({ length: rows }, (_, i) => 100 * (i % rounds));
  const price = Float64Array.from({ length: rows }, (_, i) => {
    const t = i % rounds;
    const discount = Number(table.conditions[table.condition[row[i]!]!]!.discount);
    return 1.4 + 0.5 * (1 - Math.exp(-t / 12)) * discount + 0.05 * Math.sin(row[i]! * 1.7 + t / 5);
  });
  return syntheticResults([table], {
    "patience/rounds": { name: "rounds", row, columns: { period, price } },
  });
}
