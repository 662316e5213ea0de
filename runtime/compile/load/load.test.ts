// The author's module may hang: the loading process is ended and the file named, and the others are loaded all the same.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openStaging } from "../build/build-folder.ts";
import { bundle } from "../check/bundle.ts";
import { temporaryProject } from "../testing/temporary-project.ts";
import { load } from "./load.ts";

const sound = `import { defineExperiment, metric, replicate, sweep } from "labwright";
export default defineExperiment({ name: "sound", parameters: { x: sweep([1]) }, replicates: replicate(1, { seed: 1 }), metrics: { y: metric.number() }, trial: ({ parameters }) => ({ y: parameters.x }) });
`;

test("a module that never ends, and a predicate that never ends, are named", async () => {
  const project = temporaryProject({
    "a.experiment.ts": `${sound}for (;;) {}\n`,
    "b.experiment.ts": sound
      .replace(
        "parameters: { x: sweep([1]) }",
        "parameters: space.where({ x: sweep([1]) }, () => { for (;;) {} })",
      )
      .replace("{ defineExperiment", "{ space, defineExperiment"),
    "c.experiment.ts": sound,
  });
  try {
    const { root } = project;
    const files = ["a.experiment.ts", "b.experiment.ts", "c.experiment.ts"];
    const folder = openStaging(root);
    const bundled = await bundle({ root, files, folder });
    assert.ok(bundled.ok);
    const bundles = files.map((file) => ({ file, bundle: bundled.value.fileOf.get(file) ?? "" }));
    const loaded = await load({ root, folder, bundles, overrides: {}, spaces: "spaces", silenceMs: 1500 });
    assert.equal(
      loaded.experiments.map(({ file }) => file),
      ["c.experiment.ts"],
    );
    assert.equal(
      loaded.diagnostics.map(({ code, message }) => `${code}: ${message}`),
      [
        "load-hung: a.experiment.ts was still busy with loading after 1.5 s.",
        'load-hung: b.experiment.ts was still busy with the space of "sound" after 1.5 s.',
      ],
    );
  } finally {
    project.remove();
  }
});

test.run();
