// A declared block or cluster counts beside the replicates that all trials share: against the two-way table, worked here by hand.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { studentTTwoSided } from "../../../../lib/stats/distribution/student-t.ts";
import { outcomeCodes } from "../../../../runtime/record/outcome.ts";
import { compareSpec, effectSpec } from "../../../testing/specs.ts";
import {
  numberMetric,
  type SyntheticOptions,
  syntheticResults,
  syntheticTable,
} from "../../../testing/synthetic-results.ts";
import { analyze } from "../../analyze.ts";
import type { ComparisonFinding } from "../../finding.ts";

const near = (actual: number, expected: number, tolerance = 1e-9) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

const tableOf = (options: Partial<SyntheticOptions>) =>
  syntheticTable({
    factors: { level: [0, 1], market: [1, 2, 3, 4] },
    replicates: 6,
    pairing: "common-random-numbers",
    metrics: { m: numberMetric() },
    analyses: [compareSpec("m", "level", { block: "market" }), effectSpec("m", "level", { block: "market" })],
    value: ({ condition, replicate, noise, replicateNoise }) =>
      5 * replicateNoise +
      Number(condition.market) +
      Number(condition.level) *
        (1 + 0.6 * Math.sin(9 * replicate) + 0.7 * Math.cos(5 * Number(condition.market))) +
      0.3 * noise,
    ...options,
  });

const findingsOf = async (table: ReturnType<typeof tableOf>) =>
  (await analyze(syntheticResults([table]))).experiments[0]!.findings as readonly ComparisonFinding[];

test("the error of a difference is that of blocks plus that of replicates less what both hold", async () => {
  const table = tableOf({});
  const [finding] = await findingsOf(table);
  // d[market][replicate] of the complete table; rows are replicate-major, market fastest within a level.
  const at = (level: number, market: number, replicate: number) =>
    table.metrics.m![replicate * 8 + level * 4 + market]!;
  const d = [0, 1, 2, 3].map((market) =>
    [0, 1, 2, 3, 4, 5].map((replicate) => at(1, market, replicate) - at(0, market, replicate)),
  );
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const square = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1);
  const rows = d.map(mean);
  const columns = [0, 1, 2, 3, 4, 5].map((replicate) => mean(d.map((row) => row[replicate]!)));
  const centre = mean(rows);
  let left = 0;
  for (const [i, row] of d.entries())
    for (const [j, value] of row.entries()) left += (value - rows[i]! - columns[j]! + centre) ** 2;
  const parts = [square(rows) / 4, square(columns) / 6, left / 15 / 24] as const;
  const variance = parts[0] + parts[1] - parts[2];
  assert.ok(variance > Math.max(parts[0], parts[1]));
  const df = variance ** 2 / (parts[0] ** 2 / 3 + parts[1] ** 2 / 5 + parts[2] ** 2 / 15);
  const [comparison] = finding!.comparisons;
  near(comparison!.difference!, centre);
  near(comparison!.test!.statistic, centre / Math.sqrt(variance));
  near(comparison!.test!.df[0]!, df);
  near(comparison!.test!.p, studentTTwoSided(centre / Math.sqrt(variance), df));
  assert.equal([comparison!.nLevel, finding!.unit], [4, "market"]);
  assert.match(finding!.reason, /share luck by replicate, and, as declared, by market/);
});

test("for two levels the joint test is the square of the pair's", async () => {
  const [compared, effect] = await findingsOf(tableOf({}));
  near(effect!.overall!.statistic, compared!.comparisons[0]!.test!.statistic ** 2);
  near(effect!.overall!.p, compared!.comparisons[0]!.test!.p);
});

test("more replicates do not make up for few blocks, nor the other way round", async () => {
  const widthOf = async (options: Partial<SyntheticOptions>) => {
    const { low, high } = (await findingsOf(tableOf(options)))[0]!.comparisons[0]!.interval!;
    return high - low;
  };
  const [few, many] = [await widthOf({ replicates: 6 }), await widthOf({ replicates: 200 })];
  assert.ok(many > few / 2, `${few} with 6 replicates, ${many} with 200`);
});

test("a failed trial leaves the rest of its block and replicate in", async () => {
  const lost = { code: outcomeCodes.failed, message: "lost" };
  const [whole] = await findingsOf(tableOf({}));
  const [finding] = await findingsOf(
    tableOf({
      outcome: ({ condition, replicate }) =>
        condition.level === 1 && condition.market === 2 && replicate === 3 ? lost : null,
    }),
  );
  const [before, after] = [whole!.comparisons[0]!, finding!.comparisons[0]!];
  assert.is(after.nLevel, 4);
  assert.ok(Math.abs(after.difference! - before.difference!) < 0.2);
});

test("a difference that is the same in every block and replicate but for rounding has no test", async () => {
  const [finding] = await findingsOf(
    tableOf({
      value: ({ condition, replicateNoise }) =>
        0.1 * Number(condition.level) + Number(condition.market) / 3 + 5 * replicateNoise,
    }),
  );
  const [comparison] = finding!.comparisons;
  assert.is(comparison!.test, null);
  assert.match(comparison!.note!, /neither blocks nor replicates vary/);
});

test("two blocks are two pairs, and the finding says what that means", async () => {
  const [finding] = await findingsOf(tableOf({ factors: { level: [0, 1], market: [1, 2] } }));
  assert.match(finding!.notes.join(" "), /The 2 levels of market are 2 pairs: one degree of freedom/);
});

test.run();
