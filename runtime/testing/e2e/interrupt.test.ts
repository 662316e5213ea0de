// Promise: Ctrl-C and SIGTERM finish what runs, save it, say what to type next, and end with code 130; a second Ctrl-C stops at once.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ended, projectOf } from "./project.ts";
import { relay, spin } from "./sample-experiments.ts";

const files = { "relay.experiment.ts": relay.replace("replicate(6", "replicate(40"), "spin.ts": spin };

async function interrupted(signals: readonly NodeJS.Signals[]): Promise<{
  readonly code: number | null;
  readonly stderr: string;
  readonly recorded: number;
  readonly all: string;
}> {
  const project = projectOf(files);
  try {
    const child = project.start(["run", "-j", "2", "--json"]);
    await new Promise<void>((resolve) => {
      let text = "";
      child.stdout?.on("data", (bytes) => {
        text += bytes;
        if (/"type":"progress"[^\n]*"stage":"trial"[^\n]*"done":[1-9]/.test(text)) resolve();
      });
      child.on("close", () => resolve());
    });
    const end = ended(child);
    for (const signal of signals) {
      // As a terminal does: the signal goes to the whole process group.
      process.kill(-(child.pid ?? 0), signal);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const { code, stderr, all } = await end;
    const rows = JSON.parse(project.lab("export", "json", "relay").stdout) as { outcome: string | null }[];
    const recorded = rows.filter((row) => row.outcome === "measured").length;
    const resumed = project.lab("run", "--quiet");
    assert.is(resumed.code, 0, resumed.all);
    return { code, stderr, recorded, all };
  } finally {
    project.remove();
  }
}

for (const signals of [["SIGINT"], ["SIGTERM"], ["SIGINT", "SIGINT"]] as const) {
  test(`${signals.join(" and ")}: saved, explained, resumable`, async () => {
    const { code, stderr, recorded, all } = await interrupted(signals);
    assert.is(code, 130, all);
    assert.match(stderr, /lab run/);
    assert.ok(recorded > 0 && recorded < 160, `${recorded} trials were recorded`);
  });
}

test.run();
