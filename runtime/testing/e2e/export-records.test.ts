// Promise: a run leaves as the records that other programs keep of experiments: which parameters each id stands for, and how each ended.
import { readdirSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { projectOf } from "./project.ts";

const brew = (
  failing: string,
): string => `import { defineExperiment, metric, replicate, sweep } from "labwright";
import { z } from "zod";
export default defineExperiment({
  name: "brew",
  parameters: { minutes: sweep([1, 3]), leaf: "green" },
  replicates: replicate(2, { seed: 4 }),
  metrics: { taste: metric.number(), kind: metric.category(["mild", "strong"]) },
  series: { sips: z.object({ sip: z.int(), heat: z.number() }) },
  async trial({ parameters: { minutes, leaf }, replicate: { index }, record, artifact }) {
    record("sips", { sip: 1, heat: 90 - minutes });
    await artifact("cup.txt", leaf);
    if (${failing}) throw new Error("the kettle is broken");
    return { taste: minutes + index, kind: minutes > 2 ? "strong" : "mild" };
  },
});
`;

test("a result record says success, partial or failed, with metrics, artifacts and the most frequent error", () => {
  const wanted = { false: "success", "minutes === 3 && index === 1": "partial", true: "failed" };
  for (const [failing, status] of Object.entries(wanted)) {
    const project = projectOf({ "brew.experiment.ts": brew(failing) });
    try {
      project.lab("run");
      const said = project.lab("export", "result-json", "brew");
      assert.is(said.code, 0, said.all);
      const [record] = JSON.parse(said.stdout);
      assert.is(record.status, status);
      assert.is(record.experiment_name, "brew");
      assert.equal(record.config, {
        parameters: { leaf: "green" },
        factors: { minutes: [1, 3] },
        replicates: 2,
        seed: 4,
      });
      assert.is(record.artifacts.length, 4);
      assert.ok(record.execution_time_seconds >= 0 && !Number.isNaN(Date.parse(record.timestamp)));
      if (status === "success") {
        assert.equal(record.metrics.taste, { n: 4, mean: 2.5, min: 1, max: 4 });
        assert.equal(record.metrics.kind, { n: 4, counts: { mild: 2, strong: 2 } });
        assert.is(record.error, null);
      } else assert.match(record.error, /^[14] of 4 trials: failed: .*the kettle is broken/);

      const written = project.lab("export", "result-json", "-o", "results");
      assert.is(written.code, 0, written.all);
      const files = readdirSync(project.path("results"));
      assert.is(files.filter((name) => /^brew_\d{8}_\d{6}\.json$/.test(name)).length, 1, files.join());
      const details = JSON.parse(project.read("results/brew_detailed_results.json"));
      assert.is(details.trials.length, 4);
      assert.equal(details.series.sips[0].values, { sip: 1, heat: 89 });
    } finally {
      project.remove();
    }
  }
});

test("a manifest maps each simulation_id to its parameters, and every id is one that commands take", () => {
  const project = projectOf({ "brew.experiment.ts": brew("minutes === 3 && index === 1") });
  try {
    project.lab("run");
    const lines = project.lab("export", "manifest-jsonl").stdout.trim().split("\n");
    const rows = lines.map((line) => JSON.parse(line));
    assert.equal(
      rows.map(({ experiment, minutes, leaf, replicate, outcome }) => [
        experiment,
        minutes,
        leaf,
        replicate,
        outcome,
      ]),
      [
        ["brew", 1, "green", 0, "measured"],
        ["brew", 3, "green", 0, "measured"],
        ["brew", 1, "green", 1, "measured"],
        ["brew", 3, "green", 1, "failed"],
      ],
    );
    assert.equal(Object.keys(rows[0]).toSorted(), [
      "condition",
      "experiment",
      "leaf",
      "minutes",
      "outcome",
      "replicate",
      "simulation_id",
    ]);
    for (const { simulation_id: id, minutes, replicate } of rows) {
      const shown = project.lab("show", id, "--json");
      assert.is(shown.code, 0, shown.all);
      assert.match(shown.stdout, new RegExp(`"minutes": ${minutes}`));
      assert.match(shown.stdout, new RegExp(`"replicate": ${replicate}`));
    }
    const csv = project.lab("export", "manifest", "brew").stdout.split("\r\n");
    assert.match(csv[0]!, /^simulation_id,/);
    assert.is(csv.filter((line) => line !== "").length, 5);
    const wrong = project.lab("export", "manifst");
    assert.is(wrong.code, 2);
    assert.match(wrong.stderr, /Did you mean manifest\?/);
  } finally {
    project.remove();
  }
});

test.run();
