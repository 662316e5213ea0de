// Promise: a stage records its learning curves, and they are read wherever a trial's series are: by query, export, report and in code.
import { readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { projectOf } from "./project.ts";

const learner = `import { defineExperiment, metric, replicate, sweep } from "labwright";
import { z } from "zod";

export default defineExperiment({
  name: "learner",
  parameters: { rate: sweep([0.1, 0.5]), test: sweep(["easy", "hard"]) },
  replicates: replicate(6, { seed: 4 }),
  metrics: { score: metric.number() },
  series: { losses: z.object({ epoch: z.int(), loss: z.number() }) },
  stages: ({ stage }) => {
    const train = stage({
      per: "replicate",
      uses: ["rate"],
      run({ parameters, random, record, artifact, log }) {
        let loss = 1 + 0.01 * random.float();
        for (let epoch = 0; epoch < 20; epoch++) {
          loss *= 1 - parameters.rate;
          record("losses", { epoch, loss });
        }
        artifact("weights.txt", "loss " + loss);
        log("trained");
        return { loss };
      },
    });
    return { train };
  },
  trial: ({ parameters, inputs }) => ({ score: inputs.train.loss * (parameters.test === "hard" ? 2 : 1) }),
  analyses: ({ curve }) => [
    curve("losses", { x: "epoch", y: "loss", across: "rate", name: "by rate" }),
    curve("losses", { x: "epoch", y: "loss", across: "test", name: "by test" }),
  ],
});
`;

test("rows that a stage records are the stage's, once a unit, in every reader", () => {
  const project = projectOf({ "learner.experiment.ts": learner });
  try {
    const built = project.lab("build");
    assert.is(built.code, 0, built.all);
    assert.not.match(built.all, /unrecorded-series/);
    const run = project.lab("run", "-j", "2", "--quiet");
    assert.is(run.code, 0, run.all);

    // 2 rates x 6 replicates x 20 epochs: each unit of train serves two trials and is counted once.
    const counted = project.lab(
      "query",
      "SELECT stage, rate, count(*) AS n, count(DISTINCT (condition, replicate, position)) AS apart, count(test) AS tests, max(loss) AS most FROM series_losses GROUP BY ALL ORDER BY rate",
      "--format",
      "json",
    );
    assert.is(counted.code, 0, counted.all);
    const rows = JSON.parse(counted.stdout) as Record<string, unknown>[];
    assert.equal(
      rows.map(({ stage, rate, n, apart, tests }) => [stage, rate, Number(n), Number(apart), Number(tests)]),
      [
        ["train", 0.1, 120, 120, 0],
        ["train", 0.5, 120, 120, 0],
      ],
    );

    const exported = project.lab("export", "json", "learner", "--series", "losses");
    assert.is(exported.code, 0, exported.all);
    const lines = JSON.parse(exported.stdout) as {
      rate: number;
      test: unknown;
      epoch: number;
      stage: string;
    }[];
    assert.is(lines.length, 240);
    assert.equal(
      lines.slice(0, 20).map(({ epoch }) => epoch),
      [...Array(20).keys()],
    );
    assert.ok(lines.every(({ stage, test: level }) => stage === "train" && level === null));

    const artifacts = project.lab("artifacts", "--json");
    assert.is(artifacts.all.match(/weights\.txt/g)?.length, 12, artifacts.all);

    const report = project.lab("report", "--format", "json", "--output-dir", "out");
    assert.is(report.code, 0, report.all);
    const file = readdirSync(project.path("out")).find((name) => name.endsWith(".json")) ?? "";
    const text = readFileSync(project.path("out", file), "utf8");
    // Six units of the stage a rate, though twelve trials draw on them.
    const curve = text.slice(text.indexOf('"kind": "curve"'));
    assert.match(curve, /^"kind": "curve"/);
    assert.is(/"n": (\d+)/.exec(curve)?.[1], "6");
    assert.match(text, /recorded by the stage train, which does not use test/);
  } finally {
    project.remove();
  }
});

test.run();
