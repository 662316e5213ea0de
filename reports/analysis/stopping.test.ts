// The report states the rule, why it stopped and what the intervals promise, in the numbers that the run recorded.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { StoppingOutcome } from "../../runtime/record/stopping-outcome.ts";
import { markdownOf } from "../export/markdown.ts";
import { pageOf } from "../page/page.ts";
import { compareSpec } from "../testing/specs.ts";
import { patienceTable, syntheticResults } from "../testing/synthetic-results.ts";
import { analyze } from "./analyze.ts";
import { shareText, stoppingSummaryOf } from "./stopping.ts";

const outcome: StoppingOutcome = {
  rule: {
    metric: "profitGain",
    goal: { kind: "half-width", halfWidth: 0.05 },
    confidence: 0.95,
    min: 10,
    max: 500,
  },
  replicates: 20,
  reason: "met",
  method: "empirical-Bernstein confidence sequence for values in [0, 1]",
  guarantee: "non-asymptotic",
  level: 0.975,
  intervals: [
    { label: "discount = 0", n: 20, mean: 0.25, low: 0.21, high: 0.29, isSettled: true },
    { label: "discount = 0.95", n: 19, mean: 0.8125, low: 0.775, high: 0.85, isSettled: true },
  ],
};

test("the rule, its end and its promise are said; nothing is said of a fixed number", () => {
  assert.is(stoppingSummaryOf(undefined), null);
  const [rule, end, promise] = stoppingSummaryOf(outcome)!.sentences;
  assert.is(
    rule,
    "The number of replicates was not fixed: replicates were added, from 10 to at most 500, until the mean of profitGain in every condition was known to plus or minus 0.05.",
  );
  assert.is(end, "That was so after 20 complete replicates, and no more were counted.");
  assert.match(
    promise!,
    "each at 97.5% (Bonferroni over 2); their joint coverage of 95% holds at every number",
  );
  const asymptotic = stoppingSummaryOf({ ...outcome, guarantee: "asymptotic" })!;
  assert.match(asymptotic.sentences[2]!, "(asymptotic), not exactly");
});

test("a run that reached its largest number, or ended before, says what is open", () => {
  const [settled, other] = outcome.intervals;
  const intervals = [settled!, { ...other!, isSettled: false }];
  const at = (reason: StoppingOutcome["reason"]) =>
    stoppingSummaryOf({ ...outcome, reason, intervals })!.sentences[1]!;
  assert.is(at("max"), "It was not so after the largest number of 500: 1 of 2 intervals are still open.");
  assert.match(at("open"), "The run ended before that, after 20 complete replicates");
});

test("page and Markdown show the rule and each interval; the design says how many replicates counted", async () => {
  const table = patienceTable({ pairing: "independent", analyses: [], replicates: 20 });
  const stopped = { ...table, experiment: { ...table.experiment, stopping: outcome } };
  const analysis = await analyze(syntheticResults([stopped]));
  assert.is(analysis.experiments[0]!.design.replicates, 20);
  const page = pageOf(analysis, []);
  for (const text of ["When to stop", "97.5% interval at all looks", "[0.775, 0.850]", "discount = 0.95"])
    assert.ok(page.includes(text), text);
  const markdown = markdownOf(analysis, []);
  assert.match(markdown, "until the mean of profitGain in every condition");
  assert.match(markdown, "| discount = 0.95 | 19 |");
});

test("tables by condition show an interval that holds at the stop, and other findings say that theirs does not", async () => {
  const table = patienceTable({
    pairing: "independent",
    analyses: [compareSpec("profitGain", "discount")],
    replicates: 40,
  });
  const stopped = { ...table, experiment: { ...table.experiment, stopping: outcome } };
  const [fixed] = (await analyze(syntheticResults([table]))).experiments;
  const [adaptive] = (await analyze(syntheticResults([stopped]))).experiments;
  for (const [place, metric] of adaptive!.metrics.entries())
    for (const [at, cell] of metric.cells.entries()) {
      const plain = fixed!.metrics[place]!.cells[at]!;
      assert.match(cell.interval!.method, "it holds wherever the run stopped");
      const width = (of: typeof cell) => of.interval!.high - of.interval!.low;
      assert.ok(width(cell) > width(plain), metric.name);
    }
  assert.ok(adaptive!.findings[0]!.notes.some((note) => note.startsWith("The data decided how many")));
  assert.not(fixed!.findings[0]!.notes.some((note) => note.startsWith("The data decided how many")));
  // Without a range nothing holds before 30 values, and the table says so.
  const few = patienceTable({ pairing: "independent", analyses: [], replicates: 20 });
  const [early] = (
    await analyze(syntheticResults([{ ...few, experiment: { ...few.experiment, stopping: outcome } }]))
  ).experiments;
  const periods = early!.metrics.find(({ name }) => name === "periods")!;
  assert.is(periods.cells[0]!.interval, null);
  assert.match(periods.cells[0]!.note!, "an interval that holds at the stop needs 30 values that differ");
});

test("shares keep their digits and no others", () => {
  assert.equal([0.95, 0.975, 0.9875, 1 - 0.05 / 300].map(shareText), ["95%", "97.5%", "98.75%", "99.9833%"]);
});

test.run();
