// A market maker that learns while it trades: it quotes a spread around a price that wanders, and learns by Q-learning how wide to
// quote for how much it holds. Its state is what a long run has to save: the value table, a replay memory, and the account.

export interface MarketMaker {
  /** Value of each spread, by inventory: `value[inventory * spreads + spread]`. */
  readonly value: Float64Array;
  /** The last transitions, seven numbers each, oldest overwritten first. */
  readonly memory: Float64Array;
  cash: number;
  /** Units held, from -inventoryMax to inventoryMax. */
  inventory: number;
  price: number;
  /** Sum and number of rewards since the start. */
  rewardSum: number;
  trades: number;
}

export const inventoryMax = 10;
export const spreads = [0.02, 0.05, 0.1, 0.2, 0.4] as const;
const fields = 7;

/** A maker that has seen nothing, with a memory of so many megabytes. */
export function newMaker(memoryMb: number): MarketMaker {
  const transitions = Math.max(1, Math.floor((memoryMb * 2 ** 20) / (8 * fields)));
  return {
    value: new Float64Array((2 * inventoryMax + 1) * spreads.length),
    memory: new Float64Array(transitions * fields),
    cash: 0,
    inventory: 0,
    price: 100,
    rewardSum: 0,
    trades: 0,
  };
}

export interface MarketOptions {
  /** Standard deviation of the price's change in a step. */
  readonly volatility: number;
  /** Share of steps in which a spread is tried at random. */
  readonly exploration: number;
}

/** Numbers in [0, 1), and standard normal ones. */
interface Chance {
  float(): number;
  normal(): number;
}

const learningRate = 0.02;
const discount = 0.95;
/** What it costs a step to hold one unit, squared: risk. */
const holdingCost = 0.0005;

/** One step: quote, trade, learn from it and from one remembered transition. Returns the reward. */
export function tradeOnce(
  maker: MarketMaker,
  step: number,
  { volatility, exploration }: MarketOptions,
  chance: Chance,
): number {
  const state = maker.inventory + inventoryMax;
  const quote =
    chance.float() < exploration ? Math.floor(chance.float() * spreads.length) : bestOf(maker.value, state);
  const spread = spreads[quote] ?? 0;
  const worth = maker.cash + maker.inventory * maker.price;
  // A wider spread earns more a trade and is hit more seldom.
  const isHit = Math.exp(-spread / 0.15);
  if (chance.float() < isHit && maker.inventory < inventoryMax) trade(maker, 1, maker.price - spread / 2);
  if (chance.float() < isHit && maker.inventory > -inventoryMax) trade(maker, -1, maker.price + spread / 2);
  maker.price += volatility * chance.normal();
  const reward = maker.cash + maker.inventory * maker.price - worth - holdingCost * maker.inventory ** 2;
  const next = maker.inventory + inventoryMax;
  remember(maker.memory, step, [state, quote, reward, next, spread, maker.price, 1]);
  learn(maker.value, state, quote, reward, next);
  replay(maker, chance);
  maker.rewardSum += reward;
  return reward;
}

function trade(maker: MarketMaker, units: 1 | -1, price: number): void {
  maker.inventory += units;
  maker.cash -= units * price;
  maker.trades += 1;
}

function bestOf(value: Float64Array, state: number): number {
  let best = 0;
  for (let quote = 1; quote < spreads.length; quote++)
    if (valueAt(value, state, quote) > valueAt(value, state, best)) best = quote;
  return best;
}

function valueAt(value: Float64Array, state: number, quote: number): number {
  return value[state * spreads.length + quote] ?? 0;
}

function learn(value: Float64Array, state: number, quote: number, reward: number, next: number): void {
  const target = reward + discount * valueAt(value, next, bestOf(value, next));
  value[state * spreads.length + quote] =
    valueAt(value, state, quote) + learningRate * (target - valueAt(value, state, quote));
}

function remember(memory: Float64Array, step: number, transition: readonly number[]): void {
  memory.set(transition, (step % (memory.length / fields)) * fields);
}

function replay({ value, memory }: MarketMaker, chance: Chance): void {
  const at = Math.floor(chance.float() * (memory.length / fields)) * fields;
  const [state = 0, quote = 0, reward = 0, next = 0, , , isFilled = 0] = memory.subarray(at, at + fields);
  if (isFilled === 1) learn(value, state, quote, reward, next);
}

/** The spread that it has learned to quote with nothing in hand. */
export function learnedSpread({ value }: MarketMaker): number {
  return spreads[bestOf(value, inventoryMax)] ?? 0;
}
