// Promise: a folder for temporary files that is not there, is none, is full or read-only is named, with what to set; nothing else is taken for it.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { UserError } from "./diagnostic/user-error.ts";
import { withScratch } from "./scratch-folder.ts";

const own = mkdtempSync(join(tmpdir(), "lab-scratch-"));
const before = process.env.TMPDIR;
test.after(() => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  rmSync(own, { recursive: true, force: true });
});

async function told(folder: string, use: (scratch: string) => Promise<unknown>): Promise<unknown> {
  process.env.TMPDIR = folder;
  return withScratch("lab", use).then(
    () => null,
    (error: unknown) => error,
  );
}

function wordsOf(error: unknown): string {
  assert.instance(error, UserError);
  const { message, hint } = error as UserError;
  assert.match(hint ?? "", "Set TMPDIR");
  return message;
}

test("one that is not there, and one that is a file", async () => {
  const nowhere = join(own, "nowhere");
  assert.is(
    wordsOf(await told(nowhere, async () => 1)),
    `the folder for temporary files, ${nowhere}, is not there`,
  );
  const file = join(own, "file");
  writeFileSync(file, "");
  assert.is(
    wordsOf(await told(file, async () => 1)),
    `the folder for temporary files, ${file}, is no folder`,
  );
});

test("one that fills up or turns read-only, whoever says so", async () => {
  const sqlite = Object.assign(new Error("database or disk is full"), { name: "SqliteError" });
  for (const [failure, words] of [
    [(path: string) => new Error(`ENOSPC: no space left on device, write '${path}'`), "is full"],
    [
      (path: string) => new Error(`IO Error: Could not write file "${path}": No space left on device`),
      "is full",
    ],
    [() => sqlite, "is full"],
    [(path: string) => new Error(`EROFS: read-only file system, open '${path}'`), "cannot be written"],
  ] as const) {
    const error = await told(own, async (scratch) => {
      throw failure(join(scratch, "x"));
    });
    assert.is(wordsOf(error), `the folder for temporary files, ${own}, ${words}`);
  }
});

test("other errors stay what they are, and nothing is left there", async () => {
  const other = new Error("ENOSPC: no space left on device, write '/elsewhere'");
  assert.is(await told(own, () => Promise.reject(other)), other);
  const bug = new TypeError("x is not a function");
  assert.is(await told(own, () => Promise.reject(bug)), bug);
  assert.equal(readdirSync(own), ["file"]);
});

test.run();
