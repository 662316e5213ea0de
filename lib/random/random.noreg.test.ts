// Pins what generators and distributions give. It proves nothing; a change here changes every result, and needs a new SEED_SCHEME.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { randomFrom, randomOf } from "./random.ts";
import {
  conditionHashOf,
  replicateSeedOf,
  SEED_SCHEME,
  seedKeyOf,
  seedStemOf,
  trialSeedOf,
} from "./seed-of.ts";

test("seeds of scheme 1 stand", () => {
  const stem = seedStemOf({ root: 2020, experiment: "pinned", stage: "trial" });
  const condition = conditionHashOf('{"alpha":0.1}');
  const key = seedKeyOf({ root: 2020, experiment: "pinned" });
  assert.is(SEED_SCHEME, 1);
  assert.equal(
    {
      stem,
      condition,
      trial: trialSeedOf(stem, { condition, replicate: 7 }),
      shared: trialSeedOf(stem, { condition: null, replicate: 7 }),
      replicate: replicateSeedOf(key, { hash32: condition[0], replicate: 7, salt: 0 }),
    },
    {
      stem: [2292441667, 403285889, 1338865418, 2333576626],
      condition: [3431640011, 357588354, 444879319, 1774830578],
      trial: [3160782027, 3372192013, 911606733, 1809194344],
      shared: [833049293, 536894792, 3649594793, 3218048586],
      replicate: 4197593252,
    },
  );
});

test("numbers of scheme 1 stand", () => {
  const stem = seedStemOf({ root: 2020, experiment: "pinned", stage: "trial" });
  const condition = conditionHashOf('{"alpha":0.1}');
  const random = randomOf({ stem, condition, replicate: 7, pairing: "common-random-numbers" });
  assert.equal(
    [
      random.float(),
      random.integer(1, 6),
      random.integer(0, 2 ** 40),
      random.uint32(),
      random.boolean(0.5),
      random.normal(),
      random.exponential(),
      random.pick(["a", "b", "c"]),
      random.shuffle([1, 2, 3, 4]),
      random.stream("agent", 2).float(),
      random.stream("agent", 2, { own: true }).float(),
      random.state(),
      randomFrom(1).float(),
    ],
    [
      0.03202574079715337,
      4,
      662446676060,
      1029447062,
      false,
      -1.2433826930811878,
      0.25215263605989247,
      "b",
      [2, 3, 1, 4],
      0.21680887079944267,
      0.9560689222082017,
      [4088098700, 1635789382, 2714132070, 1609437918],
      0.21470893077291453,
    ],
  );
});

test.run();
