// Where a simulation stands, by a status of the orchestrator.
import type { Json } from "../../lib/experiment/json.ts";
import type { RowsBySeries } from "./watched-rows.ts";

export type SimulationEnd =
  | {
      readonly kind: "completed";
      readonly metrics: Readonly<Record<string, Json>>;
      /** By series, as they came. */
      readonly series: RowsBySeries;
    }
  | { readonly kind: "refused"; readonly words: string; readonly series: RowsBySeries }
  | { readonly kind: "failed" | "cancelled"; readonly words: string };

export type SimulationState = { readonly kind: "running" } | SimulationEnd;

const ends = {
  completed: "completed",
  failed: "failed",
  refused: "refused",
  cancelled: "cancelled",
  canceled: "cancelled",
} as const;

/** `paths` says where each metric lies; one that is not there is null. `rows` are all that its watch has brought. */
export function stateOf(
  status: Json,
  { paths, rows }: { readonly paths: Readonly<Record<string, string>>; readonly rows: RowsBySeries },
): SimulationState {
  const event = String(Reflect.get(Object(status), "event") ?? "");
  const [, name] = /run_(completed|failed|refused|cancell?ed)$/i.exec(event) ?? [];
  const kind = name === undefined ? null : (ends[name.toLowerCase() as keyof typeof ends] ?? null);
  if (kind === null) return { kind: "running" };
  if (kind !== "completed") {
    const words = String(Reflect.get(Object(status), "message") ?? "");
    const told = words === "" ? `it was ${kind}, without a word why` : words;
    return kind === "refused" ? { kind, words: told, series: rows } : { kind, words: told };
  }
  const found: unknown = Reflect.get(Object(status), "metrics");
  const metrics = Object.entries(paths).map(([metric, path]) => [metric, valueAt(found, path)] as const);
  return { kind, metrics: Object.fromEntries(metrics), series: rows };
}

/** A key that holds a dot itself comes first. */
function valueAt(row: unknown, path: string): Json {
  const own: unknown = Reflect.get(Object(row), path);
  // What came over the wire was read as JSON.
  if (own !== undefined) return own as Json;
  let value: unknown = row;
  for (const part of path.split(".")) value = Reflect.get(Object(value), part);
  return (value ?? null) as Json;
}
