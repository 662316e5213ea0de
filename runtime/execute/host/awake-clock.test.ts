// What an hour of sleep does to trials under way: nothing.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { UnitClock } from "../worker/unit/unit-clock.ts";
import { AwakeClock } from "./awake-clock.ts";

test("an hour between two looks counts as a second, and a look back as nothing", () => {
  const clock = new AwakeClock(new SharedArrayBuffer(16), 8);
  clock.tick(1000);
  assert.is(clock.tick(1050), 50);
  assert.is(clock.tick(3_601_050), 1000);
  assert.is(clock.tick(3_601_000), 0);
  assert.is(clock.tick(3_601_040), 40);
  assert.is(clock.ms, 1090);
});

test("a unit's time-out is over once so much time was awake, and not while its process slept", async () => {
  let awake = 0;
  let isOver = false;
  const ended = new Promise<void>((resolve) => {
    new UnitClock({
      limitMs: 20,
      awake: () => awake,
      onOver: () => {
        isOver = true;
        resolve();
      },
    });
  });
  // The timer goes off after 20 ms; a clock that stood still meanwhile says that they were slept through.
  await new Promise((resolve) => setTimeout(resolve, 80));
  assert.not(isOver);
  awake = 20;
  await ended;
});

test("a unit's time-out stands still while it is held", async () => {
  const clocked = performance.now();
  const awake = (): number => performance.now() - clocked;
  let isOver = false;
  const clock = new UnitClock({ limitMs: 30, awake, onOver: () => (isOver = true) });
  clock.hold();
  await new Promise((resolve) => setTimeout(resolve, 80));
  assert.not(isOver);
  clock.stop();
  clock.release();
  await new Promise((resolve) => setTimeout(resolve, 80));
  assert.not(isOver);
});

test.run();
