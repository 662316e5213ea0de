// `metrics_to_track` of a plan file: names alone, which are numbers, or names with what `metric` takes; series among them.
import type { SourcePlace } from "../../diagnostic/diagnostic.ts";
import { code, nodeText, separated } from "./code-text.ts";
import type { Part } from "./module-text.ts";
import type { Entry, PlanNode } from "./plan-document.ts";
import { nameOfPath } from "./plan-parameters.ts";
import { bad, badChoice, membersOf, type Reading } from "./plan-reading.ts";
import { isSeries, type PlanRuns, type PlanSeries, readSeries } from "./plan-series.ts";

export interface PlanMetric {
  /** Its key in what the program leaves behind; dots go deeper. */
  readonly path: string;
  readonly name: string;
  readonly place: SourcePlace;
  readonly code: Part;
  readonly type: string;
}

/** What is measured of a trial: at its end, and on the way. */
export interface Tracked {
  readonly metrics: readonly PlanMetric[];
  readonly series: readonly PlanSeries[];
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

export function readTracked(reading: Reading, { key, node }: Entry, runs: PlanRuns | null): Tracked {
  const entries = node.entries ?? node.items?.flatMap((item) => itemOf(reading, item)) ?? [];
  if (node.entries === null && (node.items === null || node.items.length === 0))
    bad(reading, node, key, "a list of names, or a mapping from names to types");
  return {
    metrics: entries.filter((entry) => !isSeries(entry)).map((entry) => named(reading, entry)),
    series:
      runs === null
        ? []
        : entries.filter(isSeries).flatMap((entry) => readSeries(reading, entry, runs) ?? []),
  };
}

/** A member of a list: a name alone, or with what is said of it. */
function itemOf(reading: Reading, item: PlanNode): readonly Entry[] {
  const { place, value } = item;
  if (item.entries !== null && item.entries.length === 1) return item.entries;
  if (typeof value === "string" && value !== "")
    return [{ key: value, place, node: { place, value: "number", entries: null, items: null } }];
  bad(reading, item, "a metric", "a name");
  return [];
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
    ...(kind === "category" ? [categoriesOf(parts.get("categories"))] : []),
    ...(written === "" ? [] : [`{ ${written} }`]),
  ];
  const made: Part = { of: place, parts: [`metric.${kind}(`, ...separated(given), ")"] };
  return { path: key, name: nameOfPath(key), place, type: kind, code: made };
}

function categoriesOf(entry: Entry | undefined): Part {
  return entry === undefined ? code([]) : nodeText(entry.node);
}

function typeOf(reading: Reading, node: PlanNode, key: string): string | null {
  const found = node.entries === null ? node : node.entries.find((entry) => entry.key === "type")?.node;
  if (found === undefined || found.value === null) return "number";
  const type = types.find((one) => one === found.value);
  if (type === undefined)
    return badChoice(reading, found, `the type of metric "${key}"`, [...types, "series"]);
  if (type === "category" && node.entries === null)
    return bad(reading, found, `metric "${key}"`, "{ type: category, categories: [...] }");
  return type;
}
