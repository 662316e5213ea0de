// Putting names after those that they need.

/**
 * The names so that each comes after all that it needs, otherwise in the given order; or one cycle, its first name repeated at the
 * end.
 *
 * @example topologicalOrder(["b", "a"], (name) => (name === "b" ? ["a"] : [])) // { order: ["a", "b"] }
 */
export function topologicalOrder(
  names: readonly string[],
  needsOf: (name: string) => readonly string[],
): { readonly order: readonly string[] } | { readonly cycle: readonly string[] } {
  const order: string[] = [];
  const finished = new Set<string>();
  const path: string[] = [];
  const visit = (name: string): readonly string[] | null => {
    if (finished.has(name)) return null;
    const at = path.indexOf(name);
    if (at >= 0) return [...path.slice(at), name];
    path.push(name);
    for (const needed of needsOf(name)) {
      const cycle = visit(needed);
      if (cycle !== null) return cycle;
    }
    path.pop();
    finished.add(name);
    order.push(name);
    return null;
  };
  for (const name of names) {
    const cycle = visit(name);
    if (cycle !== null) return { cycle };
  }
  return { order };
}
