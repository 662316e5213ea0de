// Prices that theory predicts for a market: Nash (each firm alone), joint profit (all as one), and anything between,
// found by best responses of one price at a time. Every price is a root of its first-order condition.
import { type Market, profitsOf } from "./market.ts";

export interface PriceSolution {
  readonly prices: readonly number[];
  /** Expected profit of each firm at these prices. */
  readonly profits: readonly number[];
  /** Expected quantity of each firm at these prices. */
  readonly quantities: readonly number[];
}

/**
 * Nash prices: no firm gains by another price of its own (one-shot Bertrand).
 * @example nashPrices(logitMarket({ firms: 2 })).prices // [1.47293, 1.47293]
 */
export function nashPrices(market: Market): PriceSolution {
  return equilibriumPrices(market, { owners: market.costs.map((_, firm) => firm) });
}

/**
 * Prices that maximise the sum of all profits: the cartel's, or a monopolist's with all the products.
 * @example jointProfitPrices(logitMarket({ firms: 2 })).prices // [1.92498, 1.92498]
 */
export function jointProfitPrices(market: Market): PriceSolution {
  return equilibriumPrices(market, { owners: market.costs.map(() => 0) });
}

/**
 * Prices at which no owner gains by changing one of its prices. Under several demand conditions that differ widely there
 * may be more than one such point; this is the one reached from marginal cost. `owners[i]` is any number naming who owns firm i; equal
 * numbers price together. Exact to about 1e-12 of the price scale.
 * @throws RangeError unless there is an owner a firm; Error where no equilibrium is found, with the market's costs.
 */
export function equilibriumPrices(
  market: Market,
  options: { readonly owners: readonly number[] },
): PriceSolution {
  const { owners } = options;
  if (owners.length !== market.firms) {
    throw new RangeError(`equilibriumPrices: expected ${market.firms} owners, got ${owners.length}`);
  }
  const prices = [...market.costs];
  for (let sweep = 0; sweep < 1000; sweep++) {
    let largestMove = 0;
    for (let firm = 0; firm < market.firms; firm++) {
      const best = bestPrice(market, prices, { firm, owners });
      largestMove = Math.max(largestMove, Math.abs(best - prices[firm]!) / (1 + Math.abs(best)));
      prices[firm] = best;
    }
    if (largestMove < 1e-13) break;
    if (sweep === 999)
      throw new Error(`equilibriumPrices: no equilibrium found for costs [${market.costs.join(", ")}]`);
  }
  return { prices, profits: profitsOf(market, prices), quantities: market.demand(prices) };
}

/** Who sets the price, and who owns what. */
interface Seat {
  readonly firm: number;
  readonly owners: readonly number[];
}

/** The price of one firm that is best for its owner while the other prices stand. */
function bestPrice(market: Market, prices: readonly number[], seat: Seat): number {
  const trial = [...prices];
  const excess = (price: number) => {
    trial[seat.firm] = price;
    return excessMarkup(market, trial, seat);
  };
  // Cost is always too low a price. Far above, where all demand has vanished in rounding, the excess is NaN: too high.
  let low = market.costs[seat.firm]!;
  let width = 1e-3 * (1 + Math.abs(low));
  while (excess(low + width) < 0) {
    if (width > 1e300)
      throw new Error(`equilibriumPrices: firm ${seat.firm} gains without end by a higher price`);
    low += width;
    width *= 2;
  }
  let high = low + width;
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (excess(middle) < 0) low = middle;
    else high = middle;
  }
}

/** Markup minus the markup that the first-order condition asks for: negative while raising the price pays. */
function excessMarkup(market: Market, prices: readonly number[], { firm, owners }: Seat): number {
  const quantities = market.demand(prices);
  const slopes = market.slopes(prices)[firm]!;
  let gain = quantities[firm]!;
  for (let other = 0; other < market.firms; other++) {
    if (other !== firm && owners[other] === owners[firm]) {
      gain += (prices[other]! - market.costs[other]!) * slopes[other]!;
    }
  }
  return prices[firm]! - market.costs[firm]! + gain / slopes[firm]!;
}
