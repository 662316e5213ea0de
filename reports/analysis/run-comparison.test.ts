// Two runs are held against each other trial by trial, and what only one of them has is counted, not filled in.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { adjustP } from "../../lib/stats/adjust-p.ts";
import { outcomeCodes } from "../../runtime/record/outcome.ts";
import type { TrialTable } from "../../runtime/record/trial-table.ts";
import { patienceTable } from "../testing/synthetic-results.ts";
import { runComparisonOf } from "./run-comparison.ts";

const before = patienceTable({ pairing: "common-random-numbers", analyses: [], replicates: 12 });

/** The same table with another value where `change` says so. */
function changed(
  table: TrialTable,
  change: (value: number, row: number) => number,
  metric = Object.keys(table.metrics)[0]!,
): TrialTable {
  return { ...table, metrics: { ...table.metrics, [metric]: table.metrics[metric]!.map(change) } };
}

test("a run against itself is the same in every trial", () => {
  const { metrics, pairing, onlyBefore, onlyAfter } = runComparisonOf(before, before);
  assert.is(pairing, "paired");
  assert.equal([onlyBefore, onlyAfter], [[], []]);
  for (const { cells, overall } of metrics) {
    assert.ok(cells.length > 1);
    for (const cell of [...cells, overall!]) {
      assert.is(cell.note, "the same in every trial");
      assert.is(cell.same, cell.n);
      assert.is(cell.difference, null);
    }
  }
});

test("differences are of pairs: a paired t interval by hand", () => {
  // Differences 1, 2, 3, ... 12 in every condition: mean 6.5, sd 3.6055512755, t(0.975, 11) = 2.2009851601.
  const after = changed(before, (value, row) => value + before.replicate[row]! + 1);
  const [first] = runComparisonOf(before, after).metrics;
  for (const cell of [...first!.cells, first!.overall!]) {
    assert.is(cell.difference!.n, 12, "pairs: replicates");
    assert.ok(Math.abs(cell.difference!.value - 6.5) < 1e-9);
    assert.ok(
      Math.abs(
        cell.difference!.high - cell.difference!.value - (2.2009851601 * 3.6055512755) / Math.sqrt(12),
      ) < 1e-7,
    );
    assert.ok(cell.p! < 1e-3 && cell.pAdjusted! >= cell.p!);
  }
});

test("trials that one run lacks are counted and left out", () => {
  const outcome = before.outcome.slice();
  for (let row = 0; row < before.rows; row += 1)
    if (before.condition[row] === 0 && before.replicate[row]! < 3) outcome[row] = outcomeCodes.failed;
  const after = { ...changed(before, (value, row) => value + ((row * 7) % 5)), outcome };
  const [first] = runComparisonOf(before, after).metrics;
  assert.equal([first!.cells[0]!.n, first!.cells[0]!.lost], [9, 3]);
  assert.equal([first!.cells[1]!.n, first!.cells[1]!.lost], [12, 0]);
  const { n, lost, difference } = first!.overall!;
  assert.equal([n, lost, difference!.n], [69, 3, 12], "the other conditions of these replicates count");
});

test("overall rows are corrected over metrics, rows by condition over conditions and metrics", () => {
  const names = ["profitGain", "periods"];
  const after = names.reduce(
    (table, name, i) => changed(table, (value, row) => value + 0.01 * (i + 1) * ((row * 7) % 5), name),
    before,
  );
  const { metrics, families } = runComparisonOf(before, after);
  const tested = metrics.filter(({ overall }) => overall!.p !== null);
  assert.equal(
    tested.map(({ metric }) => metric),
    names,
  );
  const holm = (cells: readonly { readonly p: number | null }[]) =>
    adjustP(
      cells.map(({ p }) => p!),
      "holm",
    );
  assert.equal(
    tested.map(({ overall }) => overall!.pAdjusted),
    holm(tested.map(({ overall }) => overall!)),
  );
  const cells = tested.flatMap((metric) => metric.cells);
  assert.is(cells.length, 12);
  assert.equal(
    cells.map(({ pAdjusted }) => pAdjusted),
    holm(cells),
  );
  assert.equal(families, [
    "Holm over the 2 metrics' differences over all conditions",
    "Holm over the 12 differences by condition, of all metrics",
  ]);
});

test("a yes or no outcome is compared as a share, with an answer where all trials of a run end alike", () => {
  const all = (value: number) => changed(before, () => value, "converged");
  const compared = runComparisonOf(all(0), all(1)).metrics.find(({ metric }) => metric === "converged")!;
  assert.is(compared.estimand.levelName, "share");
  assert.ok(compared.overall!.before! < 1e-9 && compared.overall!.after! > 1 - 1e-9);
  for (const cell of [...compared.cells, compared.overall!])
    assert.ok(cell.p! < 0.001, `${cell.p} ${cell.note}`);
});

test("other seeds share no random numbers, so nothing is paired", () => {
  const { experiment } = before;
  const after: TrialTable = {
    ...changed(before, (value) => value + 1),
    experiment: {
      ...experiment,
      replicates: { ...experiment.replicates, seed: experiment.replicates.seed + 1 },
    },
  };
  const comparison = runComparisonOf(before, after);
  assert.is(comparison.pairing, "independent");
  assert.match(comparison.notes[0]!, "Welch");
  const [cell] = comparison.metrics[0]!.cells;
  assert.ok(Math.abs(cell!.difference!.value - 1) < 1e-9);
});

test.run();
