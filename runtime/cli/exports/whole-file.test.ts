// Promise: what stood in a file stays until the new one is whole.
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { writeTo } from "../../store/sql/write-to.ts";
import { writeWhole } from "./whole-file.ts";

const folder = mkdtempSync(join(tmpdir(), "lab-whole-"));
test.after(() => rmSync(folder, { recursive: true, force: true }));

const wordsOf = (step: Promise<unknown>): Promise<string> =>
  step.then(
    () => "",
    (error: Error) => error.message,
  );

test("a file is replaced as a whole, through a link too, and not at all by what failed", async () => {
  const [path, link] = [join(folder, "a.csv"), join(folder, "link.csv")];
  writeFileSync(path, "before");
  symlinkSync(path, link);
  const failing = writeWhole(link, async (output) => {
    await writeTo(output, "half");
    throw new Error("no more rows");
  });
  assert.is(await wordsOf(failing), "no more rows");
  assert.is(readFileSync(path, "utf8"), "before");
  assert.is(await writeWhole(link, (output) => writeTo(output, "after").then(() => 7)), 7);
  assert.is(readFileSync(path, "utf8"), "after");
  assert.equal(readdirSync(folder).sort(), ["a.csv", "link.csv"]);
});

test("a folder that is not there, one in the file's place and a full disk are told in words", async () => {
  const write = (path: string) => wordsOf(writeWhole(path, (output) => writeTo(output, "x".repeat(1e6))));
  assert.match(await write(join(folder, "gone", "a.csv")), /^there is no folder .*gone$/);
  assert.match(await write(folder), /is a folder$/);
  if (existsSync("/dev/full")) assert.match(await write("/dev/full"), /^The disk is full/);
});

test.run();
