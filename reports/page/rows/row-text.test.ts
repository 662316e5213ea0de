// Numbers of a group have one number of decimals.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { decimalsOf } from "./row-text.ts";

test("the narrowest interval gives the decimals of all", () => {
  assert.is(
    decimalsOf([
      { interval: { low: 0, high: 10 } },
      { interval: { low: 1, high: 1.02 } },
      { interval: null },
    ]),
    3,
  );
  assert.is(decimalsOf([{ interval: { low: 2, high: 2 } }]), null);
});

test.run();
