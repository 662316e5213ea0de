// Promise: a host runs no code but that whose hash it was told, and writes nowhere but in its own folder.
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { BuildId } from "../../plan/plan.ts";
import type { CodeFile, JobCode } from "../protocol/opening.ts";
import { CodeCache, NotKept } from "./code-cache.ts";

const build = "c0ffee000003" as BuildId;
const text = "export default 1;";
const file = (path: string): CodeFile => ({
  path,
  bytes: text.length,
  sha256: createHash("sha256").update(text).digest("hex"),
});
const codeOf = (...files: CodeFile[]): JobCode => ({
  build,
  bundle: files[0]!.path,
  exportName: "default",
  files,
});

function cache(reply: string) {
  const folder = join(mkdtempSync(join(tmpdir(), "labwright-cache-")), "code");
  const asked: string[] = [];
  const made: CodeCache = new CodeCache({
    folder,
    ask: (of, path) => {
      asked.push(path);
      queueMicrotask(() =>
        made.receive({ type: "file", build: of, path, bytes: Buffer.from(reply), error: null }),
      );
    },
  });
  return { folder, asked, cache: made };
}

const problemOf = (promise: Promise<string>): Promise<string> =>
  promise.then(
    () => "none",
    (error: Error) => error.message,
  );

test("a file is asked for once, kept, and known again by the next host", async () => {
  const { folder, asked, cache: first } = cache(text);
  const code = codeOf(file("bundles/a.mjs"), file("bundles/b.mjs"));
  const [bundle] = await Promise.all([first.fetched(code), first.fetched(code)]);
  assert.is(readFileSync(bundle, "utf8"), text);
  assert.equal(asked.sort(), ["bundles/a.mjs", "bundles/b.mjs"]);
  const next = new CodeCache({ folder, ask: () => assert.unreachable("what is there was asked for") });
  assert.is(await next.fetched(code), bundle);
});

test("another content than was told is refused and not kept", async () => {
  const { folder, cache: made } = cache("export default 2;");
  assert.match(await problemOf(made.fetched(codeOf(file("bundles/a.mjs")))), /has another content/);
  assert.not(existsSync(folder));
});

test("where the machine cannot keep it, that is told apart from code that cannot be had", async () => {
  const { folder, cache: made } = cache(text);
  writeFileSync(folder, "a file in the place of the folder");
  const problem = await made.fetched(codeOf(file("bundles/a.mjs"))).catch((error: unknown) => error);
  assert.instance(problem, NotKept);
  assert.match((problem as Error).message, /cannot keep the code of builds in .*: E(NOTDIR|EXIST)/);
});

test("a name that leads out of the folder is refused", async () => {
  for (const path of ["../a.mjs", "bundles/../../a.mjs", "../../etc/a.mjs"]) {
    const { asked, cache: made } = cache(text);
    assert.match(await problemOf(made.fetched(codeOf(file(path)))), /is no path inside a build/);
    assert.equal(asked, []);
  }
});

test.run();
