// A process that runs an author's code may be spinning when its parent is killed, and then hears of nothing: a thread of its own looks.
import { Worker } from "node:worker_threads";

/** How often the thread looks for the parent. */
const lookMs = 500;

/** From now on this process, and its group if it leads one, is killed once its parent is gone, whatever its own code does. */
export function endWithParent(): void {
  const code = `setInterval(() => {
    if (process.ppid === ${process.ppid}) return;
    for (const target of [-process.pid, process.pid]) try { process.kill(target, "SIGKILL"); } catch {}
  }, ${lookMs});`;
  new Worker(code, { eval: true }).unref();
}
