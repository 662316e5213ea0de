// An order of things that does not matter, drawn from a seed, so that a hidden dependence on order shows up in tests.
// Results never depend on it; a small multiplicative generator is enough.

/** The numbers 0 to `count - 1` in an order decided by `seed`. */
export function shuffled(count: number, seed: number): readonly number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  let state = (seed ^ 0x9e3779b9) >>> 0;
  for (let last = count - 1; last > 0; last--) {
    // The 32-bit generator of Numerical Recipes (Press et al. 1992, section 7.1); its high bits choose.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (last + 1));
    const moved = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = moved;
  }
  return order;
}
