// Promise: a trial that was refused or is censored has no measurement and has not failed, and every command says and does the same of it.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Ended, projectOf } from "./project.ts";

const endings = `import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "endings",
  parameters: { way: sweep(WAYS) },
  replicates: replicate(20, { seed: 5 }),
  metrics: { score: metric.number() },
  trial({ parameters, replicate: { index }, censored, refuse }) {
    const way: string = parameters.way;
    if (index % 2 === 1) {
      if (way === "throws") throw new Error("no root in 0..1");
      if (way === "refused") return refuse("no market");
      if (way === "censored") return censored({ metric: "score", bound: 9 });
    }
    return { score: index };
  },
});
`;
const projectWith = (...ways: string[]) =>
  projectOf({ "endings.experiment.ts": endings.replace("WAYS", JSON.stringify(ways)) });

interface Finished {
  readonly type: string;
  readonly run: string;
  readonly status: string;
  readonly done: number;
  readonly unmeasured: number;
  readonly failed: number;
  readonly remaining: number;
}

function finished(ended: Ended): Finished {
  const events = ended.stdout.trim().split("\n");
  return JSON.parse(events.at(-1) ?? "{}") as Finished;
}

test("refused and censored trials stop nothing early, are not drawn again, and end with code 3 as any gap does", () => {
  const project = projectWith("fine", "refused", "censored");
  try {
    const whole = project.lab("run", "-j", "1", "--fail-fast", "--fail-on-error", "0.01");
    assert.is(whole.code, 3, whole.all);
    assert.match(
      whole.stderr,
      /censored: endings \(way=censored; replicate 1\): score is known only to be at least 9/,
    );
    assert.match(
      whole.stderr,
      /complete: 60 run, 0 reused, 20 of these without a measurement \(none failed\)/,
    );
    assert.not.match(whole.stderr, /--retry-errors/, "there is nothing to retry");
    const retried = project.lab("run", "--retry-errors", "--json");
    assert.is(retried.code, 3, retried.all);
    assert.equal(
      [finished(retried).done, finished(retried).unmeasured, finished(retried).failed],
      [0, 20, 0],
      retried.all,
    );
  } finally {
    project.remove();
  }
});

test("a failure is retried when asked, and one word stands for one state in every command", () => {
  const project = projectWith("fine", "throws", "refused", "censored");
  try {
    const fast = project.lab("run", "-j", "1", "--fail-fast", "--json");
    assert.is(finished(fast).status, "stopped", fast.all);
    const few = project.lab("run", "-j", "1", "--fail-on-error", "2", "--json");
    assert.is(finished(few).failed > 2, true, few.all);
    const whole = finished(project.lab("run", "--json"));
    assert.equal([whole.status, whole.unmeasured, whole.failed, whole.remaining], ["complete", 30, 10, 0]);
    const again = project.lab("run", "--json");
    assert.is(again.code, 3, again.all);
    assert.equal(
      [finished(again).run, finished(again).status, finished(again).done],
      [whole.run, "complete", 0],
      "nothing to do: the same run",
    );
    const forced = project.lab("run", "--force", "--quiet");
    assert.is(forced.code, 3, forced.all);
    const retried = project.lab("run", "--retry-errors", "--json");
    assert.equal([finished(retried).done, finished(retried).failed], [10, 10], retried.all);

    for (const { id } of JSON.parse(project.lab("list", "--json").stdout).runs as { id: string }[]) {
      const status = project.lab("status", id);
      assert.match(status.stdout, /^r\S+: complete, started/, status.all);
      assert.match(status.stdout, /unmeasured +│? *failed/, status.all);
    }
    const counts = new Map<string, number>();
    for (const { outcome } of JSON.parse(project.lab("export", "json", "endings").stdout) as {
      outcome: string;
    }[])
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    assert.equal(Object.fromEntries(counts), { measured: 50, failed: 10, refused: 10, censored: 10 });
  } finally {
    project.remove();
  }
});

test.run();
