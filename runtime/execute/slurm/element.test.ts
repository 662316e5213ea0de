// An element that may not work for a run says why and ends: it would keep its node from others.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { arrayFolder, writeCard, writeWhole } from "./array-folder.ts";

const lab = fileURLToPath(new URL("../../../dist/runtime/cli/lab.js", import.meta.url));

for (const [what, other, words] of [
  [
    "labwright",
    { labwright: "0.0.1" },
    /n7 has labwright \S+, the run 0\.0\.1: let nodes start labwright 0\.0\.1/,
  ],
  ["Node", { node: "18.1.0" }, /n7 has Node \S+, the run 18\.1\.0: let nodes start Node 18/],
] as const)
  test(`an element with another ${what} than the run's ends, in words`, () => {
    const root = mkdtempSync(join(tmpdir(), "labwright-array-"));
    try {
      const folder = arrayFolder(root);
      writeCard(folder, {
        ...{ controller: 1, beat: 1, state: "here", threads: 1, memoryMb: null, labels: {}, code: root },
      });
      writeWhole(folder.card, JSON.stringify({ ...JSON.parse(readFileSync(folder.card, "utf8")), ...other }));
      const { status, stderr } = spawnSync(process.execPath, [lab, "host", "--element", root], {
        encoding: "utf8",
        timeout: 60_000,
        killSignal: "SIGKILL",
        env: { ...process.env, SLURMD_NODENAME: "n7" },
      });
      assert.is(status, 2, stderr);
      assert.match(stderr, words);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });

test.run();
