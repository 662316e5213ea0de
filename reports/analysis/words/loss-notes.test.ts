// Trials that ended without a value are told at the comparison that lacks them, also where levels lost equal shares.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { outcomeCodes } from "../../../runtime/record/outcome.ts";
import { compareSpec } from "../../testing/specs.ts";
import {
  numberMetric,
  type SyntheticOptions,
  syntheticResults,
  syntheticTable,
} from "../../testing/synthetic-results.ts";
import { analyze } from "../analyze.ts";

const notesOf = async (outcome: NonNullable<SyntheticOptions["outcome"]>) => {
  const table = syntheticTable({
    factors: { arm: ["old", "new"], market: ["calm", "wild"] },
    replicates: 40,
    metrics: { y: numberMetric() },
    analyses: [compareSpec("y", "arm")],
    outcome,
    value: ({ noise }) => noise,
  });
  return (await analyze(syntheticResults([table]))).experiments[0]!.findings[0]!.notes.join(" ");
};
const failed = (message: string) => ({ code: outcomeCodes.failed, message });

test("equal shares lost for opposite reasons are no comfort, and the finding says so", async () => {
  const notes = await notesOf(({ condition, replicate }) =>
    replicate % 4 !== 0 ? null : failed(condition.arm === "old" ? "too high" : "too low"),
  );
  assert.match(notes, /40 of 160 trials that ran have no value of y \(old: 20 of 80; new: 20 of 80\)/);
  assert.match(notes, /also when levels lost equal shares/);
  assert.match(notes, /unlike reasons: old mostly "too high", new mostly "too low"/);
});

test("losses that depend on another factor differently by level are named there", async () => {
  const notes = await notesOf(({ condition, replicate }) => {
    const isHit = (condition.arm === "old") === (condition.market === "calm");
    return isHit && replicate % 2 === 0 ? failed("lost") : null;
  });
  assert.match(notes, /depends on market: at market = calm, old lost 20 of 40 and new 0 of 40/);
  assert.match(notes, /compared within each market/);
});

test("nothing lost, nothing said", async () => {
  assert.not.match(await notesOf(() => null), /lost|no value/);
});

test.run();
