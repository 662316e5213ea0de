// Nested logit demand: products of one nest are closer substitutes for each other than for those of other nests.
// Cardell (Econometric Theory 1997), Train (Discrete Choice Methods, 2009, section 4.2); tends to plain logit as
// the dissimilarity tends to 1.
import {
  assertCondition,
  assertFirms,
  assertPositive,
  assertPrices,
  type Market,
  perFirm,
} from "./market.ts";

export interface NestedLogitOptions {
  /** Number of firms, 1 to 1000. */
  readonly firms: number;
  /** The nest of each firm: any whole numbers, equal ones are one nest. */
  readonly nests: readonly number[];
  /** lambda in (0, 1]: 1 dissolves the nests; towards 0 the products of a nest become perfect substitutes. */
  readonly dissimilarity: number;
  /** Quality of each product, one for all or one a firm; 2 unless told. */
  readonly a?: number | readonly number[];
  /** Marginal cost, one for all or one a firm; 1 unless told. */
  readonly c?: number | readonly number[];
  /** Horizontal differentiation, above 0; 0.25 unless told. */
  readonly mu?: number;
  /** Quality of the outside good, a nest of its own; 0 unless told. */
  readonly a0?: number;
  /** Number of consumers, above 0; 1 unless told. */
  readonly size?: number;
}

/**
 * Nested logit: with v_i = (a_i - p_i) / mu, nest sums D_g = sum_{j in g} exp(v_j / lambda), shares are
 * s_i = exp(v_i / lambda) / D_g * D_g^lambda / (sum_h D_h^lambda + exp(a0 / mu)).
 * @example nestedLogitMarket({ firms: 3, nests: [0, 0, 1], dissimilarity: 0.5 })
 * @throws RangeError naming the parameter that is out of range.
 */
export function nestedLogitMarket(options: NestedLogitOptions): Market {
  const { firms, nests, dissimilarity: lambda, mu = 0.25, a0 = 0, size = 1 } = options;
  assertFirms(firms);
  const a = perFirm("a", options.a ?? 2, firms);
  const c = perFirm("c", options.c ?? 1, firms);
  assertPositive("mu", mu);
  assertPositive("size", size);
  if (!Number.isFinite(a0)) throw new RangeError(`market: expected a0 to be a finite number, got ${a0}`);
  if (!(lambda > 0 && lambda <= 1)) {
    throw new RangeError(`market: expected dissimilarity above 0 and at most 1, got ${lambda}`);
  }
  if (nests.length !== firms || !nests.every(Number.isInteger)) {
    throw new RangeError(`market: expected nests to be ${firms} whole numbers, got [${nests.join(", ")}]`);
  }

  const choices = (prices: readonly number[]) => {
    const utilities = prices.map((price, i) => (a[i]! - price) / mu);
    return nestedShares(utilities, { nests, lambda, outside: a0 / mu });
  };

  return {
    firms,
    costs: c,
    conditions: 1,
    demand(prices, condition) {
      assertPrices(firms, prices);
      assertCondition(1, condition);
      return choices(prices).shares.map((share) => size * share);
    },
    slopes(prices) {
      assertPrices(firms, prices);
      const { shares, within } = choices(prices);
      // ds_j / dp_i = s_i / mu * (s_j + (1/lambda - 1) s_{j|g} [same nest] - 1/lambda [same product]).
      return prices.map((_, i) =>
        prices.map((_, j) => {
          const nested = nests[i] === nests[j] ? (1 / lambda - 1) * within[j]! : 0;
          return ((size * shares[i]!) / mu) * (shares[j]! + nested - (i === j ? 1 / lambda : 0));
        }),
      );
    },
  };
}

interface Nesting {
  readonly nests: readonly number[];
  readonly lambda: number;
  readonly outside: number;
}

/** Shares, and shares within the nest; all exponents relative to the largest so that none overflows. */
function nestedShares(utilities: readonly number[], nesting: Nesting) {
  const { nests, lambda, outside } = nesting;
  const inclusive = new Map<number, number>();
  for (const nest of new Set(nests)) {
    const members = utilities.filter((_, i) => nests[i] === nest).map((utility) => utility / lambda);
    inclusive.set(nest, lambda * logSumExp(members));
  }
  const total = logSumExp([...inclusive.values(), outside]);
  const within = utilities.map((utility, i) => Math.exp((utility - inclusive.get(nests[i]!)!) / lambda));
  const shares = within.map((share, i) => share * Math.exp(inclusive.get(nests[i]!)! - total));
  return { shares, within };
}

function logSumExp(values: readonly number[]): number {
  const largest = Math.max(...values);
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}
