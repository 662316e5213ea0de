// What steers a run is a port of it: another than the stopping rules decides what is asked for, hears every record, and may ask for more.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { bitmapOf, setBit } from "../plan/bitmap.ts";
import { trialOf } from "../plan/opened-plan.ts";
import { run } from "../run.ts";
import { projectOf } from "../testing/e2e/project.ts";
import { walk } from "../testing/e2e/sample-experiments.ts";
import { stoppingRules } from "./adaptive/adaptive-run.ts";
import type { SteeringOf } from "./steering.ts";

/** Asks for one replicate of each condition, then for one trial more, once the first are there. */
function oneMore(heard: number[]): SteeringOf {
  return (options) => {
    const trial = trialOf(options.opened.experiments[0]!);
    const extra = bitmapOf(trial.job.conditions * trial.job.replicates);
    setBit(extra, 2 * trial.job.conditions + 1);
    let isAsked = false;
    return {
      ...stoppingRules(options),
      caps: new Map([[trial.job.experiment, 1]]),
      heed(batch, run) {
        heard.push(...batch.unit);
        if (isAsked || heard.length < trial.job.conditions) return;
        isAsked = true;
        run.add(new Map([[trial.index, extra]]));
      },
    };
  };
}

test("another steering decides what is run, from the records in hand, and the usual one goes on from there", async () => {
  const project = projectOf({ "walk.experiment.ts": walk });
  try {
    for (const threads of [1, 3]) {
      const heard: number[] = [];
      const force = threads > 1;
      const steered = await run({ root: project.root, threads, force, steering: oneMore(heard) });
      assert.equal([steered.done, steered.remaining], [5, 0]);
      assert.equal(
        heard.sort((a, b) => a - b),
        [0, 1, 2, 3, 9],
      );
    }
    const whole = await run({ root: project.root });
    assert.equal([whole.done, whole.reused], [15, 5]);
  } finally {
    project.remove();
  }
});

test.run();
