// The pricing game as an environment: firms set prices at the same time, a logit market answers, everybody sees all prices of the round
// before and its own sales. What Q-learning, scripted firms and language models play is this one market (pricing.ts).
import { z } from "zod";
import { defineEnvironment } from "./environment/environment.ts";
import { logitMarket, type Market } from "./pricing.ts";

type Firm = `firm-${number}`;

const parameters = z.object({
  firms: z.int().min(1).max(20).default(2),
  /** Quality of every product. */
  a: z.number().min(-100).max(100).default(2),
  /** Marginal cost over alpha. */
  c: z.number().min(0).max(100).default(1),
  /** Horizontal differentiation. */
  mu: z.number().min(0.01).max(100).default(0.25),
  /** Quality of the outside good. */
  a0: z.number().min(-100).max(100).default(0),
  /** How far a0 moves up or down in a round, each with probability 1/2; nobody sees it. */
  shock: z.number().min(0).max(10).default(0),
  /** Scale of prices (Fish, Gonczarowski and Shorrer 2024). */
  alpha: z.number().min(0.01).max(1000).default(1),
  /** Number of consumers. */
  size: z.number().min(0.01).max(1e6).default(1),
  rounds: z.int().min(1).max(1_000_000).default(300),
});
type Parameters = z.output<typeof parameters>;

interface State {
  played: number;
  /** Of the round before, by firm in order; null before the first. */
  prices: number[] | null;
  quantities: number[] | null;
  /** 0 or 1: which demand there was; hidden from the firms. */
  condition: number;
}

/**
 * Firms `firm-1`, `firm-2`, ...; an action is a price from 0, an observation the prices of the round before and the firm's own quantity and
 * profit. The reward is the profit (price - cost) x quantity. The horizon truncates. Chance: stream "demand".
 * @example play(pricingMarket, (firm) => scripted, { random, parameters: { firms: 3, rounds: 300 } })
 */
export const pricingMarket = defineEnvironment({
  name: "pricing-market",
  description: "Bertrand competition with logit demand (Calvano et al. 2020, eq. 5)",
  parameters,
  agents: ({ firms }: Parameters) => seatsOf(firms),
  action: z.number().min(0).max(1e6),
  observation: z.object({
    /** Of all firms in order; null in the first round. */
    prices: z.array(z.number().min(0)).nullable(),
    quantity: z.number().min(0).nullable(),
    profit: z.number().nullable(),
  }),
  roundsMax: ({ rounds }) => rounds,
  reset: (): State => ({ played: 0, prices: null, quantities: null, condition: 0 }),
  observe({ state, agent, parameters: world }) {
    const { prices, quantities } = state;
    if (prices === null || quantities === null) return { prices: null, quantity: null, profit: null };
    const seat = seatsOf(world.firms).indexOf(agent);
    const [price, quantity] = [prices[seat]!, quantities[seat]!];
    return { prices: [...prices], quantity, profit: (price - costOf(world)) * quantity };
  },
  step({ parameters: world, state, actions, rewards, random }) {
    const seats = seatsOf(world.firms);
    const prices = seats.map((firm) => actions[firm]!);
    const condition = world.shock === 0 ? 0 : random.stream("demand").integer(0, 1);
    const quantities = marketOf(world).demand(prices, condition);
    const cost = costOf(world);
    for (let i = 0; i < seats.length; i++) rewards[seats[i]!] = (prices[i]! - cost) * quantities[i]!;
    state.prices = prices;
    state.quantities = quantities;
    state.condition = condition;
    state.played += 1;
    return state.played >= world.rounds ? "truncated" : "running";
  },
  resample: ({ state, random }) => ({ ...state, condition: random.integer(0, 1) }),
  invariants: {
    "sales are at most all consumers": ({ state, parameters: { size } }) =>
      state.quantities === null || sumOf(state.quantities) <= size * (1 + 1e-9),
    "no quantity is negative": ({ state }) =>
      state.quantities === null || state.quantities.every((q) => q >= 0),
  },
  laws: {
    "a profit is the margin times the quantity": ({ parameters: world, after, rewards }) =>
      seatsOf(world.firms).every((firm, i) => {
        const profit = (after.prices![i]! - costOf(world)) * after.quantities![i]!;
        return Math.abs(rewards[firm]! - profit) <= 1e-9 * (1 + Math.abs(profit));
      }),
    "a firm that asks more sells no more": ({ parameters: world, actions, after, had }) =>
      seatsOf(world.firms).every((firm, i) => {
        const dearer = had({ ...actions, [firm]: actions[firm]! + world.alpha * world.mu });
        return dearer === null || dearer.after.quantities![i]! <= after.quantities![i]! * (1 + 1e-9);
      }),
    "exchanged prices exchange the profits": ({ parameters: world, actions, rewards, had }) => {
      const seats = seatsOf(world.firms);
      const turned = (firm: Firm) => seats[(seats.indexOf(firm) + 1) % seats.length]!;
      const other = had(Object.fromEntries(seats.map((firm) => [turned(firm), actions[firm]!])));
      return seats.every((firm) => {
        const expected = rewards[firm]!;
        return (
          other !== null &&
          Math.abs(other.rewards[turned(firm)]! - expected) <= 1e-9 * (1 + Math.abs(expected))
        );
      });
    },
  },
});

/** "firm-1" to "firm-n", in order; made once for a number of firms, since a round asks for them several times. */
function seatsOf(firms: number): readonly Firm[] {
  const known = seats[firms];
  if (known !== undefined) return known;
  const made = Array.from({ length: firms }, (_, i): Firm => `firm-${i + 1}`);
  // A list without holes is read quickest.
  while (seats.length <= firms) seats.push(undefined);
  seats[firms] = made;
  return made;
}

const seats: (readonly Firm[] | undefined)[] = [];

function costOf({ c, alpha }: Parameters): number {
  return c * alpha;
}

/** The market of these parameters. They are one object for an episode, and only an intervention changes them: a market is kept by its options. */
function marketOf(world: Parameters): Market {
  const kept = latest?.parameters === world ? latest : markets.get(world);
  if (kept !== undefined && isSameWorld(kept.world, world)) {
    latest = kept;
    return kept.market;
  }
  const { firms, a, c, mu, a0, shock, alpha, size } = world;
  const outside = shock === 0 ? a0 : [a0 - shock, a0 + shock];
  const market = logitMarket({ firms, a, c, mu, alpha, size, a0: outside });
  latest = { parameters: world, world: { ...world }, market };
  markets.set(world, latest);
  return market;
}

interface KeptMarket {
  readonly parameters: Parameters;
  /** A copy, as they were when the market was made. */
  readonly world: Parameters;
  readonly market: Market;
}
const markets = new WeakMap<Parameters, KeptMarket>();
/** The market of the episode that was played last: most rounds ask for it. */
let latest: KeptMarket | undefined;

function isSameWorld(one: Parameters, other: Parameters): boolean {
  return (
    one.firms === other.firms &&
    one.a === other.a &&
    one.c === other.c &&
    one.mu === other.mu &&
    one.a0 === other.a0 &&
    one.shock === other.shock &&
    one.alpha === other.alpha &&
    one.size === other.size
  );
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
