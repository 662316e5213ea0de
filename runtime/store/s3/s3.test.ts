// Promise: files come back from a bucket byte for byte, large ones in parts too; what fails for the moment is tried again; keys stay secret.
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { freePort } from "../../testing/services/ports.ts";
import { type S3Server, startS3 } from "../../testing/services/s3.ts";
import { layoutOf } from "../files/layout.ts";
import { openArtifacts } from "../kept/artifacts.ts";
import { addRemote, artifactKey, remotesOf } from "./remote-artifact.ts";
import { s3 } from "./s3-address.ts";
import { openBucket } from "./s3-bucket.ts";

const folder = mkdtempSync(join(tmpdir(), "lab-s3-"));
let server: S3Server;
test.before(async () => {
  server = await startS3("results");
});
test.after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

function bucketAt(endpoint: string) {
  return openBucket(s3({ bucket: "results", endpoint, prefix: "team a/" }).address, server.keys);
}

function fileOf(bytes: Uint8Array): string {
  const path = join(folder, "file");
  writeFileSync(path, bytes);
  return path;
}

function wordsOf(step: Promise<unknown>): Promise<string> {
  return step.then(
    () => assert.unreachable("it must fail"),
    (error: Error) => error.message,
  ) as Promise<string>;
}

test("files of no bytes, of a few, and of more than two parts come back as they went", async () => {
  const bucket = bucketAt(server.endpoint);
  for (const size of [0, 5, 8 * 2 ** 20, 17 * 2 ** 20 + 3]) {
    const bytes = randomBytes(size);
    const key = `artifacts/${size} of ü`;
    assert.is(await bucket.has(key), false);
    assert.is(await bucket.get(key), null);
    await bucket.put(key, fileOf(bytes));
    assert.is(await bucket.has(key), true);
    assert.ok(Buffer.from((await bucket.get(key))!).equals(bytes), `${size} bytes`);
  }
});

test("answers that say later and connections that break are tried again", async () => {
  let asked = 0;
  const { port: to } = new URL(server.endpoint);
  const flaky = createServer((incoming, outgoing) => {
    asked += 1;
    if (asked === 1) incoming.socket.destroy();
    else if (asked === 2) outgoing.writeHead(503).end("<Error><Code>SlowDown</Code></Error>");
    else {
      // The signature is for the address that was asked.
      const { method, url, headers } = incoming;
      incoming.pipe(
        request({ host: "127.0.0.1", port: to, method, path: url, headers }, (answer) => {
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(outgoing);
        }),
      );
    }
  });
  const port = await freePort();
  await new Promise<void>((resolve) => flaky.listen(port, "127.0.0.1", resolve));
  const bucket = bucketAt(`http://127.0.0.1:${port}`);
  await bucket.put("late", fileOf(Buffer.from("worth the wait")));
  assert.is(String(Buffer.from((await bucket.get("late"))!)), "worth the wait");
  assert.is(asked, 4);
  flaky.closeAllConnections();
  await new Promise((resolve) => flaky.close(resolve));
});

test("wrong keys, a bucket that is not there and a server that is away are told in words without the key", async () => {
  const address = s3({ bucket: "results", endpoint: server.endpoint }).address;
  const wrong = openBucket(address, { AWS_ACCESS_KEY_ID: "nobody", AWS_SECRET_ACCESS_KEY: "hunter2" });
  const words = await wordsOf(wrong.put("x", fileOf(Buffer.from("x"))));
  assert.match(words, /InvalidAccessKeyId/);
  assert.not.match(words, /hunter2/);
  const away = bucketAt(`http://127.0.0.1:${await freePort()}`);
  assert.match(await wordsOf(away.get("x")), /ECONNREFUSED/);
  const none = openBucket({ ...address, bucket: "nobodys" }, server.keys);
  assert.match(await wordsOf(none.put("x", fileOf(Buffer.from("x")))), /NoSuchBucket/);
});

test("what was sent before the bucket or its prefix changed is found where it lies, and a file that is nowhere names the places", async () => {
  const lab = mkdtempSync(join(tmpdir(), "lab-s3-store-"));
  const before = { ...process.env };
  Object.assign(process.env, server.keys);
  try {
    const store = layoutOf(lab);
    const artifacts = openArtifacts(store.artifacts);
    const at = (prefix: string) => s3({ bucket: "results", endpoint: server.endpoint, prefix }).address;
    const sent = async (prefix: string, text: string): Promise<string> => {
      addRemote(store.folder, at(prefix));
      const hash = await artifacts.put(Buffer.from(text));
      await openBucket(at(prefix)).put(artifactKey(hash), artifacts.pathOf(hash));
      rmSync(artifacts.pathOf(hash));
      return hash;
    };
    // As a store of one bucket kept it.
    mkdirSync(store.folder, { recursive: true });
    writeFileSync(join(store.folder, "remote.json"), JSON.stringify(at("first")));
    const hashes = [await sent("first", "one"), await sent("second", "two"), await sent("first", "three")];
    addRemote(store.folder, at("third"));
    const texts = [];
    for (const hash of hashes) texts.push(Buffer.from(await artifacts.read(hash)).toString());
    assert.equal(texts, ["one", "two", "three"]);
    assert.equal(
      remotesOf(store.folder).map(({ prefix }) => prefix),
      ["third/", "first/", "second/"],
    );
    const { port } = new URL(server.endpoint);
    const words = await wordsOf(artifacts.read("0".repeat(64)));
    for (const prefix of ["first", "second", "third"])
      assert.match(words, `results/${prefix} of http://127.0.0.1:${port}`);
    addRemote(store.folder, { ...at("away"), endpoint: `http://127.0.0.1:${await freePort()}` });
    assert.is(Buffer.from(await artifacts.read(hashes[0]!)).toString(), "one");
    rmSync(artifacts.pathOf(hashes[1]!));
    assert.is(
      Buffer.from(await artifacts.read(hashes[1]!)).toString(),
      "two",
      "one place that is away hides no other",
    );
    assert.match(await wordsOf(artifacts.read("0".repeat(64))), /ECONNREFUSED/);
  } finally {
    process.env = before;
    rmSync(lab, { recursive: true, force: true });
  }
});

test("options that no bucket has are problems with what was expected", () => {
  const found = (options: Parameters<typeof s3>[0]) => s3(options).problems.map((each) => each.found);
  assert.equal(found({ bucket: "results", prefix: "a/b/" }), []);
  assert.match(found({ bucket: "Results!" })[0]!, /bucket is "Results!"/);
  assert.match(
    found({ bucket: "results", endpoint: "http://key:secret@host" })[0]!,
    /no address of a server/,
  );
  assert.match(found({ bucket: "results", prefix: "../x" })[0]!, /prefix/);
});

test.run();
