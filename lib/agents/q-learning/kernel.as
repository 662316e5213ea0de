// Tabular Q-learning of n agents in one flat memory: the fast path of q-learning.ts, in AssemblyScript.
// It takes every decision in the order and with the arithmetic of reference-learner.ts, so trajectories are equal
// to the last bit. kernel-layout.ts names the offsets below; `npx tsx .ci/build-kernel.ts` compiles.

// Header: int32 fields, then float64 fields, then two random streams of 35 words each.
const AGENTS: usize = 0;
const ACTIONS: usize = 4;
const SHOCKS: usize = 8;
const JOINT: usize = 12;
const HIGH: usize = 16;
const PERIODS: usize = 20;
const STABLE: usize = 24;
const STABLE_TARGET: usize = 28;
const PERIODS_MAX: usize = 32;
const STATE: usize = 36;
const Q: usize = 40;
const HEADS: usize = 44;
const PAYOFFS: usize = 48;
const CHOSEN: usize = 52;
const RAN2: usize = 56;
const RATES: usize = 60;
const DELTA: usize = 64;
const EXPLORATION: usize = 96;
const TIES: usize = 240;

// The rates of an agent: how fast it learns, how its chance to explore decays, and that chance in the next period.
const RATE_BYTES: usize = 24;
const ALPHA: usize = 0;
const DECAY: usize = 8;
const EPSILON: usize = 16;

// A head is what is kept of each (state, agent) row of Q: its maximum, an upper bound of all its other cells,
// and the greedy action. While the greedy cell falls but stays above the bound, the row need not be scanned.
const HEAD_BYTES: usize = 24;
const BEST: usize = 0;
const BOUND: usize = 8;
const GREEDY: usize = 16;

const LEARNING: i32 = 0;
const CONVERGED: i32 = 1;
const EXHAUSTED: i32 = 2;


// @ts-ignore: decorator
@inline
function xoshiro(stream: usize): u32 {
  const s1 = load<u32>(stream, 4);
  const word = rotl<u32>(s1 * 5, 7) * 9;
  const s2 = load<u32>(stream, 8) ^ load<u32>(stream, 0);
  const s3 = load<u32>(stream, 12) ^ s1;
  store<u32>(stream, s1 ^ s2, 4);
  store<u32>(stream, load<u32>(stream, 0) ^ s3, 0);
  store<u32>(stream, s2 ^ (s1 << 9), 8);
  store<u32>(stream, rotl<u32>(s3, 11), 12);
  return word;
}

// Numerical Recipes ran2 (L'Ecuyer with Bays-Durham shuffle): words are idum, idum2, iy, iv[32]. Both moduli lie
// just below 2^31, so x mod (2^31 - c) needs no division: fold the high bits in c times and subtract once.
// @ts-ignore: decorator
@inline
function ran2First(first: u32): u32 {
  const product = <u64>first * 40014;
  const folded: u32 = <u32>(product & 0x7fffffff) + 85 * <u32>(product >> 31);
  return folded >= 2147483563 ? folded - 2147483563 : folded;
}

// @ts-ignore: decorator
@inline
function ran2Second(second: u32): u32 {
  const product = <u64>second * 40692;
  const folded: u32 = <u32>(product & 0x7fffffff) + 249 * <u32>(product >> 31);
  return folded >= 2147483399 ? folded - 2147483399 : folded;
}

// Puts `first` where the shuffle takes a word out, and mixes that with `second`: the next iy.
// @ts-ignore: decorator
@inline
function ran2Mix(stream: usize, iy: u32, first: u32, second: u32): u32 {
  // iy / 67108862 is iy / 2^26 but for a few just below a multiple of 2^26: one in a million draws.
  // The branch is almost never mispredicted, so the next load need not wait for a division.
  let word = iy >> 26;
  if ((iy & 0x3ffffff) > 0x3ffffff - 64) word = iy / 67108862;
  const slot: usize = stream + ((word as usize) << 2);
  const mixed: i32 = load<i32>(slot, 12) - <i32>second;
  store<u32>(slot, first, 12);
  // Half of all are below 1: a branch would be mispredicted half the time.
  return <u32>select<i32>(mixed + 2147483562, mixed, mixed < 1);
}

// @ts-ignore: decorator
@inline
function ran2Uniform(iy: u32): f64 {
  return min<f64>((1.0 / 2147483563.0) * <f64><i32>iy, 1.0 - 1.2e-7);
}

// @ts-ignore: decorator
@inline
function ran2(stream: usize): f64 {
  const first = ran2First(load<u32>(stream, 0));
  const second = ran2Second(load<u32>(stream, 4));
  const iy = ran2Mix(stream, load<u32>(stream, 8), first, second);
  store<u32>(stream, first, 0);
  store<u32>(stream, second, 4);
  store<u32>(stream, iy, 8);
  return ran2Uniform(iy);
}

// A uniform number strictly between 0 and 1.
// @ts-ignore: decorator
@inline
function uniform(stream: usize, isRan2: bool): f64 {
  return isRan2 ? ran2(stream) : (<f64>xoshiro(stream) + 0.5) * (1.0 / 4294967296.0);
}

// Bytes of a row of Q: padded to whole pairs, for the two-lane scan below. A padding cell holds -Infinity.
// @ts-ignore: decorator
@inline
function rowBytesOf(actions: i32): usize {
  return (<usize>((actions + 1) >> 1)) << 4;
}

// Scans a row again: maximum, second best, and the greedy action, a tie drawn at random. True if the action is new.
// Two lanes without a branch: the scan is where a plain loop loses a third of its time to mispredictions.
// @ts-ignore: decorator
@inline
function rescan(q: usize, head: usize, actions: i32, isRan2: bool): bool {
  const end: usize = q + rowBytesOf(actions);
  let bests = v128.load(q);
  let bounds = f64x2.splat(-Infinity);
  for (let at: usize = q + 16; at < end; at += 16) {
    const values = v128.load(at);
    bounds = f64x2.pmax(bounds, f64x2.pmin(bests, values));
    bests = f64x2.pmax(bests, values);
  }
  const even = f64x2.extract_lane(bests, 0);
  const odd = f64x2.extract_lane(bests, 1);
  const best = even > odd ? even : odd;
  let bound = even > odd ? odd : even;
  const evenBound = f64x2.extract_lane(bounds, 0);
  const oddBound = f64x2.extract_lane(bounds, 1);
  if (evenBound > bound) bound = evenBound;
  if (oddBound > bound) bound = oddBound;
  let greedy: i32;
  if (actions <= 64) {
    const target = f64x2.splat(best);
    let tied: u64 = 0;
    let shift: u64 = 0;
    for (let at: usize = q; at < end; at += 16) {
      tied |= (<u64>i64x2.bitmask(f64x2.eq(v128.load(at), target))) << shift;
      shift += 2;
    }
    if (bound == best) {
      let skip = <i32>(<f64>popcnt(tied) * uniform(TIES, isRan2));
      while (skip-- > 0) tied &= tied - 1;
    }
    greedy = <i32>ctz(tied);
  } else {
    let tied = 0;
    for (let at: usize = q; at < end; at += 8) tied += <i32>(load<f64>(at) == best);
    let skip = tied > 1 ? <i32>(<f64>tied * uniform(TIES, isRan2)) : 0;
    greedy = 0;
    while (load<f64>(q + ((<usize>greedy) << 3)) != best || skip-- > 0) greedy++;
  }
  store<f64>(head, best, BEST);
  store<f64>(head, bound, BOUND);
  const isNew = load<i32>(head, GREEDY) != greedy;
  store<i32>(head, greedy, GREEDY);
  return isNew;
}

// One cell has taken `value`: keep the head true. True if the greedy action changed.
// @ts-ignore: decorator
@inline
function settle(value: f64, action: i32, greedy: i32, q: usize, head: usize, actions: i32, isRan2: bool): bool {
  if (action == greedy) {
    if (value > load<f64>(head, BOUND)) store<f64>(head, value, BEST);
    else if (value < load<f64>(head, BEST)) return rescan(q, head, actions, isRan2);
  } else if (value > load<f64>(head, BOUND)) {
    const best = load<f64>(head, BEST);
    if (value > best) {
      store<f64>(head, best, BOUND);
      store<f64>(head, value, BEST);
      store<i32>(head, action, GREEDY);
      return true;
    }
    store<f64>(head, value, BOUND);
  }
  return false;
}

/** Fills in best and bound of every head from Q and the greedy actions: call once a state has been copied in. */
export function prepare(rows: i32): void {
  const actions = load<i32>(ACTIONS);
  const rowBytes = rowBytesOf(actions);
  let q: usize = load<u32>(Q);
  let head: usize = load<u32>(HEADS);
  for (let row = 0; row < rows; row++) {
    const greedy = load<i32>(head, GREEDY);
    let bound = -Infinity;
    for (let action = 0; action < actions; action++) {
      const value = load<f64>(q + ((<usize>action) << 3));
      if (action != greedy && value > bound) bound = value;
    }
    store<f64>(head, load<f64>(q + ((<usize>greedy) << 3)), BEST);
    store<f64>(head, bound, BOUND);
    q += rowBytes;
    head += HEAD_BYTES;
  }
}

// Two agents, memory 1, no demand shock: everything in registers, both agents written out.
// @ts-ignore: decorator
@inline
function duopoly(limit: i32, isRan2: bool): i32 {
  const actions = load<i32>(ACTIONS);
  const target = load<i32>(STABLE_TARGET);
  const delta = load<f64>(DELTA);
  const rates: usize = load<u32>(RATES);
  const alpha0 = load<f64>(rates, ALPHA);
  const alpha1 = load<f64>(rates, RATE_BYTES + ALPHA);
  const decay0 = load<f64>(rates, DECAY);
  const decay1 = load<f64>(rates, RATE_BYTES + DECAY);
  const tables: usize = load<u32>(Q);
  const heads: usize = load<u32>(HEADS);
  const payoffs: usize = load<u32>(PAYOFFS);
  const rowBytes = rowBytesOf(actions);
  let epsilon0 = load<f64>(rates, EPSILON);
  let epsilon1 = load<f64>(rates, RATE_BYTES + EPSILON);
  let state = load<i32>(STATE);
  let stable = load<i32>(STABLE);
  let left = limit;
  let outcome = LEARNING;
  // Four words of xoshiro128**, or idum, idum2 and iy of ran2.
  let s0 = load<u32>(EXPLORATION, 0);
  let s1 = load<u32>(EXPLORATION, 4);
  let s2 = load<u32>(EXPLORATION, 8);
  let s3 = load<u32>(EXPLORATION, 12);
  let head0: usize = heads + <usize>state * (2 * HEAD_BYTES);
  while (left > 0) {
    left--;
    const head1: usize = head0 + HEAD_BYTES;
    const greedy0 = load<i32>(head0, GREEDY);
    const greedy1 = load<i32>(head1, GREEDY);
    let action0 = greedy0;
    let action1 = greedy1;
    if (isRan2) {
      s0 = ran2First(s0); s1 = ran2Second(s1); s2 = ran2Mix(EXPLORATION, s2, s0, s1);
      const explores0 = <i32>(ran2Uniform(s2) <= epsilon0);
      s0 = ran2First(s0); s1 = ran2Second(s1); s2 = ran2Mix(EXPLORATION, s2, s0, s1);
      const explores1 = <i32>(ran2Uniform(s2) <= epsilon1);
      s0 = ran2First(s0); s1 = ran2Second(s1); s2 = ran2Mix(EXPLORATION, s2, s0, s1);
      const drawn0 = s2;
      s0 = ran2First(s0); s1 = ran2Second(s1); s2 = ran2Mix(EXPLORATION, s2, s0, s1);
      if (explores0 | explores1) {
        if (explores0) action0 = <i32>(<f64>actions * ran2Uniform(drawn0));
        if (explores1) action1 = <i32>(<f64>actions * ran2Uniform(s2));
      }
    } else {
      // u <= epsilon with u = (word + 1/2) / 2^32, scaled by 2^32: the same comparison, one multiplication fewer.
      const threshold0 = epsilon0 * 4294967296.0;
      const threshold1 = epsilon1 * 4294967296.0;
      let t = s1;
      const word0 = <f64>(rotl<u32>(t * 5, 7) * 9) + 0.5;
      s2 ^= s0; s3 ^= t; s1 = t ^ s2; s0 ^= s3; s2 ^= t << 9; s3 = rotl<u32>(s3, 11);
      t = s1;
      const word1 = <f64>(rotl<u32>(t * 5, 7) * 9) + 0.5;
      s2 ^= s0; s3 ^= t; s1 = t ^ s2; s0 ^= s3; s2 ^= t << 9; s3 = rotl<u32>(s3, 11);
      if (<i32>(word0 <= threshold0) | <i32>(word1 <= threshold1)) {
        // floor(actions * u) in integers, exact.
        if (word0 <= threshold0) {
          t = s1;
          action0 = <i32>((<u64>actions * (2 * <u64>(rotl<u32>(t * 5, 7) * 9) + 1)) >> 33);
          s2 ^= s0; s3 ^= t; s1 = t ^ s2; s0 ^= s3; s2 ^= t << 9; s3 = rotl<u32>(s3, 11);
        }
        if (word1 <= threshold1) {
          t = s1;
          action1 = <i32>((<u64>actions * (2 * <u64>(rotl<u32>(t * 5, 7) * 9) + 1)) >> 33);
          s2 ^= s0; s3 ^= t; s1 = t ^ s2; s0 ^= s3; s2 ^= t << 9; s3 = rotl<u32>(s3, 11);
        }
      }
    }
    epsilon0 *= decay0;
    epsilon1 *= decay1;
    const next = action0 * actions + action1;
    const payoff: usize = payoffs + ((<usize>next) << 4);
    const ahead: usize = heads + <usize>next * (2 * HEAD_BYTES);
    const row0: usize = tables + (<usize>state * 2) * rowBytes;
    const row1: usize = row0 + rowBytes;
    const cell0: usize = row0 + ((<usize>action0) << 3);
    const cell1: usize = row1 + ((<usize>action1) << 3);
    const old0 = load<f64>(cell0);
    const old1 = load<f64>(cell1);
    const value0 = old0 + alpha0 * (load<f64>(payoff) + delta * load<f64>(ahead, BEST) - old0);
    const value1 = old1 + alpha1 * (load<f64>(payoff, 8) + delta * load<f64>(ahead, HEAD_BYTES + BEST) - old1);
    store<f64>(cell0, value0);
    store<f64>(cell1, value1);
    const changed0 = settle(value0, action0, greedy0, row0, head0, actions, isRan2);
    const changed1 = settle(value1, action1, greedy1, row1, head1, actions, isRan2);
    if (<i32>changed0 | <i32>changed1) stable = 0;
    stable++;
    if (stable == target) {
      outcome = CONVERGED;
      break;
    }
    state = next;
    head0 = ahead;
  }
  store<u32>(EXPLORATION, s0, 0);
  store<u32>(EXPLORATION, s1, 4);
  store<u32>(EXPLORATION, s2, 8);
  if (!isRan2) store<u32>(EXPLORATION, s3, 12);
  store<f64>(rates, epsilon0, EPSILON);
  store<f64>(rates, epsilon1, RATE_BYTES + EPSILON);
  store<i32>(STATE, state);
  store<i32>(STABLE, stable);
  store<i32>(PERIODS, load<i32>(PERIODS) + limit - left);
  return outcome;
}

// Any number of agents, any memory, demand shocks.
// @ts-ignore: decorator
@inline
function oligopoly(limit: i32, isRan2: bool): i32 {
  const agents = load<i32>(AGENTS);
  const actions = load<i32>(ACTIONS);
  const shocks = load<i32>(SHOCKS);
  const joint = load<i32>(JOINT);
  const high = load<i32>(HIGH);
  const target = load<i32>(STABLE_TARGET);
  const delta = load<f64>(DELTA);
  const rates: usize = load<u32>(RATES);
  const tables: usize = load<u32>(Q);
  const heads: usize = load<u32>(HEADS);
  const payoffs: usize = load<u32>(PAYOFFS);
  const chosen: usize = load<u32>(CHOSEN);
  const rowBytes = rowBytesOf(actions);
  let state = load<i32>(STATE);
  let stable = load<i32>(STABLE);
  let left = limit;
  let outcome = LEARNING;
  while (left > 0) {
    left--;
    const firstRow: usize = <usize>state * <usize>agents;
    const firstHead: usize = heads + firstRow * HEAD_BYTES;
    let explorers: u32 = 0;
    for (let agent = 0; agent < agents; agent++) {
      const rate: usize = rates + <usize>agent * RATE_BYTES;
      const epsilon = load<f64>(rate, EPSILON);
      if (uniform(EXPLORATION, isRan2) <= epsilon) explorers |= (<u32>1) << agent;
      store<f64>(rate, epsilon * load<f64>(rate, DECAY), EPSILON);
    }
    let next = 0;
    for (let agent = 0; agent < agents; agent++) {
      let action = load<i32>(firstHead + <usize>agent * HEAD_BYTES, GREEDY);
      const explores = (explorers >> agent) & 1;
      if (<i32>isRan2 | explores) {
        const drawn = <i32>(<f64>actions * uniform(EXPLORATION, isRan2));
        if (explores) action = drawn;
      }
      store<i32>(chosen + ((<usize>agent) << 2), action);
      next = next * actions + action;
    }
    let cell = next;
    if (shocks > 1) cell += <i32>(<f64>shocks * uniform(EXPLORATION, isRan2)) * joint;
    const payoff: usize = payoffs + ((<usize>cell * <usize>agents) << 3);
    next = high == 0 ? 0 : next * high + state / joint;
    const ahead: usize = heads + <usize>next * <usize>agents * HEAD_BYTES;
    let changed = 0;
    for (let agent = 0; agent < agents; agent++) {
      const action = load<i32>(chosen + ((<usize>agent) << 2));
      const row: usize = tables + (firstRow + agent) * rowBytes;
      const at: usize = row + ((<usize>action) << 3);
      const offset: usize = <usize>agent * HEAD_BYTES;
      const head: usize = firstHead + offset;
      const old = load<f64>(at);
      const best = load<f64>(ahead + offset, BEST);
      const alpha = load<f64>(rates + <usize>agent * RATE_BYTES, ALPHA);
      const value = old + alpha * (load<f64>(payoff + ((<usize>agent) << 3)) + delta * best - old);
      store<f64>(at, value);
      changed |= <i32>settle(value, action, load<i32>(head, GREEDY), row, head, actions, isRan2);
    }
    if (changed) stable = 0;
    stable++;
    if (stable == target) {
      outcome = CONVERGED;
      break;
    }
    state = next;
  }
  store<i32>(STATE, state);
  store<i32>(STABLE, stable);
  store<i32>(PERIODS, load<i32>(PERIODS) + limit - left);
  return outcome;
}

/** Learns for at most `periods` periods; 0 still learning, 1 converged, 2 the most periods reached. */
export function learn(periods: i32): i32 {
  const isRan2 = load<i32>(RAN2) != 0;
  const isDuopoly = load<i32>(AGENTS) == 2 && load<i32>(HIGH) == 1 && load<i32>(SHOCKS) == 1;
  const limit = min<i32>(periods, load<i32>(PERIODS_MAX) - load<i32>(PERIODS));
  let outcome: i32;
  if (isDuopoly) outcome = isRan2 ? duopoly(limit, true) : duopoly(limit, false);
  else outcome = isRan2 ? oligopoly(limit, true) : oligopoly(limit, false);
  if (outcome == LEARNING && load<i32>(PERIODS) >= load<i32>(PERIODS_MAX)) return EXHAUSTED;
  return outcome;
}
