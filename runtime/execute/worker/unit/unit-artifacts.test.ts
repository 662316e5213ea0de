// What a unit leaves: in small messages, few at once, named by the hash of all its bytes, and never more than is allowed.
import { createHash } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { FromUnits } from "../../protocol/protocol.ts";
import { chunkBytes, chunksUnderWayMax, UnitArtifacts } from "./unit-artifacts.ts";
import { CallDesk } from "./unit-link.ts";

type Chunk = Extract<FromUnits, { type: "artifact" }>;

/** A controller that answers in its own time, and what a unit says to it. */
function watched(): {
  readonly artifacts: UnitArtifacts;
  readonly chunks: Chunk[];
  readonly failures: string[];
  readonly most: () => number;
} {
  const chunks: Chunk[] = [];
  const failures: string[] = [];
  let calls = 0;
  let most = 0;
  const desk: CallDesk = new CallDesk({
    nextCall: () => {
      calls += 1;
      return calls;
    },
    watched: { askOf: () => 0 },
    post(message) {
      if (message.type !== "artifact") return;
      chunks.push(message);
      most = Math.max(most, desk.pending);
      setImmediate(() => desk.answer({ type: "artifact-taken", call: message.call, error: null }));
    },
  });
  const fail = (words: string): Error => {
    failures.push(words);
    return new Error(words);
  };
  const artifacts = new UnitArtifacts({ link: desk, lease: 1, unit: 0, isOver: () => false, fail });
  return { artifacts, chunks, failures, most: () => most };
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Bytes that differ from place to place. */
function bytesOf(length: number): Uint8Array {
  return new Uint8Array(length).map((_, at) => (at * 31 + (at >> 9)) & 255);
}

async function* inParts(bytes: Uint8Array, part: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += part) yield bytes.subarray(at, at + part);
}

for (const size of [0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1, 9 * chunkBytes + 5])
  for (const how of ["bytes", "a stream"] as const)
    test(`${size} bytes from ${how} arrive as they were, in messages of at most 1 MB, at most 4 at once`, async () => {
      const { artifacts, chunks, most } = watched();
      const bytes = bytesOf(size);
      await artifacts.leave("a", how === "bytes" ? bytes : inParts(bytes, 300_007));
      const whole = Buffer.concat(chunks.map((chunk) => chunk.bytes));
      const ref = { name: "a", hash: sha256(bytes), bytes: size };
      assert.is(sha256(whole), ref.hash);
      assert.equal(artifacts.kept, [ref]);
      assert.equal(chunks.at(-1)?.whole, { hash: ref.hash, bytes: size });
      assert.ok(chunks.slice(0, -1).every((chunk) => chunk.whole === null));
      assert.ok(chunks.every((chunk) => chunk.bytes.length <= chunkBytes));
      assert.ok(most() <= chunksUnderWayMax);
    });

test("bytes are what they were at the call, whatever the trial makes of them afterwards", async () => {
  const { artifacts, chunks } = watched();
  const bytes = bytesOf(3 * chunkBytes);
  const hash = sha256(bytes);
  const left = artifacts.leave("a", bytes);
  bytes.fill(0);
  await left;
  assert.is(sha256(Buffer.concat(chunks.map((chunk) => chunk.bytes))), hash);
});

test("artifacts that are left at once are named in the order of the calls", async () => {
  const { artifacts } = watched();
  void artifacts.leave("slow", inParts(bytesOf(2 * chunkBytes), 1000));
  void artifacts.leave("quick", "text");
  await artifacts.settled();
  assert.equal(
    artifacts.kept.map(({ name }) => name),
    ["slow", "quick"],
  );
});

async function refused(left: Promise<void>): Promise<string> {
  try {
    await left;
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  return "";
}

function* endless(): Generator<Uint8Array> {
  const part = new Uint8Array(64 * chunkBytes);
  for (;;) yield part;
}

test("a stream without end is cut off at 1 GB, in words, and is no artifact", async () => {
  const { artifacts, failures } = watched();
  const words = await refused(artifacts.leave("all", endless()));
  assert.is(words, "the artifact `all` has more than 1073741824 bytes (1 GB); leave it in parts");
  assert.equal(failures, [words]);
  assert.equal([artifacts.kept, artifacts.named, artifacts.isSending], [[], [], false]);
});

test("what a trial leaves is bounded in all, what a checkpoint names included", () => {
  const { artifacts } = watched();
  artifacts.restore([1, 2, 3, 4].map((at) => ({ name: `${at}`, hash: "", bytes: 2 ** 30 })));
  assert.throws(
    () => artifacts.leave("last", "x"),
    /^with the artifact `last` the trial leaves more than 4294967296 bytes \(4 GB\)$/,
  );
});

test("a source that breaks and parts that are no bytes fail the trial in words", async () => {
  const { artifacts, failures } = watched();
  const broken = async function* (): AsyncGenerator<string> {
    yield "a";
    throw new Error("the disk is gone");
  };
  assert.is(await refused(artifacts.leave("broken", broken())), "the disk is gone");
  assert.is(
    await refused(artifacts.leave("numbers", [1, 2] as never)),
    "the artifact `numbers`: a part is number; expected text or a Uint8Array",
  );
  assert.is(failures.length, 2);
  assert.throws(() => artifacts.leave("broken", "x"), /was left twice/);
  assert.throws(
    () => artifacts.leave("seven", 7 as never),
    /is number; expected text, a Uint8Array, or an iterable/,
  );
});

test.run();
