// Modules loaded from kept code are the modules.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compiledRequire } from "./compiled-require.ts";

const large = "large.cjs";

test("a module is the same from source, from kept code, and after an edit", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "labwright-"));
  try {
    const file = path.join(folder, large);
    const load = (): { readonly name: string; readonly twice: (x: number) => number } => {
      const require = compiledRequire({
        from: path.join(folder, "main.js"),
        folder: path.join(folder, "cache"),
        large: [large],
      });
      // The file below exports these two.
      const loaded = require(`./${large}`) as {
        readonly name: string;
        readonly twice: (x: number) => number;
      };
      require.keep();
      return loaded;
    };
    writeFileSync(
      file,
      'exports.name = require("node:path").basename(__filename); exports.twice = (x) => 2 * x;',
    );
    for (let round = 0; round < 2; round++) {
      assert.is(load().name, "large.cjs");
      assert.is(load().twice(4), 8);
    }
    writeFileSync(file, 'exports.name = "edited"; exports.twice = (x) => x + x;');
    assert.is(load().name, "edited");
    assert.is(load().twice(4), 8);
    assert.ok(readdirSync(path.join(folder, "cache")).length <= 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a folder that cannot be written costs nothing but time", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "labwright-"));
  try {
    writeFileSync(path.join(folder, "large.cjs"), "module.exports = 7;");
    writeFileSync(path.join(folder, "cache"), "a file where the folder should be");
    const require = compiledRequire({
      from: path.join(folder, "main.js"),
      folder: path.join(folder, "cache"),
      large: [large],
    });
    assert.is(require(`./${large}`), 7);
    require.keep();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
