// Promise: whatever is done to a run (paused, given other threads, stopped, killed, taken up again, in any order), every trial ends once and the
// results are those of a run that nobody touched.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connectTo } from "../../control/control-client.ts";
import type { Asked } from "../../control/request.ts";
import { layoutOf, runLayoutOf } from "../../store/files/layout.ts";
import { begun, killGroup, type Line, removeLive } from "./live-project.ts";
import { type Project, projectOf, resultOf } from "./project.ts";
import { relay, spin } from "./sample-experiments.ts";

const files = { "relay.experiment.ts": relay, "spin.ts": spin };

/** Trials with their values, artifacts apart, in an order of their own. */
function resultsOf(project: Project): string {
  const { code, stdout, all } = project.lab("export", "json", "relay");
  assert.is(code, 0, all);
  return (JSON.parse(stdout) as object[])
    .map((row) => JSON.stringify(resultOf(row)))
    .sort()
    .join("\n");
}

const act = fc.oneof(
  fc.constantFrom<Asked | "kill">(
    { do: "pause" },
    { do: "unpause" },
    { do: "drain" },
    { do: "stop" },
    "kill",
  ),
  fc.integer({ min: 1, max: 4 }).map((workers): Asked => ({ do: "workers", workers })),
  fc
    .integer({ min: -3, max: 3 })
    .map((priority): Asked => ({ do: "priority", experiment: "relay", priority })),
);

/** Starts or takes up the run and does these acts to it; a paused run is let go on at the end. */
async function disturbed(project: Project, acts: readonly (Asked | "kill")[]): Promise<void> {
  const run = begun(project, ["run", "-j", "2", "--json"]);
  // The run may end before any of it.
  const hasBegun = await run
    .until(({ type, stage }: Line) => type === "job-started" && stage === "trial")
    .catch(() => null);
  const started = run.lines.find(({ type }) => type === "run-started");
  if (hasBegun !== null && started !== undefined) {
    const client = await connectTo(runLayoutOf(layoutOf(project.root), String(started.run)), "program");
    for (const each of [...acts, { do: "unpause" } as const]) {
      if (each === "kill") killGroup(run.child);
      // Refused, or the run has gone.
      else await client?.ask(each).catch(() => undefined);
      if (each === "kill") break;
    }
    client?.close();
  }
  await run.end;
}

test("random acts, kills and resumptions change no result", async () => {
  const alone = projectOf(files);
  try {
    assert.is(alone.lab("run", "-j", "2", "--quiet").code, 0);
    const expected = resultsOf(alone);
    const sequences = fc.array(fc.array(act, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 3 });
    const property = fc.asyncProperty(sequences, async (disturbances) => {
      const project = projectOf(files);
      try {
        for (const acts of disturbances) await disturbed(project, acts);
        const last = project.lab("run", "-j", "2", "--quiet");
        assert.is(last.code, 0, last.all);
        assert.is(resultsOf(project), expected);
      } finally {
        removeLive(project);
      }
    });
    await fc.assert(property, { numRuns: 4, endOnFailure: true });
  } finally {
    alone.remove();
  }
});

test.run();
