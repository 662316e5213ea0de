import { test } from "uvu";
import * as assert from "uvu/assert";
import { payoffTable, priceGrid, profitGain } from "./price-grid.ts";
import { logitMarket, profitsOf } from "./pricing.ts";

test("the duopoly's grid is the paper's", () => {
  const published =
    "1.42773 1.46647 1.50522 1.54397 1.58271 1.62146 1.66021 1.69896 1.73770 1.77645 1.81520 1.85394 1.89269 1.93144 1.97018";
  const grid = priceGrid({ nash: 1.47293, joint: 1.92498 });
  for (const [i, text] of published.split(" ").entries()) assert.ok(Math.abs(grid[i]! - Number(text)) < 1e-5);
  assert.is(grid.length, 15);
});

test("grids of three and four firms span the published range", () => {
  const three = priceGrid({ nash: 1.37016, joint: 2 });
  assert.ok(Math.abs(three[0]! - 1.30718) < 1e-5 && Math.abs(three[14]! - 2.06298) < 1e-5);
  const four = priceGrid({ nash: 1.331461, joint: 2.054411 });
  assert.ok(Math.abs(four[0]! - 1.25917) < 1e-5 && Math.abs(four[14]! - 2.12671) < 1e-5);
});

test("a payoff table holds the profits of every joint action under every condition", () => {
  const market = logitMarket({ firms: 3, a0: [-0.1, 0.1] });
  const grid = [1.4, 1.6, 1.9, 2];
  const table = payoffTable(market, [grid, grid, grid]);
  assert.is(table.length, 2 * 64 * 3);
  const at = (1 * 64 + 2 * 16 + 0 * 4 + 3) * 3;
  assert.equal([...table.subarray(at, at + 3)], profitsOf(market, [1.9, 1.4, 2], 1));
});

test("profit gain is 0 at Nash and 1 at joint profit", () => {
  const nash = [0.2, 0.3];
  const joint = [0.5, 0.4];
  assert.is(profitGain({ profits: nash, nash, joint }), 0);
  assert.is(profitGain({ profits: joint, nash, joint }), 1);
});

test("grids that do not fit are refused", () => {
  assert.throws(
    () => priceGrid({ nash: 1, joint: 2, points: 1 }),
    /points to be a whole number of at least 2, got 1/,
  );
  assert.throws(() => priceGrid({ nash: Number.NaN, joint: 2 }), /nash to be finite, got NaN/);
  assert.throws(() => payoffTable(logitMarket({ firms: 2 }), [[1, 2]]), /expected 2 grids of one length/);
});

test.run();
