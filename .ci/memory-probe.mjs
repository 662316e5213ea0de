// Loaded into a process of the command by `npm run soak` (--import): says over its channel what the process holds once garbage is collected, and
// writes a heap snapshot where it is asked for one. `leak` makes it keep so many bytes a second, so that the soak can be seen to fail.
import { setFlagsFromString, writeHeapSnapshot } from "node:v8";
import { runInNewContext } from "node:vm";
import { isMainThread } from "node:worker_threads";

/** Worker threads, and the processes that the command starts, inherit the flag that loads this file, but not the channel. */
if (isMainThread && process.send !== undefined) {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  const kept = [];
  process.on("message", ({ look, snapshot, leak }) => {
    if (leak !== undefined)
      setInterval(() => kept.push("x".repeat(8) + new Array(leak / 8).join()), 1000).unref();
    if (snapshot !== undefined) writeHeapSnapshot(snapshot);
    if (look === undefined) return;
    // Twice: what the first pass finalizes is free after the second.
    collect();
    collect();
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    const resources = {};
    for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1;
    process.send({ look, heapUsed, external, arrayBuffers, resources });
  });
  process.channel.unref();
}
