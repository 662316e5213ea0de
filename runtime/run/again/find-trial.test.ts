// Laws of finding a trial by its id, with or without having heard of it.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { spaceFromDescriptor } from "../../../lib/experiment/space/indexed-space.ts";
import type { OpenedPlan } from "../../plan/opened-plan.ts";
import { idOfUnit, idsOfUnits } from "../../plan/trial-id.ts";
import { unitCountOf } from "../../plan/units.ts";
import { fixturePlan, fixtureTrialId, trialJob } from "../../store/testing/plan-fixture.ts";
import { findTrial } from "./find-trial.ts";

test("every trial is found by its id and by the ids that are made in bulk, and by nothing else", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 }),
      fc.option(fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { minLength: 3, maxLength: 3 }), {
        nil: null,
      }),
      (levels, seeds) => {
        const plan = fixturePlan({ levels, seeds, replicates: 3 });
        const [planned] = plan.experiments;
        const space = spaceFromDescriptor(planned!.space);
        const jobs = plan.jobs.map((job, index) => ({ index, job }));
        const opened: OpenedPlan = { plan, folder: "", experiments: [{ planned: planned!, space, jobs }] };
        const job = plan.jobs[trialJob]!;
        const named = { job, space, replicates: planned!.replicates };
        const idOf = idsOfUnits(named);
        for (let unit = 0; unit < unitCountOf(job); unit += 1) {
          const id = fixtureTrialId(plan, unit);
          assert.is(idOf(unit), id);
          assert.is(idOfUnit({ ...named, unit }), id);
          const found = findTrial(opened, id);
          assert.equal([found?.jobIndex, found?.unit, found?.id], [trialJob, unit, id]);
        }
        assert.is(findTrial(opened, "0".repeat(16)), null);
      },
    ),
    { numRuns: 20 },
  );
});

test.run();
