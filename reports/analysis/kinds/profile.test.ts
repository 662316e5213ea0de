// A profile follows the metric's direction, and says how sure it is of every number, however few the runs.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ProfileSpec } from "../../../lib/experiment/analysis-spec.ts";
import { profileSpec } from "../../testing/specs.ts";
import { numberMetric, syntheticResults, syntheticTable } from "../../testing/synthetic-results.ts";
import { analyze } from "../analyze.ts";
import type { ProfileFinding } from "../finding.ts";

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);

/** Four tasks, three runs: `good` loses about 0.2, `bad` about 0.8 (of 1); with sign -1 the same as gains from -1 to 0. */
async function profileOf(sign: 1 | -1, options: Partial<ProfileSpec> = {}): Promise<ProfileFinding> {
  const table = syntheticTable({
    factors: { algorithm: ["good", "bad"], task: [1, 2, 3, 4] },
    replicates: 3,
    metrics: {
      y: numberMetric(
        sign === 1 ? { range: [0, 1], direction: "minimize" } : { range: [-1, 0], direction: "maximize" },
      ),
    },
    value: ({ condition, noise }) => {
      const loss =
        (condition.algorithm === "good" ? 0.2 : 0.8) + 0.01 * Number(condition.task) + 0.03 * noise;
      return sign * Math.min(1, Math.max(0, loss));
    },
    analyses: [profileSpec("y", "algorithm", ["task"], options)],
  });
  const [finding] = (await analyze(syntheticResults([table]))).experiments[0]!.findings;
  assert.is(finding!.kind, "profile");
  return finding as ProfileFinding;
}

test("minimising a loss and maximising its negative say the same", async () => {
  const loss = await profileOf(1);
  const gain = await profileOf(-1);
  assert.equal([loss.better, gain.better], ["lower", "higher"]);
  assert.equal([loss.target, gain.target], [0, 0]);
  loss.groups.forEach((group, i) => {
    const other = gain.groups[i]!;
    near(group.iqm, -other.iqm);
    near(group.iqmInterval!.low, -other.iqmInterval!.high);
    near(group.optimalityGap!, other.optimalityGap!);
    near(group.optimalityGapInterval!.high, other.optimalityGapInterval!.high);
    group.profile.forEach((point, at) => {
      const mirrored = other.profile[other.profile.length - 1 - at]!;
      near(point.score, -mirrored.score);
    });
  });
  const [good, bad] = loss.groups;
  assert.ok(
    good!.optimalityGap! < 0.3 && bad!.optimalityGap! > 0.7,
    "the better algorithm has the smaller gap",
  );
  near(loss.improvement[0]!.probability, gain.improvement[0]!.probability);
});

test("scores of a minimised metric are normalised so that the low end is best", async () => {
  const { groups, target, better } = await profileOf(1, { normalise: { low: 0, high: 1 } });
  assert.equal([better, target], ["higher", 1]);
  assert.ok(groups[0]!.iqm > 0.7 && groups[1]!.iqm < 0.3);
  assert.ok(groups[0]!.optimalityGap! < groups[1]!.optimalityGap!);
});

test("a probability of 0 has an interval, in words too", async () => {
  const finding = await profileOf(1);
  const [entry] = finding.improvement;
  assert.equal([entry!.level, entry!.baseline, entry!.probability], ["bad", "good", 0]);
  assert.is(entry!.interval!.low, 0);
  assert.ok(entry!.interval!.high > 0.05 && entry!.interval!.high < 0.4, String(entry!.interval!.high));
  assert.match(
    finding.sentences.join(" "),
    /P\(bad scores below good\) = 0[.0]* \[0[.0]*, 0\.\d+\], lower being better\./,
  );
});

test("without a declared direction higher is taken as better, and the page says so", async () => {
  const table = syntheticTable({
    factors: { algorithm: ["a", "b"], task: [1, 2] },
    replicates: 3,
    metrics: { y: numberMetric() },
    value: ({ noise }) => noise,
    analyses: [profileSpec("y", "algorithm", ["task"])],
  });
  const [finding] = (await analyze(syntheticResults([table]))).experiments[0]!.findings;
  assert.match(finding!.notes.join(" "), "y declares no direction; higher scores are taken as better");
});

test.run();
