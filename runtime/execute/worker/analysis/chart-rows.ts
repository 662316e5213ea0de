// The rows of a chart that brings none: the trials, flat, with those columns that the chart mentions, since all of it is stored.
import type { CustomRow } from "../../../../lib/experiment/custom-analysis.ts";
import type { VegaLiteSpec } from "../../../../lib/experiment/vega-lite-spec.ts";

/**
 * The specification with data. A column is a parameter, a metric, "replicate" or "outcome"; values that are lists or objects are drawn as
 * their JSON text. A specification whose views all bring their own rows is left as it is.
 *
 * @throws Error naming the fields of its encodings that no trial has.
 */
export function withTrialRows(spec: VegaLiteSpec, rows: readonly CustomRow[]): VegaLiteSpec {
  if (spec.data !== undefined || !drawsTrials(spec)) return spec;
  const mentioned = textsIn(spec);
  const flat = rows.map(flatRow);
  const known = [...new Set(flat.flatMap((row) => Object.keys(row)))];
  if (!makesFields(spec) && rows.length > 0) {
    const strange = fieldsIn(spec).find((field) => !known.includes(field));
    if (strange !== undefined)
      throw new Error(`its field "${strange}" is no column of the trials; they have ${known.join(", ")}`);
  }
  const kept = known.filter((name) => mentioned.has(name));
  const values = flat.map((row) => Object.fromEntries(kept.map((name) => [name, row[name] ?? null])));
  return { ...spec, data: { values } };
}

/** True when some view has no rows of its own. */
function drawsTrials(spec: VegaLiteSpec): boolean {
  if (spec.data !== undefined) return false;
  const views = [
    ...(spec.layer ?? []),
    ...(spec.hconcat ?? []),
    ...(spec.vconcat ?? []),
    ...(spec.concat ?? []),
    ...(spec.spec === undefined ? [] : [spec.spec]),
  ];
  return views.length === 0 || views.some(drawsTrials);
}

function flatRow({ parameters, replicate, outcome, metrics }: CustomRow): Readonly<Record<string, unknown>> {
  const plain = Object.entries(parameters).map(([name, value]) => [
    name,
    typeof value === "object" && value !== null ? JSON.stringify(value) : value,
  ]);
  return { ...Object.fromEntries(plain), ...metrics, replicate, outcome };
}

/** Every text anywhere in the specification: the name of a column that is drawn is among them. */
function textsIn(part: unknown, found: Set<string> = new Set()): ReadonlySet<string> {
  if (typeof part === "string") found.add(part);
  else if (typeof part === "object" && part !== null)
    for (const value of Object.values(part)) textsIn(value, found);
  return found;
}

/** A transform or a repetition brings names of its own. */
function makesFields(part: unknown): boolean {
  if (typeof part !== "object" || part === null) return false;
  return Object.entries(part).some(
    ([key, value]) => key === "transform" || key === "repeat" || (key !== "data" && makesFields(value)),
  );
}

/** The fields of views that draw the trials. */
function fieldsIn(part: unknown): readonly string[] {
  if (typeof part !== "object" || part === null || Object.hasOwn(part, "data")) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    key === "field" && typeof value === "string" ? [value] : fieldsIn(value),
  );
}
