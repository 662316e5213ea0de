// What differs between two designs, parameter by parameter, in words: constants with another value, levels that are new or gone,
// parameters added or dropped.
import type { IndexedSpace } from "../../lib/experiment/space/space.ts";

export interface DesignChange {
  readonly parameter: string;
  readonly words: string;
}

/** The differences between two spaces, parameter by parameter. */
export function designChanges(before: IndexedSpace, after: IndexedSpace): readonly DesignChange[] {
  const names = [...new Set([...before.parameters, ...after.parameters])];
  return names.flatMap((parameter) => {
    const old = valuesOf(before, parameter);
    const current = valuesOf(after, parameter);
    const words = changeOf(parameter, old, current);
    return words === null ? [] : [{ parameter, words }];
  });
}

/** The values of a parameter as JSON texts; null where it is absent, "sampled" where values are drawn. */
function valuesOf(space: IndexedSpace, parameter: string): readonly string[] | "sampled" | null {
  if (!space.parameters.includes(parameter)) return null;
  if (parameter in space.constants) return [JSON.stringify(space.constants[parameter])];
  const levels = space.factors.find(({ name }) => name === parameter)?.levels;
  return levels == null ? "sampled" : levels.map((level) => JSON.stringify(level));
}

function changeOf(
  parameter: string,
  old: ReturnType<typeof valuesOf>,
  current: ReturnType<typeof valuesOf>,
): string | null {
  if (old === null) return `parameter ${parameter} was added`;
  if (current === null) return `parameter ${parameter} was removed`;
  if (old === "sampled" || current === "sampled")
    return old === current ? null : `the design of parameter ${parameter} changed`;
  if (old.length === 1 && current.length === 1)
    return old[0] === current[0] ? null : `parameter ${parameter} changed from ${old[0]} to ${current[0]}`;
  const added = current.filter((level) => !old.includes(level));
  const gone = old.filter((level) => !current.includes(level));
  if (added.length === 0 && gone.length === 0) return null;
  const parts = [
    added.length > 0 ? `new ${listed(added)}` : "",
    gone.length > 0 ? `gone ${listed(gone)}` : "",
  ].filter((part) => part !== "");
  return `levels of parameter ${parameter}: ${parts.join(", ")}`;
}

function listed(levels: readonly string[]): string {
  return levels.length > 5
    ? `${levels.slice(0, 5).join(", ")} and ${levels.length - 5} more`
    : levels.join(", ");
}
