// Promise: what a key in the environment unlocks is not written down: neither logs nor failures keep it, and files that trials leave
// are copied under names that no file system refuses.
import { readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ended, projectOf } from "./project.ts";

const leaky = `import { defineExperiment, metric, replicate } from "labwright";
export default defineExperiment({
  name: "leaky",
  parameters: { tries: 2 },
  replicates: replicate(2, { seed: 1 }),
  metrics: { value: metric.number() },
  trial({ parameters, replicate, log, artifact }) {
    // lab-allow process-env-in-trial: the test wants to see the key
    const key = process.env.SERVICE_API_KEY ?? "";
    log("calling with " + key);
    console.log("printed " + key);
    artifact("../../up.txt", "1");
    artifact("nul\\u0000 and\\nline", "2");
    artifact("..", "3");
    artifact("", "4");
    artifact("a/b", "5");
    artifact("a_b", "6");
    artifact("x".repeat(400), "7");
    artifact("a", "8");
    artifact("a/".repeat(400), "9");
    if (replicate.index === 1) throw new Error("refused " + key);
    return { value: parameters.tries };
  },
});
`;

test("values of secret variables reach neither logs nor records nor the terminal", async () => {
  const project = projectOf({ "leaky.experiment.ts": leaky });
  try {
    const key = "plain-looking-key-0123";
    const run = await ended(project.start(["run"], { SERVICE_API_KEY: key }));
    assert.is(run.code, 3, run.all);
    assert.not.match(run.all, key);
    assert.match(run.all, /refused \[redacted\]/);
    const logs = project.lab("logs", "leaky/0/0").stdout;
    assert.match(logs, /calling with \[redacted\]/);
    assert.match(logs, /printed \[redacted\]/);
    for (const name of readdirSync(project.path(".lab"), { recursive: true, withFileTypes: true }))
      if (name.isFile())
        assert.not.ok(
          readFileSync(`${name.parentPath}/${name.name}`).includes(key),
          `${name.parentPath}/${name.name} holds the key`,
        );

    const copied = project.lab("artifacts", "leaky/0/0", "-o", "out");
    assert.is(copied.code, 0, copied.all);
    const [trial] = readdirSync(project.path("out"));
    const contents = readdirSync(project.path("out", trial!), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => readFileSync(`${parentPath}/${name}`, "utf8"));
    assert.is(contents.sort().join(""), "123456789", "no file replaces another, and none leads elsewhere");
    assert.is(project.read(`out/${trial}/a/b`), "5", "a name with folders keeps them");

    const empty = project.lab("query", " ");
    assert.is(empty.code, 2);
    assert.match(empty.stderr, /lab query takes one query, not 0/);
  } finally {
    project.remove();
  }
});

test.run();
