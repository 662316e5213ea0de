// `metrics_to_track` of a plan file: names alone, which are numbers, or names with what `metric` takes.
import type { SourcePlace } from "../../diagnostic/diagnostic.ts";
import type { Entry, PlanNode } from "./plan-document.ts";
import { code, nameOfPath } from "./plan-parameters.ts";
import { bad, membersOf, type Reading } from "./plan-reading.ts";

export interface PlanMetric {
  /** Its key in what the program leaves behind; dots go deeper. */
  readonly path: string;
  readonly name: string;
  readonly place: SourcePlace;
  readonly code: string;
  readonly type: string;
}

const types = ["number", "integer", "count", "boolean", "category"];
const metricKeys = [
  "type",
  "unit",
  "description",
  "direction",
  "optional",
  "range",
  "categories",
  "exposure",
];

export function readMetrics(reading: Reading, { key, node }: Entry): readonly PlanMetric[] {
  if (node.entries !== null) return node.entries.map((entry) => named(reading, entry));
  if (node.items === null || node.items.length === 0) {
    bad(reading, node, key, "a list of names, or a mapping from names to types");
    return [];
  }
  return node.items.flatMap((item) => {
    if (item.entries !== null && item.entries.length === 1)
      return item.entries.map((entry) => named(reading, entry));
    if (typeof item.value === "string" && item.value !== "") return [plain(item.value, item.place, "number")];
    bad(reading, item, "a metric", "a name");
    return [];
  });
}

/** A metric of which nothing but its name is known. */
export function plain(path: string, place: SourcePlace, type: string): PlanMetric {
  return { path, name: nameOfPath(path), place, type, code: `metric.${type}()` };
}

function named(reading: Reading, { key, place, node }: Entry): PlanMetric {
  const kind = typeOf(reading, node, key);
  if (node.entries === null || kind === null) return plain(key, place, kind ?? "number");
  const parts = membersOf(reading, node.entries, { within: `metric "${key}"`, known: metricKeys });
  const options = [...parts.values()].filter(
    (part) => metricKeys.includes(part.key) && part.key !== "type" && part.key !== "categories",
  );
  const written = options.map((part) => `${part.key}: ${code(part.node.value)}`).join(", ");
  const given = [
    ...(kind === "category" ? [code(parts.get("categories")?.node.value ?? [])] : []),
    ...(written === "" ? [] : [`{ ${written} }`]),
  ];
  return { path: key, name: nameOfPath(key), place, type: kind, code: `metric.${kind}(${given.join(", ")})` };
}

function typeOf(reading: Reading, node: PlanNode, key: string): string | null {
  const found = node.entries === null ? node : node.entries.find((entry) => entry.key === "type")?.node;
  if (found === undefined || found.value === null) return "number";
  const type = types.find((one) => one === found.value);
  if (type === undefined)
    return bad(reading, found, `the type of metric "${key}"`, `one of ${types.join(", ")}`);
  if (type === "category" && node.entries === null)
    return bad(reading, found, `metric "${key}"`, "{ type: category, categories: [...] }");
  return type;
}
