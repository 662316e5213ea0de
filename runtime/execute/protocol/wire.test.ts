// Frames survive any cutting of the stream, and binary fields arrive aligned.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { FrameReader, frameOf } from "./wire.ts";

test("messages come out whole and in order, however the stream is cut", () => {
  const message = fc.record({
    type: fc.string(),
    call: fc.nat(),
    request: fc.jsonValue(),
    state: fc.option(fc.uint8Array({ maxLength: 300 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 60 })),
      (messages, cuts) => {
        const bytes = Buffer.concat(messages.flatMap(frameOf));
        const received: unknown[] = [];
        const reader = new FrameReader((each) => received.push(each));
        let at = 0;
        for (let cut = 0; at < bytes.length; cut++) {
          const size = cuts[cut % Math.max(1, cuts.length)] ?? 1000;
          reader.push(bytes.subarray(at, at + size));
          at += size;
        }
        assert.equal(
          received.map((each) => ({ ...(each as (typeof messages)[number]) })),
          messages.map((each) => ({ ...each })),
        );
      },
    ),
  );
});

test("a batch starts on a multiple of eight in its buffer", () => {
  let batch: Uint8Array | undefined;
  const reader = new FrameReader((each) => {
    batch = (each as { batch: Uint8Array }).batch;
  });
  const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index);
  for (const piece of frameOf({ type: "records", lease: 3, batch: bytes })) reader.push(piece);
  assert.is(batch!.byteOffset % 8, 0);
  assert.equal([...batch!], [...bytes]);
});

test("a stream that is out of step is refused in words", () => {
  const reader = new FrameReader(() => assert.unreachable());
  assert.throws(() => reader.push(Buffer.from("this is not a frame at all")), /out of step/);
});

test.run();
