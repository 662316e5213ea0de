// Promise: a host is told of all that a bundle imports and of nothing else, and is handed no byte that was not built.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { OpenedPlan } from "../../../plan/opened-plan.ts";
import type { BuildId } from "../../../plan/plan.ts";
import { buildFilesName, buildFilesOf } from "../../../store/build-files.ts";
import { codeShelfOf } from "./code-shelf.ts";

const files: Readonly<Record<string, string>> = {
  "bundles/walk.mjs":
    'import { a } from "./chunk-A.mjs";\nexport default a;\n//# sourceMappingURL=walk.mjs.map\n',
  "bundles/walk.mjs.map": "{}",
  "bundles/chunk-A.mjs":
    'const b = await import("./chunk-B.mjs");\nexport const a = require("./native-1.node");',
  "bundles/chunk-B.mjs": 'export const words = "./other.mjs is no import, and ./not-there.mjs no file";',
  "bundles/native-1.node": "\u0000",
  "bundles/other.mjs": "export default 1;",
  "spaces/walk.json": "[]",
};

const build = "c0ffee000002" as BuildId;

function shelf() {
  const folder = join(mkdtempSync(join(tmpdir(), "labwright-shelf-")), build);
  for (const part of ["bundles", "spaces"]) mkdirSync(join(folder, part), { recursive: true });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  writeFileSync(join(folder, buildFilesName), JSON.stringify(buildFilesOf(folder)));
  // All that the shelf looks at.
  const opened = { plan: { build, jobs: [] }, folder } as unknown as OpenedPlan;
  return { folder, shelf: codeShelfOf(opened) };
}

test("a bundle comes with its chunks, assets and source maps, however deep", () => {
  const { shelf: made } = shelf();
  const { files: told } = made.codeOf({ bundle: "bundles/walk.mjs", exportName: "default" } as never);
  assert.equal(told.map(({ path }) => path).sort(), [
    "bundles/chunk-A.mjs",
    "bundles/chunk-B.mjs",
    "bundles/native-1.node",
    "bundles/walk.mjs",
    "bundles/walk.mjs.map",
  ]);
});

test("what is asked for is handed out byte for byte, unless it is of no build or was changed", () => {
  const { folder, shelf: made } = shelf();
  const ask = (path: string, of = build) => made.answer({ type: "need-file", build: of, path });
  assert.equal(Buffer.from(ask("bundles/chunk-B.mjs").bytes!).toString(), files["bundles/chunk-B.mjs"]);
  assert.match(ask("bundles/nowhere.mjs").error ?? "", /has no file bundles\/nowhere.mjs/);
  assert.match(ask("../../secret").error ?? "", /has no file/);
  assert.match(ask("bundles/walk.mjs", "0123456789ab" as BuildId).error ?? "", /this run is of build/);
  writeFileSync(join(folder, "bundles/chunk-B.mjs"), "export const words = 2;");
  const changed = ask("bundles/chunk-B.mjs");
  assert.is(changed.bytes, null);
  assert.match(changed.error ?? "", /was changed after it was built/);
});

test.run();
