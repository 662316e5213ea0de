// A named experiment is built and run whatever the state of the others, and what is wrong with it is not buried under what is wrong
// with them.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compile } from "../compile.ts";
import { temporaryProject } from "../testing/temporary-project.ts";

const experiment = (name: string, trial: string, head = ""): string => `${head}
import { defineExperiment, metric, sweep } from "labwright";
export default defineExperiment({
  name: "${name}",
  parameters: { x: sweep([1, 2]) },
  metrics: { score: metric.number() },
  trial: ({ parameters }) => (${trial}),
});
`;

const sound = experiment("sir", "{ score: parameters.x }");
/** Every way for a file to stop the build. */
const broken: Readonly<Record<string, string>> = {
  "a type error": experiment("draft", "{ score: parameters.y }"),
  "a misspelt metric": experiment("draft", "{ skore: parameters.x }"),
  "no syntax": `${experiment("draft", "{ score: parameters.x }")} const = ;`,
  "a missing import": experiment("draft", "{ score: parameters.x + a }", 'import { a } from "./gone.ts";'),
  "a throw while loading": experiment("draft", "{ score: parameters.x }", 'throw new Error("draft");'),
  "an exit while loading": experiment("draft", "{ score: parameters.x }", "process.exit(3);"),
  "an abort in its analyses": experiment("draft", "{ score: parameters.x }").replace(
    "trial:",
    "analyses: () => process.abort(),\n  trial:",
  ),
  "a clock in the trial": experiment("draft", "{ score: parameters.x + Date.now() }"),
  "the sound one's name as a text": experiment("draft", '{ score: parameters.z + "sir".length }'),
};

for (const [how, draft] of Object.entries(broken)) {
  test(`beside a draft with ${how}, a named experiment builds, and the draft is one line`, async () => {
    const project = temporaryProject({ "sir.experiment.ts": sound, "draft.experiment.ts": draft });
    try {
      const request = { root: project.root, names: ["sir"] };
      assert.not(((await compile({ root: project.root })) as { ok: boolean }).ok);
      const first = await compile(request);
      if (!first.ok) throw new Error(JSON.stringify(first.error, null, 1));
      assert.equal(
        first.value.plan.experiments.map(({ name }) => name),
        ["sir"],
      );
      assert.equal(
        first.value.warnings.map(({ code, message }) => [code, message.includes("draft.experiment.ts")]),
        [["others-broken", true]],
      );
      const again = await compile(request);
      assert.ok(again.ok && again.value.reused, "nothing has changed");
      project.write("draft.experiment.ts", experiment("draft", "{ score: 2 * parameters.x }"));
      const mended = await compile(request);
      assert.ok(mended.ok && mended.value.warnings.length === 0, "the draft is mended");
      assert.is(mended.ok && mended.value.plan.experiments.length, 2);
    } finally {
      project.remove();
    }
  });
}

test("what a named experiment needs is built with it", async () => {
  const needing = `import { defineExperiment, metric } from "labwright";
import sir from "./sir.experiment.ts";
export default defineExperiment({
  name: "summary",
  parameters: { scale: 1 },
  needs: { sir },
  metrics: { rows: metric.integer() },
  trial: ({ parameters, inputs }) => ({ rows: parameters.scale * inputs.sir.length }),
});
`;
  const project = temporaryProject({
    "sir.experiment.ts": sound,
    "summary.experiment.ts": needing,
    "draft.experiment.ts": broken["no syntax"]!,
  });
  try {
    const built = await compile({ root: project.root, names: ["summary"] });
    if (!built.ok) throw new Error(JSON.stringify(built.error, null, 1));
    assert.equal(
      built.value.plan.experiments.map(({ name }) => name),
      ["sir", "summary"],
    );
  } finally {
    project.remove();
  }
});

test("a broken named experiment gets its own errors and one line for the others; an unknown name gets them all", async () => {
  const project = temporaryProject({
    "sir.experiment.ts": experiment("sir", "{ score: parameters.y }"),
    "draft.experiment.ts": broken["a type error"]!,
    "half.experiment.ts": broken["no syntax"]!,
  });
  try {
    const own = await compile({ root: project.root, names: ["sir"] });
    if (own.ok) throw new Error("it was accepted");
    const places = new Set(own.error.map(({ code, place }) => place?.file ?? code));
    assert.equal([...places].sort(), ["others-broken", "sir.experiment.ts"]);
    const unknown = await compile({ root: project.root, names: ["sri"] });
    assert.ok(!unknown.ok && unknown.error.some(({ place }) => place?.file === "half.experiment.ts"));
  } finally {
    project.remove();
  }
});

test.run();
