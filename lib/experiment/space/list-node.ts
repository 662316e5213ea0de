// A plain list of conditions, which may differ in their parameters.
import { conditionKeyOf } from "./condition-key.ts";
import type { Condition } from "./space.ts";
import type { SpaceNode } from "./space-node.ts";

export function listNodeOf(rows: readonly Condition[]): SpaceNode {
  const parameters = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  let table: Map<string, number> | null = null;
  return {
    size: rows.length,
    parameters,
    coordinates: parameters,
    filtered: false,
    write(target, index) {
      Object.assign(target, rows[index]);
    },
    locate(condition) {
      if (table === null) {
        table = new Map();
        for (let i = rows.length - 1; i >= 0; i--) table.set(conditionKeyOf(rows[i]), i);
      }
      const own = parameters.filter((name) => Object.hasOwn(condition, name));
      try {
        return (
          table.get(conditionKeyOf(Object.fromEntries(own.map((name) => [name, condition[name]])))) ?? -1
        );
      } catch {
        // What has no canonical text equals no condition.
        return -1;
      }
    },
    admits: () => true,
  };
}
