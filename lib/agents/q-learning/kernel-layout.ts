// Where kernel.as keeps what, in bytes. The header is fixed; tables follow it, each aligned to 16 bytes.
import { streamWords } from "../uniform-stream.ts";
import type { CheckedProblem } from "./learning-problem.ts";

/** Byte offsets of the header's fields: int32 up to `ran2`, then float64, then two streams of 35 words. */
export const headerOffset = {
  agents: 0,
  actions: 4,
  shocks: 8,
  joint: 12,
  high: 16,
  periods: 20,
  stable: 24,
  stablePeriods: 28,
  periodsMax: 32,
  state: 36,
  values: 40,
  heads: 44,
  payoffs: 48,
  chosen: 52,
  ran2: 56,
  rates: 60,
  discount: 64,
  exploration: 96,
  ties: 240,
} as const;

const headerBytes = 384;

/** A head: best float64, bound float64, greedy int32, 4 unused. */
export const headBytes = 24;
export const headGreedyOffset = 16;

/** Rates of an agent, float64: learning rate, decay of the chance to explore, that chance in the next period. */
export const rateBytes = 24;

export interface KernelLayout {
  /** (state, agent) rows. */
  readonly rows: number;
  /** Values a row of Q takes in memory: the actions, padded to an even number. */
  readonly rowLength: number;
  readonly heads: number;
  readonly payoffs: number;
  readonly values: number;
  readonly rates: number;
  readonly chosen: number;
  readonly bytes: number;
}

/** Where the tables of this problem lie. */
export function layoutOf(problem: CheckedProblem): KernelLayout {
  const { agents, actions, states, joint, shocks } = problem;
  const rows = states * agents;
  const rowLength = actions + (actions % 2);
  const heads = aligned(Math.max(headerBytes, headerOffset.ties + streamWords * 4));
  const payoffs = aligned(heads + rows * headBytes);
  const values = aligned(payoffs + shocks * joint * agents * 8);
  const rates = aligned(values + rows * rowLength * 8);
  const chosen = aligned(rates + agents * rateBytes);
  return { rows, rowLength, heads, payoffs, values, rates, chosen, bytes: chosen + agents * 4 };
}

function aligned(offset: number): number {
  return Math.ceil(offset / 16) * 16;
}
