// Promise: a record is found again under the same parameter values, derived ones included, and under no others.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { SpaceDescriptor } from "../../../lib/experiment/space/space.ts";
import { derivedHashesOf } from "../../plan/derived-hashes.ts";
import { fixturePlan, trialJob } from "../testing/plan-fixture.ts";
import { type PlacedJob, unitMappingOf } from "./unit-mapping.ts";

/** The trial of a design with the factor `discount` and, where given, a value derived from it. */
function placed(levels: readonly number[], derive: ((discount: number) => number | null) | null): PlacedJob {
  const plan = fixturePlan({ levels, replicates: 2 });
  const { space, replicates } = plan.experiments[0]!;
  const derived: SpaceDescriptor = { kind: "derived", of: space, values: [{ name: "width", value: 0 }] };
  return {
    job: plan.jobs[trialJob]!,
    space: derive === null ? space : derived,
    replicates,
    derivedHashes:
      derive === null
        ? null
        : derivedHashesOf(
            levels.map((level) => {
              const width = derive(level);
              return width === null ? null : { width };
            }),
          ),
  };
}

const units = [0, 1, 2, 3];

function mapped(from: PlacedJob, to: PlacedJob): readonly number[] {
  const mapping = unitMappingOf(from, to);
  return units.map((unit) => (mapping === null ? unit : mapping(unit)));
}

test("the same derived values keep their units, also where levels have moved", () => {
  const before = placed([0, 0.5], (discount) => discount * 2);
  assert.is(
    unitMappingOf(
      before,
      placed([0, 0.5], (discount) => discount + discount),
    ),
    null,
  );
  assert.equal(
    mapped(
      before,
      placed([0.5, 0.9, 0], (discount) => discount * 2),
    ),
    [2, 0, 5, 3],
  );
});

test("a condition whose derived value has changed is another condition", () => {
  const before = placed([0, 0.5], (discount) => discount * 2);
  assert.equal(
    mapped(
      before,
      placed([0, 0.5], (discount) => discount * 3),
    ),
    [0, -1, 2, -1],
  );
  assert.equal(
    mapped(
      before,
      placed([0.5, 0], (discount) => discount * 3),
    ),
    [1, -1, 3, -1],
  );
});

test("a condition that `where` leaves out now keeps no record", () => {
  const before = placed([0, 0.5], (discount) => discount * 2);
  assert.equal(
    mapped(
      before,
      placed([0, 0.5], (discount) => (discount > 0 ? discount * 2 : null)),
    ),
    [-1, 1, -1, 3],
  );
});

test.run();
