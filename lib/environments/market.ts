// What the pricing tools ask of a market: demand and its slopes, on average over conditions that no firm can see.
// Solvers, grids and payoff tables work on any market; one kind of demand a file (pricing.ts: logit, nested-logit.ts).

/** A market of n firms, each with one product. Prices and costs are in one unit of money. */
export interface Market {
  /** n, at least 1. */
  readonly firms: number;
  /** Marginal cost of each firm, in the unit of its price. */
  readonly costs: readonly number[];
  /** Number of equally likely demand conditions; 1 where demand is certain. */
  readonly conditions: number;
  /**
   * Quantity sold by each firm: under one condition (from 0), or on average over all when none is given.
   * @throws RangeError unless there are n finite prices and the condition exists.
   */
  demand(prices: readonly number[], condition?: number): number[];
  /** Row i, column j: how the average quantity of firm j changes with the price of firm i (own slopes are negative). */
  slopes(prices: readonly number[]): number[][];
}

/** Profit of each firm: (price - cost) x quantity, under one condition or on average. */
export function profitsOf(market: Market, prices: readonly number[], condition?: number): number[] {
  return market.demand(prices, condition).map((quantity, i) => (prices[i]! - market.costs[i]!) * quantity);
}

/** @throws RangeError unless there are `firms` prices, all finite. */
export function assertPrices(firms: number, prices: readonly number[]): void {
  if (prices.length !== firms || !prices.every(Number.isFinite)) {
    throw new RangeError(`market: expected ${firms} finite prices, got [${prices.join(", ")}]`);
  }
}

/** @throws RangeError unless the condition is absent or one of 0 to conditions - 1. */
export function assertCondition(conditions: number, condition: number | undefined): void {
  if (condition === undefined) return;
  if (!Number.isInteger(condition) || condition < 0 || condition >= conditions) {
    throw new RangeError(`market: expected a condition from 0 to ${conditions - 1}, got ${condition}`);
  }
}

/** One number for all firms, or one a firm; as a list of `firms` finite numbers. @throws RangeError naming the parameter. */
export function perFirm(name: string, value: number | readonly number[], firms: number): readonly number[] {
  const list = typeof value === "number" ? Array.from({ length: firms }, () => value) : value;
  if (list.length !== firms || !list.every(Number.isFinite)) {
    throw new RangeError(
      `market: expected ${name} to be one finite number or ${firms}, got [${list.join(", ")}]`,
    );
  }
  return list;
}

/** @throws RangeError unless the value is finite and above 0. */
export function assertPositive(name: string, value: number): void {
  if (!(value > 0 && value < Infinity)) {
    throw new RangeError(`market: expected ${name} to be a number above 0, got ${value}`);
  }
}

/** @throws RangeError unless there are 1 to 1000 firms. */
export function assertFirms(firms: number): void {
  if (!Number.isInteger(firms) || firms < 1 || firms > 1000) {
    throw new RangeError(`market: expected firms to be a whole number from 1 to 1000, got ${firms}`);
  }
}
