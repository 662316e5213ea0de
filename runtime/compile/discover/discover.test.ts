// Which files are experiments of a project.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { temporaryProject } from "../testing/temporary-project.ts";
import { discover } from "./discover.ts";

test("experiments.ts and *.experiment.ts are found, but not in packages, builds of any kind and wherever they lie, dot folders or what the tsconfig excludes", () => {
  const project = temporaryProject(
    Object.fromEntries(
      [
        "b.experiment.ts",
        "deep/down/experiments.ts",
        "deep/experiment.ts",
        "node_modules/x/a.experiment.ts",
        "dist/a.experiment.ts",
        ".lab/a.experiment.ts",
        "cache/labwright/builds/0123456789ab/bundles/a.experiment.mjs",
        "unpacked/builds/ba9876543210/bundles/deep/experiments.mjs",
        "0123456789ab/a.experiment.ts",
        "cases/one/a.experiment.ts",
        "drafts/a.experiment.ts",
      ].map((file) => [file, ""]),
    ),
  );
  try {
    project.write("tsconfig.json", '{ "exclude": ["**/cases/*/", "./drafts"] } // as an editor reads it');
    const { root } = project;
    assert.equal(discover({ root }), {
      ok: true,
      value: ["0123456789ab/a.experiment.ts", "b.experiment.ts", "deep/down/experiments.ts"],
    });
    assert.equal(discover({ root, paths: ["drafts", "deep"] }), {
      ok: true,
      value: ["deep/down/experiments.ts", "drafts/a.experiment.ts"],
    });
    assert.equal(discover({ root, paths: ["./b.experiment.ts", "."] }), discover({ root }));
  } finally {
    project.remove();
  }
});

test.run();
