// The simulated farm against what closed networks of queues must do: the slowest station sets the pace, and where none is slow nobody waits.
import { randomFrom } from "labwright";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Farm, runFarm } from "./farm-model.ts";

const farm: Farm = {
  threads: 200,
  trialMs: 1,
  spread: 0.5,
  leaseMs: 10,
  ledgers: 1,
  records: "ledger",
  coordinatorUsPerLease: 500,
  coordinatorUsPerTrial: 10,
  redisUsPerLease: 100,
  networkMs: 0.2,
};
const outcomeOf = (more: Partial<Farm>) => runFarm({ ...farm, ...more }, randomFrom(1), 60);
const isNear = (found: number, expected: number): boolean => Math.abs(found / expected - 1) < 0.03;

test("a saturated coordinator gives one lease each time that it takes for one", () => {
  const { perSecond, coordinatorBusy, threadsBusy } = outcomeOf({});
  assert.ok(isNear(perSecond, 10 / 0.0006), `${perSecond}`);
  assert.ok(coordinatorBusy > 0.99);
  assert.ok(isNear(threadsBusy, perSecond / (farm.threads * 1000)), `${threadsBusy}`);
});

test("four ledgers take four times as much, and what goes past the coordinator takes none of its time", () => {
  assert.ok(isNear(outcomeOf({ ledgers: 4 }).perSecond, 4 * outcomeOf({}).perSecond));
  assert.ok(isNear(outcomeOf({ records: "object-storage" }).perSecond, 10 / 0.00025));
});

test("a few threads with long leases are nearly always busy", () => {
  const { perSecond, threadsBusy } = outcomeOf({ threads: 4, leaseMs: 1000 });
  assert.ok(threadsBusy > 0.99, `${threadsBusy}`);
  assert.ok(isNear(perSecond, 4000), `${perSecond}`);
});

test.run();
