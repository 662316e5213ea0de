// Promise: `lab logs -f` shows what trials say while they run, all of it once, and ends with the run.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ended, projectOf } from "./project.ts";

const talker = `import { defineExperiment, metric, replicate } from "labwright";
export default defineExperiment({
  name: "talker",
  parameters: { lines: 40 },
  replicates: replicate(2, { seed: 1 }),
  metrics: { said: metric.integer() },
  async trial({ parameters: { lines }, replicate: { index }, log }) {
    for (let line = 0; line < lines; line++) {
      log("line " + line + " of " + index + " é");
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    return { said: lines };
  },
});
`;

test("lines are shown while the run goes on, each once and in order, and the command ends with the run", async () => {
  const project = projectOf({ "talker.experiment.ts": talker });
  try {
    const run = project.start(["run", "-j", "2"]);
    const runEnd = ended(run);
    let isRunOver = false;
    void runEnd.then(() => {
      isRunOver = true;
    });
    // Nothing has been run until the run has begun.
    while (project.lab("list", "--json").stdout.indexOf("talker") < 0 || project.lab("logs").code !== 0)
      await new Promise((resolve) => setTimeout(resolve, 50));
    const follower = project.start(["logs", "-f"]);
    let firstCame: boolean | null = null;
    follower.stdout?.once("data", () => {
      firstCame = !isRunOver;
    });
    const one = project.start(["logs", "--follow", "talker/0/1", "--json"]);
    const [{ stdout, code }, ofOne] = await Promise.all([ended(follower), ended(one)]);
    assert.is((await runEnd).code, 0);
    assert.is(code, 0);
    assert.is(firstCame, true, "the first lines came before the run was over");
    for (const index of [0, 1]) {
      const lines = [...stdout.matchAll(new RegExp(`line (\\d+) of ${index} é$`, "gm"))].map(([, line]) =>
        Number(line),
      );
      assert.equal(
        lines,
        Array.from({ length: 40 }, (_, line) => line),
      );
    }
    const texts = ofOne.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).text);
    assert.is(texts.length, 40);
    assert.ok(texts.every((text) => text.endsWith("of 1 é")));
  } finally {
    project.remove();
  }
});

test.run();
