// From a market to a game with finitely many prices: the paper's grid around Nash and joint-profit prices, and the
// payoff table that tabular learners take.
import { type Market, profitsOf } from "./market.ts";

export interface PriceGridOptions {
  /** Nash price of the firm. */
  readonly nash: number;
  /** Joint-profit price of the firm. */
  readonly joint: number;
  /** m, number of prices, at least 2; 15 unless told. */
  readonly points?: number;
  /** xi: the grid reaches this share of the gap beyond both prices; 0.1 unless told. */
  readonly margin?: number;
}

/**
 * m equally spaced prices from nash - xi (joint - nash) to joint + xi (joint - nash) (Calvano et al. 2020, section II.C).
 * @example priceGrid({ nash: 1.47293, joint: 1.92498 }) // 1.42773, 1.46647, ... 1.97018
 * @throws RangeError unless points is a whole number of at least 2 and the prices are finite.
 */
export function priceGrid(options: PriceGridOptions): number[] {
  const { nash, joint, points = 15, margin = 0.1 } = options;
  if (!Number.isInteger(points) || points < 2) {
    throw new RangeError(`priceGrid: expected points to be a whole number of at least 2, got ${points}`);
  }
  for (const [name, value] of Object.entries({ nash, joint, margin })) {
    if (!Number.isFinite(value))
      throw new RangeError(`priceGrid: expected ${name} to be finite, got ${value}`);
  }
  const first = nash - margin * (joint - nash);
  const last = joint + margin * (joint - nash);
  const step = (last - first) / (points - 1);
  const prices = [first];
  // By repeated addition, with the last one set: so that grids equal those of the authors' program to the last bit.
  while (prices.length < points - 1) prices.push(prices.at(-1)! + step);
  return [...prices, last];
}

/**
 * Payoffs of the game in which each firm picks from its grid (all of one length m): one block a demand condition, m^n
 * rows of n profits, firm 0 most significant. This is `payoffs` of labwright/agents/q-learning.
 * @throws RangeError unless there is a grid a firm and all have the same length.
 */
export function payoffTable(market: Market, grids: readonly (readonly number[])[]): Float64Array {
  const { firms, conditions } = market;
  const points = grids[0]?.length ?? 0;
  if (grids.length !== firms || points === 0 || grids.some((grid) => grid.length !== points)) {
    const lengths = grids.map((grid) => grid.length).join(", ");
    throw new RangeError(`payoffTable: expected ${firms} grids of one length, got lengths [${lengths}]`);
  }
  const joint = points ** firms;
  const table = new Float64Array(conditions * joint * firms);
  for (let condition = 0; condition < conditions; condition++) {
    for (let row = 0; row < joint; row++) {
      const prices = grids.map((grid, i) => grid[Math.floor(row / points ** (firms - 1 - i)) % points]!);
      table.set(profitsOf(market, prices, condition), (condition * joint + row) * firms);
    }
  }
  return table;
}

/**
 * Delta, the profit gain of eq. 9: 0 at Nash, 1 at joint profit, from profits averaged over firms.
 * @example profitGain({ profits: [0.32, 0.32], nash: [0.22293, 0.22293], joint: [0.33749, 0.33749] }) // 0.847
 */
export function profitGain(given: {
  readonly profits: readonly number[];
  readonly nash: readonly number[];
  readonly joint: readonly number[];
}): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const nash = mean(given.nash);
  return (mean(given.profits) - nash) / (mean(given.joint) - nash);
}
