// What builders return is told by its brand, not by its class: it may come from another copy of labwright than ours.

/** Whether a value is what a builder of this kind returned, such as "labwright/sweep". */
export function isHandle(value: unknown, kind: string): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "kind" in value && value.kind === kind && "problems" in value && Array.isArray(value.problems);
}
