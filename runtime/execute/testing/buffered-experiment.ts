// Trials that take memory beside the heap: what a limit on memory must see, and what it must leave alone.
import { defineExperiment, metric, replicate, sweep } from "../../../lib/index.ts";

/** Trials that fill Buffers, which no heap limit sees: 1.5 GB at one go, the same with pauses, and as much as is allowed. */
export const buffered = defineExperiment({
  name: "buffered",
  parameters: { way: sweep(["at once", "by and by", "within", "untouched", "plain"]) },
  replicates: replicate(4, { seed: 3 }),
  metrics: { bytes: metric.number() },
  async trial({ parameters: { way }, replicate: { index } }) {
    const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
    const kept: Uint8Array[] = [];
    const total = (): number => kept.reduce((sum, { length }) => sum + length, 0);
    const isGreedy = index === 2 && (way === "at once" || way === "by and by");
    const megabytes = way === "plain" ? 1 : isGreedy ? 1500 : 100;
    for (let done = 0; done < megabytes; done += 10) {
      const part = new Uint8Array(10 * 2 ** 20);
      kept.push(way === "untouched" ? part : part.fill(1));
      // Long enough for a look in between, without a pause.
      if (way === "at once") for (const end = Date.now() + 10; Date.now() < end; );
      else await pause();
    }
    return { bytes: total() };
  },
});
