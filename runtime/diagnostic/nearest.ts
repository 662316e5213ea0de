// The nearest valid name to a mistyped one. Distance counts insertions, deletions, substitutions and swaps of neighbours
// (optimal string alignment, the restricted Damerau-Levenshtein distance); beyond a bound nothing is suggested.

/**
 * Edits that turn `a` into `b`, or `bound + 1` as soon as more than `bound` are needed. A swap of two neighbouring
 * characters is one edit (Damerau 1964, in the restricted form that edits no substring twice).
 *
 * @example editDistance("scoer", "score", 2) // 1
 */
export function editDistance(a: string, b: string, bound: number): number {
  if (Math.abs(a.length - b.length) > bound) return bound + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let best = i;
    for (let j = 1; j <= b.length; j++) {
      const substituted = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, substituted);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, beforeLast[j - 2]! + 1);
      row.push(cost);
      best = Math.min(best, cost);
    }
    if (best > bound) return bound + 1;
    beforeLast = last;
    last = row;
  }
  return Math.min(last[b.length]!, bound + 1);
}

/**
 * The candidate most like `name`, or null when none is close: at most one edit in three characters (two for short names),
 * letter case not counted. Ties go to the earlier candidate. Equal names are no suggestion.
 *
 * @example nearest("discuont", ["discount", "firms"]) // "discount"
 */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  const lower = name.toLowerCase();
  let bound = name.length < 3 ? 1 : Math.max(2, Math.floor(name.length / 3));
  let found: string | null = null;
  for (const candidate of candidates) {
    if (candidate === name) continue;
    // A suggestion that shares nothing with the name ("a" for "b") helps nobody.
    const limit = Math.min(bound, Math.max(name.length, candidate.length) - 1);
    const distance = editDistance(lower, candidate.toLowerCase(), limit);
    if (distance > limit) continue;
    found = candidate;
    if (distance === 0) return found;
    bound = distance - 1;
  }
  return found;
}

/**
 * `Did you mean "score"?` when something is near, else the list of what there is, as one sentence; null for an empty list.
 *
 * @example nearestOrAll("scoer", ["score", "steps"], "metric") // 'Did you mean "score"?'
 * @example nearestOrAll("zzz", ["score", "steps"], "metric") // 'The metrics are "score" and "steps".'
 */
export function nearestOrAll(name: string, candidates: readonly string[], noun: string): string | null {
  const near = nearest(name, candidates);
  if (near !== null) return `Did you mean "${near}"?`;
  if (candidates.length === 0) return null;
  if (candidates.length === 1) return `The only ${noun} is "${candidates[0]}".`;
  return `The ${pluralOf(noun)} are ${listed(candidates.map((candidate) => `"${candidate}"`))}.`;
}

/** "a", "a and b", "a, b and c"; past `max` items "a, b and 7 more". */
export function listed(items: readonly string[], max = 8): string {
  if (items.length <= 1) return items[0] ?? "";
  if (items.length > max) return `${items.slice(0, max - 1).join(", ")} and ${items.length - max + 1} more`;
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

function pluralOf(noun: string): string {
  if (noun === "series") return noun;
  return noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}
