// Which exchanges a project has recorded, by the key that they were sent under: what no later run may request again. For tests and shows that
// hold what a server has seen against what was on the disk at a kill.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { entryOf, journalMagic } from "../kept/effect-journal.ts";
import { scanFrames } from "../ledger/frame-scan.ts";

/** The idempotency keys of all exchanges whose answer is in a journal of the project. */
export function answeredKeys(root: string): ReadonlySet<string> {
  const sent = new Map<string, string>();
  const answered = new Set<string>();
  for (const path of journalsOf(root))
    scanFrames(path, journalMagic.length, {
      frame(payload) {
        const entry = entryOf(payload);
        if (!("trial" in entry && "key" in entry)) return;
        const name = `${entry.trial} ${entry.key}`;
        if (entry.entry === "intent") sent.set(name, entry.idempotencyKey);
        const key = sent.get(name);
        if (entry.entry === "response" && key !== undefined) answered.add(key);
      },
    });
  return answered;
}

/** Oldest first; runs sort by name. */
function journalsOf(root: string): readonly string[] {
  const runs = join(root, ".lab/runs");
  return readdirSync(runs)
    .sort()
    .flatMap((run) => {
      const files = readdirSync(join(runs, run), { recursive: true, encoding: "utf8" }).sort();
      return files.filter((file) => /^effects.[^/]+\.log$/.test(file)).map((file) => join(runs, run, file));
    });
}
