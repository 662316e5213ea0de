// Promise: whatever an archive holds, nothing is written outside the store, nothing that its list does not name, and no more than fits.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { StoreError } from "../files/store-error.ts";
import { openStore } from "../project-store.ts";
import { temporaryProject } from "../testing/plan-fixture.ts";
import { type ArchivedFile, indexName, isStorePath } from "./archive-index.ts";
import { restoreArchive } from "./read-archive.ts";
import { tarEnd, tarEntries, tarHeader, tarPadding } from "./tar.ts";

const sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

function entry(path: string, content: Buffer): Buffer {
  return Buffer.concat([tarHeader(path, content.length), content, tarPadding(content.length)]);
}

function archive(files: readonly ArchivedFile[], ...entries: readonly Buffer[]): Buffer {
  const run = "r0001-calm-heron";
  const manifest = {
    path: `runs/${run}/run.json`,
    bytes: 2,
    sha256: createHash("sha256").update("{}").digest("hex"),
  };
  const all = files.some(({ path }) => path.startsWith(`runs/${run}/`)) ? files : [manifest, ...files];
  const index = { format: "labwright.archive/1", run, runs: [run], hasArtifacts: true, files: all };
  const first = all === files ? [] : [entry(manifest.path, Buffer.from("{}"))];
  return gzipSync(
    Buffer.concat([entry(indexName, Buffer.from(JSON.stringify(index))), ...first, ...entries, tarEnd]),
  );
}

async function refusal(bytes: Buffer): Promise<string> {
  const root = temporaryProject();
  const path = join(root, "in.gz");
  writeFileSync(path, bytes);
  let fault: unknown = null;
  await restoreArchive(openStore(root), path).catch((error: unknown) => (fault = error));
  assert.ok(fault instanceof StoreError, String(fault));
  const left = existsSync(join(root, ".lab")) ? readdirSync(join(root, ".lab")) : [];
  assert.equal(left, [], "something of a refused archive stayed");
  return fault.message;
}

const escapes = [
  "../evil",
  "/etc/evil",
  "runs/../../evil",
  "runs/r0001-calm-heron/../../../evil",
  "runs/r0001-calm-heron/a\\..\\b",
  "C:/evil",
  "runs/r0001-calm-heron//x",
  "lock",
  "selected",
];

test("a path that leads out of the store, or that no store has, is refused", async () => {
  for (const path of escapes) {
    assert.is(isStorePath(path), false, path);
    assert.match(
      await refusal(archive([{ path, bytes: 0, sha256 }], entry(path, Buffer.alloc(0)))),
      /wants to write/,
    );
  }
  assert.is(isStorePath("runs/r0001-calm-heron/segments/0001.wal"), true);
});

test("links, devices and files that the list does not name are refused", async () => {
  const path = "runs/r0001-calm-heron/run.json";
  const link = tarHeader(path, 0);
  link[156] = 50;
  link.write("        ", 148);
  const sum = link.reduce((total, byte) => total + byte, 0);
  link.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  assert.match(await refusal(archive([{ path, bytes: 0, sha256 }], link)), /no plain file/);
  assert.match(await refusal(archive([], entry(path, Buffer.alloc(0)))), /does not name/);
  assert.match(
    await refusal(archive([{ path, bytes: 3, sha256 }], entry(path, Buffer.from("abc")))),
    /was changed/,
  );
  assert.match(await refusal(archive([{ path, bytes: 0, sha256 }])), /is not where/);
});

test("what would unpack to more than results do is refused before any of it is written", async () => {
  const path = "artifacts/e3/".concat(sha256);
  const bytes = 2 ** 40;
  assert.match(await refusal(archive([{ path, bytes, sha256 }], tarHeader(path, bytes))), /would unpack to/);
  assert.match(await refusal(Buffer.from("no archive at all")), /torn or no gzip/);
  assert.match(await refusal(archive([], Buffer.alloc(0)).subarray(0, 60)), /torn|too early/);
});

test("long names and lengths beyond eight gigabytes are written and read", async () => {
  const path = `runs/r0001-calm-heron/${"long-name-".repeat(20)}/x.parquet`;
  const heads: [string, number][] = [];
  async function* stream(): AsyncGenerator<Buffer> {
    yield tarHeader(path, 3);
    yield Buffer.from("abc");
    yield tarPadding(3);
    yield tarHeader("runs/big", 2 ** 34);
  }
  for await (const each of tarEntries(stream())) {
    heads.push([each.path, each.bytes]);
    if (each.bytes > 3) break;
    for await (const _ of each.content());
  }
  assert.equal(heads, [
    [path, 3],
    ["runs/big", 2 ** 34],
  ]);
});

test.run();
