// The pricing game's market: logit demand for differentiated products with an outside good (Calvano et al., AER 2020,
// eq. 5; price scale as in Fish, Gonczarowski and Shorrer, arXiv 2404.00806). Demand may be hit by unseen shocks.
import {
  assertCondition,
  assertFirms,
  assertPositive,
  assertPrices,
  type Market,
  perFirm,
  profitsOf,
} from "./market.ts";

export { type Market, profitsOf };

export interface LogitOptions {
  /** Number of firms, 1 to 1000. */
  readonly firms: number;
  /** Quality of each product, one for all or one a firm; 2 unless told. */
  readonly a?: number | readonly number[];
  /** Marginal cost over alpha, one for all or one a firm; 1 unless told. */
  readonly c?: number | readonly number[];
  /** Scale of prices: a firm's price and cost are alpha times those of the model; one for all or one a firm; 1 unless told. */
  readonly alpha?: number | readonly number[];
  /** Horizontal differentiation, above 0: towards 0 products become perfect substitutes; 0.25 unless told. */
  readonly mu?: number;
  /** Quality of the outside good, 0 unless told. A list: each period one of these, equally likely, seen by no firm. */
  readonly a0?: number | readonly number[];
  /** Number of consumers, above 0; 1 unless told. */
  readonly size?: number;
}

/**
 * Logit demand: q_i = size exp((a_i - p_i / alpha_i) / mu) / (sum_j exp((a_j - p_j / alpha_j) / mu) + exp(a0 / mu)).
 * @example
 * const market = logitMarket({ firms: 2 }); // the paper's baseline
 * profitsOf(market, [1.47293, 1.47293]); // [0.22293, 0.22293]
 * @throws RangeError naming the parameter that is out of range.
 */
export function logitMarket(options: LogitOptions): Market {
  const { firms, mu = 0.25, size = 1 } = options;
  assertFirms(firms);
  const a = perFirm("a", options.a ?? 2, firms);
  const c = perFirm("c", options.c ?? 1, firms);
  const alpha = perFirm("alpha", options.alpha ?? 1, firms);
  for (const value of alpha) assertPositive("alpha", value);
  assertPositive("mu", mu);
  assertPositive("size", size);
  const outside = typeof options.a0 === "object" ? options.a0 : [options.a0 ?? 0];
  if (outside.length === 0 || !outside.every(Number.isFinite)) {
    throw new RangeError(`market: expected a0 to be one finite number or more, got [${outside.join(", ")}]`);
  }

  const sharesUnder = (prices: readonly number[], a0: number): number[] => {
    const utilities = prices.map((price, i) => (a[i]! - price / alpha[i]!) / mu);
    return logitShares(utilities, a0 / mu);
  };
  const all = outside.map((_, condition) => condition);

  return {
    firms,
    costs: c.map((cost, i) => cost * alpha[i]!),
    conditions: outside.length,
    demand(prices, condition) {
      assertPrices(firms, prices);
      assertCondition(outside.length, condition);
      const drawn = condition === undefined ? all : [condition];
      const shares = drawn.map((index) => sharesUnder(prices, outside[index]!));
      return prices.map((_, i) => size * meanOf(shares.map((row) => row[i]!)));
    },
    slopes(prices) {
      assertPrices(firms, prices);
      const shares = all.map((index) => sharesUnder(prices, outside[index]!));
      return prices.map((_, i) =>
        prices.map((_, j) => {
          const slope = (s: readonly number[]) => (i === j ? -s[i]! * (1 - s[i]!) : s[i]! * s[j]!);
          return (size / (alpha[i]! * mu)) * meanOf(shares.map(slope));
        }),
      );
    },
  };
}

/** Logit shares of the inside goods: exp(u_i) / (sum_j exp(u_j) + exp(outside)). */
function logitShares(utilities: readonly number[], outside: number): number[] {
  const weights = utilities.map(Math.exp);
  const total = weights.reduce((sum, weight) => sum + weight, 0) + Math.exp(outside);
  if (total > 0 && total < Infinity) return weights.map((weight) => weight / total);
  // Out of range of exp: the same shares with the largest utility taken out of numerator and denominator.
  const largest = Math.max(outside, ...utilities);
  const shifted = utilities.map((utility) => Math.exp(utility - largest));
  const shiftedTotal = shifted.reduce((sum, weight) => sum + weight, 0) + Math.exp(outside - largest);
  return shifted.map((weight) => weight / shiftedTotal);
}

function meanOf(values: readonly number[]): number {
  return values.length === 1 ? values[0]! : values.reduce((sum, value) => sum + value, 0) / values.length;
}
