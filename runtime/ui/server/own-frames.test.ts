// A stack is shown as far as it is the author's.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ownPartOf, ownPlaceOf } from "./own-frames.ts";

const own = "    at Object.trial (/home/ada/study/experiments/walk.experiment.ts:9:11)";
const node = "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)";
const runs = `    at runTrial (${new URL("../../command/run-command.js", import.meta.url).href})`;

test("what stands below the author's last line is left out; of a program that failed nothing is left", () => {
  const error = "Error: cut\n  in two lines";
  assert.is(ownPartOf([error, own, runs, node].join("\n")), [error, own].join("\n"));
  assert.is(ownPartOf([error, runs, node].join("\n")), null);
  assert.is(ownPartOf(null), null);
  assert.is(ownPlaceOf(own), "Object.trial (/home/ada/study/experiments/walk.experiment.ts:9:11)");
  assert.is(ownPlaceOf("    at f (/home/ada/study/node_modules/zod/index.js:1:1)"), null);
});

test.run();
