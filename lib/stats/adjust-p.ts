// Corrections for multiple comparisons over a family that the caller declares as one list of p values.
import { refuse } from "./refusal.ts";

/** Family-wise: bonferroni, holm, holm-sidak, hochberg, hommel. False discovery rate: benjamini-hochberg, benjamini-yekutieli. */
export type Adjustment =
  | "none"
  | "bonferroni"
  | "holm"
  | "holm-sidak"
  | "hochberg"
  | "hommel"
  | "benjamini-hochberg"
  | "benjamini-yekutieli";

/**
 * Adjusted p values, in the order given: compare each with the family's level.
 * Sources: Holm (1979), Hochberg (1988), Hommel (1988), Benjamini & Hochberg (1995), Benjamini & Yekutieli (2001).
 * @param family p values in [0, 1]; all comparisons of the family, also those that were not significant
 * @example adjustP([0.01, 0.04, 0.03], "holm") // [0.03, 0.06, 0.06]
 */
export function adjustP(family: readonly number[], method: Adjustment): number[] {
  family.forEach((p, i) => {
    if (!(p >= 0 && p <= 1))
      refuse("bad-option", `p value ${i + 1} of the family is ${p}; it must lie in [0, 1]`);
  });
  const n = family.length;
  if (method === "none") return [...family];
  if (method === "bonferroni") return family.map((p) => Math.min(1, n * p));
  const order = family.map((_, i) => i).sort((a, b) => family[a]! - family[b]!);
  const sorted = order.map((i) => family[i]!);
  const adjusted = adjustSorted(sorted, method);
  const result = new Array<number>(n);
  order.forEach((place, i) => {
    result[place] = Math.min(1, adjusted[i]!);
  });
  return result;
}

function adjustSorted(p: readonly number[], method: Exclude<Adjustment, "none" | "bonferroni">): number[] {
  const n = p.length;
  switch (method) {
    case "holm":
      return runningMaximum(p.map((value, i) => (n - i) * value));
    case "holm-sidak":
      return runningMaximum(p.map((value, i) => -Math.expm1((n - i) * Math.log1p(-value))));
    case "hochberg":
      return runningMinimum(p.map((value, i) => (n - i) * value));
    case "benjamini-hochberg":
      return runningMinimum(p.map((value, i) => (n / (i + 1)) * value));
    case "benjamini-yekutieli": {
      const harmonic = p.reduce((sum, _, i) => sum + 1 / (i + 1), 0);
      return runningMinimum(p.map((value, i) => ((harmonic * n) / (i + 1)) * value));
    }
    case "hommel":
      return hommel(p);
  }
}

function runningMaximum(values: readonly number[]): number[] {
  let most = 0;
  return values.map((value) => {
    most = Math.max(most, value);
    return most;
  });
}

function runningMinimum(values: readonly number[]): number[] {
  let least = Number.POSITIVE_INFINITY;
  return values
    .map((_, i) => {
      least = Math.min(least, values[values.length - 1 - i]!);
      return least;
    })
    .reverse();
}

// Wright (1992), the algorithm behind R's p.adjust.
function hommel(p: readonly number[]): number[] {
  const n = p.length;
  if (n < 2) return [...p];
  let q = new Array<number>(n).fill(Math.min(...p.map((value, i) => (n * value) / (i + 1))));
  const best = [...q];
  for (let m = n - 1; m >= 2; m -= 1) {
    const split = n - m;
    let least = Number.POSITIVE_INFINITY;
    for (let j = 2; j <= m; j += 1) least = Math.min(least, (m * p[split + j - 1]!) / j);
    q = p.map((value, i) => (i <= split ? Math.min(m * value, least) : 0));
    for (let i = split + 1; i < n; i += 1) q[i] = q[split]!;
    for (let i = 0; i < n; i += 1) best[i] = Math.max(best[i]!, q[i]!);
  }
  return best.map((value, i) => Math.max(value, p[i]!));
}
