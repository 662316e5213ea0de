// Trials that leave large files: whole, in parts, without waiting for it, and more than they can.
import { defineExperiment, metric, replicate, sweep } from "../../../lib/index.ts";

const megabyte = 2 ** 20;

/** The bytes of the file that a trial leaves, a megabyte at a time. */
export function* megabytesOf(count: number, mark: number): Generator<Uint8Array> {
  for (let at = 0; at < count; at++) yield new Uint8Array(megabyte).fill((mark * 31 + at) & 255);
}

export const leaving = defineExperiment({
  name: "leaving",
  parameters: { how: sweep(["whole", "parts", "unawaited", "broken", "threw"]) },
  replicates: replicate(2, { seed: 3 }),
  metrics: { y: metric.number() },
  trial({ parameters: { how }, replicate: { index }, artifact }) {
    const parts = megabytesOf(index === 0 ? 64 : 3, index);
    switch (how) {
      case "whole":
        artifact("all", Buffer.concat([...parts]));
        return { y: 1 };
      case "parts":
        return artifact("all", parts).then(() => ({ y: 2 }));
      case "unawaited":
        artifact("all", parts);
        artifact("note", "beside it");
        return { y: 3 };
      case "broken":
        artifact("all", brokenAfter(2));
        return { y: 4 };
      default:
        artifact("all", parts);
        throw new Error("left a file and failed");
    }
  },
});

function* brokenAfter(count: number): Generator<Uint8Array> {
  yield* megabytesOf(count, 9);
  throw new Error("the source is gone");
}
