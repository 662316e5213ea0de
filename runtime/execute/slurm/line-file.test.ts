// What one side of a line over a shared file system writes, the other reads: all of it, once, in order, and nothing that is torn or damaged.
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LineReader, LineWriter } from "./line-file.ts";

async function inFolder(check: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "labwright-line-"));
  try {
    await check(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writerIn(folder: string, fileBytesMax?: number): LineWriter {
  const more = fileBytesMax === undefined ? {} : { fileBytesMax };
  return new LineWriter({ folder, name: "from", onFault: assert.unreachable, ...more });
}

function readerIn(folder: string): { readonly reader: LineReader; readonly texts: string[] } {
  const texts: string[] = [];
  const onFrame = ({
    kind,
    controller,
    bytes,
  }: {
    kind: string;
    controller: number;
    bytes: Buffer;
  }): void => {
    texts.push(`${kind} ${controller} ${bytes.toString("hex")}`);
  };
  return { reader: new LineReader({ folder, name: "from", removes: false, onFrame }), texts };
}

test("frames of any size come whole, once and in order, over as many files as they take, however they are read", async () => {
  const frame = fc.record({
    controller: fc.nat({ max: 9 }),
    bytes: fc.uint8Array({ maxLength: 600 }),
    isReadAfter: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(frame, { maxLength: 40 }),
      fc.integer({ min: 50, max: 2000 }),
      (frames, fileBytesMax) =>
        inFolder(async (folder) => {
          const writer = writerIn(folder, fileBytesMax);
          const { reader, texts } = readerIn(folder);
          for (const { controller, bytes, isReadAfter } of frames) {
            writer.append("data", controller, [bytes.subarray(0, 7), bytes.subarray(7)]);
            if (!isReadAfter) continue;
            await writer.flushed();
            await reader.read();
          }
          writer.append("exit", 1);
          await writer.close();
          while ((await reader.read()) > 0);
          const sent = frames.map(
            ({ controller, bytes }) => `data ${controller} ${Buffer.from(bytes).toString("hex")}`,
          );
          assert.equal(texts, [...sent, "exit 1 "]);
        }),
    ),
    { numRuns: 30 },
  );
});

test("a frame that is cut anywhere is not handed on, and is once the rest has come", async () => {
  await inFolder(async (folder) => {
    const writer = writerIn(folder);
    writer.append("data", 1, [Buffer.from("first")]);
    writer.append("data", 1, [Buffer.from("second")]);
    await writer.close();
    const [name = ""] = readdirSync(folder);
    const whole = readFileSync(join(folder, name));
    for (let cut = 30; cut < whole.length; cut += 1) {
      writeFileSync(join(folder, name), whole.subarray(0, cut));
      const { reader, texts } = readerIn(folder);
      await reader.read();
      assert.is(texts.length, 1, `cut at ${cut} of ${whole.length}`);
      appendFileSync(join(folder, name), whole.subarray(cut));
      await reader.read();
      assert.equal(texts, ["data 1 6669727374", "data 1 7365636f6e64"]);
    }
  });
});

test("a frame of which a bit has turned is not handed on", async () => {
  await inFolder(async (folder) => {
    const writer = writerIn(folder);
    writer.append("data", 1, [Buffer.from("first")]);
    await writer.close();
    const [name = ""] = readdirSync(folder);
    const whole = readFileSync(join(folder, name));
    for (let at = 0; at < whole.length; at += 1) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      writeFileSync(join(folder, name), damaged);
      const { reader, texts } = readerIn(folder);
      await reader.read();
      assert.equal(texts, [], `byte ${at}`);
    }
  });
});

test.run();
