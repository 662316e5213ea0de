// Promise: whatever a trial does to itself, every other trial comes out as if it had not, and you are told how to replay it.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { projectOf } from "./project.ts";
import { troubled } from "./sample-experiments.ts";

interface Row {
  readonly mode: string;
  readonly replicate: number;
  readonly outcome: string;
  readonly reason: string | null;
  readonly value: number | null;
}

test("a throw, a hang, an exit, a native crash and a memory hog each become one failed record", () => {
  const project = projectOf({ "troubled.experiment.ts": troubled });
  try {
    const run = project.lab("run", "-j", "2", "--timeout", "3s", "--memory", "96MB");
    assert.is(run.code, 3, run.all);
    assert.match(run.stderr, /lab run --trial [0-9a-f]+ --inline/);
    assert.match(run.stderr, /the model diverged/);
    const exported = project.lab("export", "json", "troubled");
    assert.is(exported.code, 0, exported.all);
    const rows = JSON.parse(exported.stdout) as Row[];
    assert.is(rows.length, 27);
    const outcomes = Object.fromEntries(
      rows.filter((row) => row.replicate === 1).map((row) => [row.mode, row.reason ?? row.outcome]),
    );
    assert.equal(outcomes, {
      fine: "measured",
      throws: "thrown",
      hangs: "time-out",
      exits: "crash",
      segfaults: "crash",
      hoards: "memory",
      "not-a-number": "invalid-metric",
      refuses: outcomes.refuses,
      censors: "censored",
    });
    assert.is(rows.find((row) => row.mode === "refuses" && row.replicate === 1)!.outcome, "refused");
    for (const row of rows.filter((each) => each.replicate !== 1))
      assert.is(row.outcome, "measured", JSON.stringify(row));

    const calm = projectOf({
      "troubled.experiment.ts": troubled.replace("replicate.index === 1 ?", "replicate.index === 9 ?"),
    });
    try {
      assert.is(calm.lab("run", "--quiet").code, 0);
      const undisturbed = JSON.parse(calm.lab("export", "json", "troubled").stdout) as Row[];
      for (const row of rows.filter((each) => each.outcome === "measured")) {
        const same = undisturbed.find((each) => each.mode === row.mode && each.replicate === row.replicate)!;
        assert.is(row.value, same.value, `${row.mode} ${row.replicate}`);
      }
    } finally {
      calm.remove();
    }
  } finally {
    project.remove();
  }
});

test("failed trials stay failed until asked; --fail-fast and --fail-on-error stop early", () => {
  const one = troubled
    .replace(/sweep\(\[.*\]\)/, 'sweep(["throws", "fine"])')
    .replace("replicate(3", "replicate(50");
  const project = projectOf({
    "troubled.experiment.ts": one.replace("replicate.index === 1 ?", "replicate.index < 20 ?"),
  });
  try {
    const fast = project.lab("run", "-j", "1", "--fail-fast");
    assert.is(fast.code, 3, fast.all);
    const few = project.lab("run", "-j", "1", "--fail-on-error", "0.1");
    assert.is(few.code, 3, few.all);
    const whole = project.lab("run", "--quiet");
    assert.is(whole.code, 3, whole.all);
    const again = project.lab("run", "--json");
    assert.is(again.code, 3, again.all);
    assert.not.match(again.stdout, /"type":"trial-ended"/, "recorded failures are not drawn again");
    const retried = project.lab("run", "--retry-errors", "--json");
    assert.match(retried.stdout, /"type":"trial-ended"/);
  } finally {
    project.remove();
  }
});

test.run();
