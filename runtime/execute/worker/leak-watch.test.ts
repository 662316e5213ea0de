// A thread whose trials leave something behind is replaced; one that makes garbage is not.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LeakWatch } from "./leak-watch.ts";

/** The look at which it is too much, of looks at what is held; null when none is. `kept`: what a collection leaves. */
function fullAt(held: readonly number[], kept: (held: number) => number): number | null {
  let now = 0;
  const watch = new LeakWatch({
    limitMb: 200,
    held: () => now,
    collect: () => {
      now = kept(now);
    },
  });
  for (const [look, mb] of held.entries()) {
    now = mb;
    if (watch.look(look * 1000) !== null) return look;
  }
  return null;
}

test("growth from trial to trial is told once it is half of what the thread may hold", () => {
  const growing = Array.from({ length: 60 }, (_, look) => 40 + 5 * look);
  const at = fullAt(growing, (held) => held);
  assert.is(at, 21);
});

test("garbage is no growth, however much there is", () => {
  const sawtooth = Array.from({ length: 200 }, (_, look) => 40 + 20 * (look % 9));
  assert.is(
    fullAt(sawtooth, () => 40),
    null,
  );
});

test("what a thread takes at first is no growth", () => {
  assert.is(
    fullAt(Array(100).fill(190), (held) => held),
    null,
  );
});

test("it looks a few times a second at most", () => {
  let looks = 0;
  const watch = new LeakWatch({ limitMb: null, held: () => ++looks });
  for (let now = 0; now < 1000; now++) watch.look(now);
  assert.is(looks, 5);
});

test.run();
