// Loaded into a process of the command by `npm run soak` (--import): says over its channel what the process holds once its garbage is collected.
// Told so, it keeps some bytes more every second, so that the soak can be seen to fail.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isMainThread } from "node:worker_threads";

/** Worker threads, and processes that the command starts, may inherit the flag that loads this file, but not the channel. */
if (isMainThread && process.send !== undefined) {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  const kept = [];
  process.on("message", ({ look, leakBytesPerSecond }) => {
    if (leakBytesPerSecond !== undefined)
      setInterval(() => kept.push(new Array(Math.ceil(leakBytesPerSecond / 8)).fill(0.5)), 1000).unref();
    if (look === undefined) return;
    // Twice: what the first pass finalizes is free after the second.
    collect();
    collect();
    const { heapUsed, external } = process.memoryUsage();
    process.send({ look, retainedMb: (heapUsed + external) / 1024 / 1024 });
  });
  process.channel.unref();
}
