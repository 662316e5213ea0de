// The loop of the plain TypeScript learner and the tables it plays on. They are constants of this module, longer than the
// 64 bytes that V8 keeps on its heap and not exported by name: only then are their addresses and lengths compiled into
// the loop. All that changes is in them: a field of an object would have V8 discard its code as learners come and go.
import { streamWords, type UniformStream } from "../uniform-stream.ts";
import { greedyAction } from "./initial-state.ts";

/** The most actions a row has room for. */
export const actionsMax = 16;

// State (a, b) is number 16 a + b; row = 2 state + agent; cell = 16 row + action. A cell of no action holds -Infinity.
const values = new Float64Array(8192);
/** Of the joint action with the number of the state it leads to: row = 2 state + agent. */
const payoffs = new Float64Array(512);
/** Per row: Q of the greedy action. */
const best = new Float64Array(512);
/** Per row: no other cell exceeds this. While the greedy cell falls but stays above it, the row need not be scanned. */
const bound = new Float64Array(512);
const greedy = new Uint8Array(512);
/** Who won which match of `rescan`, as cells: 8 to 15 the pairs, 4 to 7 the fours, 2 and 3 the eights. */
const winners = new Int32Array(32);
/** Numbers that the loop reads, and the two chances to explore, which it also changes. */
const reals = new Float64Array(16);
/** Whole numbers: the words of the exploration stream, then the places below. */
const integers = new Int32Array(32);
const ties: UniformStream = { generator: "xoshiro128**", words: new Uint32Array(streamWords) };

/** Places in `reals`. */
export const real = { discount: 0, learningRates: 1, decays: 3, epsilons: 5 } as const;
/** Places in `integers`; state is 16 a + b. */
export const integer = { words: 0, state: 4, stable: 5, stablePeriods: 6, actions: 7 } as const;

/** What the loop plays on. One set a thread: a learner copies itself in, plays, and copies itself out. */
export const tables = { values, payoffs, best, bound, greedy, reals, integers, ties };

/** Plays at most `limit` periods and says how many; fewer once the strategy has been stable for long enough. */
export function playDuopoly(limit: number): number {
  const discount = reals[real.discount]!;
  const learningRate0 = reals[real.learningRates]!;
  const learningRate1 = reals[real.learningRates + 1]!;
  const decay0 = reals[real.decays]!;
  const decay1 = reals[real.decays + 1]!;
  let epsilon0 = reals[real.epsilons]!;
  let epsilon1 = reals[real.epsilons + 1]!;
  let s0 = integers[0]!;
  let s1 = integers[1]!;
  let s2 = integers[2]!;
  let s3 = integers[3]!;
  let row0 = (integers[integer.state]! << 1) & 510;
  let stable = integers[integer.stable]!;
  const stablePeriods = integers[integer.stablePeriods]!;
  const actions = integers[integer.actions]!;
  let played = 0;
  while (played < limit) {
    played = (played + 1) | 0;
    const threshold0 = epsilon0 * 4294967296;
    const threshold1 = epsilon1 * 4294967296;
    epsilon0 *= decay0;
    epsilon1 *= decay1;
    let product = Math.imul(s1, 5);
    const word0 = (Math.imul((product << 7) | (product >>> 25), 9) >>> 0) + 0.5;
    let shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = (s3 << 11) | (s3 >>> 21);
    product = Math.imul(s1, 5);
    const word1 = (Math.imul((product << 7) | (product >>> 25), 9) >>> 0) + 0.5;
    shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = (s3 << 11) | (s3 >>> 21);
    const row1 = row0 + 1;
    const greedy0 = greedy[row0]! & 15;
    const greedy1 = greedy[row1]! & 15;
    let action0 = greedy0;
    let action1 = greedy1;
    // Late in learning nobody explores: one branch that is almost always predicted.
    if (word0 <= threshold0 || word1 <= threshold1) {
      if (word0 <= threshold0) {
        product = Math.imul(s1, 5);
        const word = (Math.imul((product << 7) | (product >>> 25), 9) >>> 0) + 0.5;
        action0 = (actions * (word / 4294967296)) & 15;
        shifted = s1 << 9;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = (s3 << 11) | (s3 >>> 21);
      }
      if (word1 <= threshold1) {
        product = Math.imul(s1, 5);
        const word = (Math.imul((product << 7) | (product >>> 25), 9) >>> 0) + 0.5;
        action1 = (actions * (word / 4294967296)) & 15;
        shifted = s1 << 9;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = (s3 << 11) | (s3 >>> 21);
      }
    }
    const next0 = (action0 << 5) + (action1 << 1);
    const next1 = next0 + 1;
    const cell0 = (row0 << 4) + action0;
    const cell1 = (row1 << 4) + action1;
    const old0 = values[cell0]!;
    const old1 = values[cell1]!;
    const value0 = old0 + learningRate0 * (payoffs[next0]! + discount * best[next0]! - old0);
    const value1 = old1 + learningRate1 * (payoffs[next1]! + discount * best[next1]! - old1);
    values[cell0] = value0;
    values[cell1] = value1;
    stable = (stable + 1) | 0;
    if (action0 === greedy0) {
      if (value0 > bound[row0]!) best[row0] = value0;
      else if (value0 < best[row0]!) stable = rescan(row0) !== 0 ? 1 : stable;
    } else if (value0 > bound[row0]!) {
      const before = best[row0]!;
      if (value0 > before) {
        bound[row0] = before;
        best[row0] = value0;
        greedy[row0] = action0;
        stable = 1;
      } else bound[row0] = value0;
    }
    if (action1 === greedy1) {
      if (value1 > bound[row1]!) best[row1] = value1;
      else if (value1 < best[row1]!) stable = rescan(row1) !== 0 ? 1 : stable;
    } else if (value1 > bound[row1]!) {
      const before = best[row1]!;
      if (value1 > before) {
        bound[row1] = before;
        best[row1] = value1;
        greedy[row1] = action1;
        stable = 1;
      } else bound[row1] = value1;
    }
    // Once converged, the state stays the one before the last period.
    if (stable === stablePeriods) break;
    row0 = next0;
  }
  reals[real.epsilons] = epsilon0;
  reals[real.epsilons + 1] = epsilon1;
  integers[0] = s0;
  integers[1] = s1;
  integers[2] = s2;
  integers[3] = s3;
  integers[integer.state] = row0 >> 1;
  integers[integer.stable] = stable;
  return played;
}

/**
 * The greedy cell fell to the bound or below: finds maximum and second best again. 1 if the greedy action is new, else 0.
 * A knockout, which needs no branch that a processor would mispredict: the best wins it, and the second best is one of the
 * four that the winner met.
 */
function rescan(row: number): number {
  const start = row << 4;
  const pair0 = larger(start, start + 1);
  const pair1 = larger(start + 2, start + 3);
  const pair2 = larger(start + 4, start + 5);
  const pair3 = larger(start + 6, start + 7);
  const pair4 = larger(start + 8, start + 9);
  const pair5 = larger(start + 10, start + 11);
  const pair6 = larger(start + 12, start + 13);
  const pair7 = larger(start + 14, start + 15);
  const four0 = larger(pair0, pair1);
  const four1 = larger(pair2, pair3);
  const four2 = larger(pair4, pair5);
  const four3 = larger(pair6, pair7);
  const eight0 = larger(four0, four1);
  const eight1 = larger(four2, four3);
  const top = larger(eight0, eight1);
  winners[8] = pair0;
  winners[9] = pair1;
  winners[10] = pair2;
  winners[11] = pair3;
  winners[12] = pair4;
  winners[13] = pair5;
  winners[14] = pair6;
  winners[15] = pair7;
  winners[4] = four0;
  winners[5] = four1;
  winners[6] = four2;
  winners[7] = four3;
  winners[2] = eight0;
  winners[3] = eight1;
  const won = top - start;
  const rival1 = winners[8 + ((won >> 1) ^ 1)]!;
  const rival2 = winners[4 + ((won >> 2) ^ 1)]!;
  const rival3 = winners[2 + ((won >> 3) ^ 1)]!;
  const second = values[larger(larger(top ^ 1, rival1), larger(rival2, rival3))]!;
  let action = won;
  if (second === values[top]!) {
    action = greedyAction(values.subarray(start, start + integers[integer.actions]!), ties);
  }
  const isNew = action === greedy[row]! ? 0 : 1;
  greedy[row] = action;
  best[row] = values[start + action]!;
  bound[row] = second;
  return isNew;
}

/** The cell of the two that holds more, the first when equal; without a branch. */
function larger(first: number, second: number): number {
  return first + ((second - first) & -+(values[second]! > values[first]!));
}
