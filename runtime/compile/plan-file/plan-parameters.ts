// `parameter_space` of a plan file: a grid of values and ranges, combinations written out, or both. A parameter is known by its path in
// the configuration ("training.lr") and has a name that a column can have ("training_lr").

import { problemOf } from "../../../lib/experiment/problem.ts";
import type { SourcePlace } from "../../diagnostic/diagnostic.ts";
import { badPlanValue } from "../../diagnostic/plan-file-messages.ts";
import { definitionProblem } from "../../diagnostic/problem-messages.ts";
import { nodeText } from "./code-text.ts";
import type { Part } from "./module-text.ts";
import type { Entry, PlanNode } from "./plan-document.ts";
import { bad, membersOf, type Reading } from "./plan-reading.ts";

/** A parameter that the plan sets. */
export interface PlanParameter {
  /** Where it goes in the configuration; dots go deeper. */
  readonly path: string;
  readonly name: string;
  readonly place: SourcePlace;
  /** Its value or sweep as TypeScript. */
  readonly code: Part;
  /** How many levels it takes; null for a single value. */
  readonly levels: number | null;
}

export interface PlanSpace {
  readonly grid: readonly PlanParameter[];
  /** Null where none are written out. */
  readonly combinations: {
    readonly place: SourcePlace;
    readonly parameters: readonly Pick<PlanParameter, "path" | "name" | "place">[];
    readonly rows: readonly PlanRow[];
  } | null;
}

/** A combination: values by the paths of their parameters, and where they stand. */
export interface PlanRow {
  readonly place: SourcePlace;
  readonly values: ReadonlyMap<string, unknown>;
  /** Of keys. */
  readonly places: ReadonlyMap<string, SourcePlace>;
  /** Of values that are written. */
  readonly nodes: ReadonlyMap<string, PlanNode>;
}

const ranged = ["values", "min", "max", "step", "count", "scale"];

export function nameOfPath(path: string): string {
  return path.replaceAll(".", "_");
}

/** A mapping is a grid, a list holds combinations; `grid` and `combinations` under it are multiplied. */
export function readSpace(reading: Reading, { node, key }: Entry): PlanSpace {
  if (node.items !== null) return { grid: [], combinations: combinationsOf(reading, node) };
  if (node.entries === null || node.entries.length === 0) {
    bad(reading, node, key, "parameters and their values, such as lr: [0.1, 0.01]");
    return { grid: [], combinations: null };
  }
  const parts = new Map(node.entries.map((entry) => [entry.key, entry.node]));
  const [grid, listed] = [parts.get("grid"), parts.get("combinations")];
  const isParted =
    [...parts.keys()].every((part) => part === "grid" || part === "combinations") &&
    ((grid?.entries ?? null) !== null) === parts.has("grid") &&
    ((listed?.items ?? null) !== null) === parts.has("combinations");
  if (!isParted) return { grid: gridOf(reading, node.entries, ""), combinations: null };
  return {
    grid: gridOf(reading, grid?.entries ?? [], ""),
    combinations: listed === undefined ? null : combinationsOf(reading, listed),
  };
}

function gridOf(reading: Reading, entries: readonly Entry[], above: string): readonly PlanParameter[] {
  return entries.flatMap(({ key, place, node }): readonly PlanParameter[] => {
    const path = above + key;
    const made = { path, name: nameOfPath(path), place };
    const subject = `parameter "${path}"`;
    if (node.items !== null) {
      if (node.items.length === 0)
        reading.say(definitionProblem(problemOf({ code: "empty-sweep", subject }), node.place));
      return [{ ...made, ...sweepOf(node, node.items) }];
    }
    if (node.entries === null) {
      if (node.value === null || node.value === undefined)
        bad(reading, node, subject, "a value or a list of values");
      return [{ ...made, code: nodeText(node), levels: null }];
    }
    const keys = node.entries.map((entry) => entry.key);
    if (keys.length === 0) {
      reading.say(definitionProblem(problemOf({ code: "empty-sweep", subject }), node.place));
      return [];
    }
    if (!keys.some((one) => one === "values" || one === "min" || one === "max"))
      return gridOf(reading, node.entries, `${path}.`);
    const range = rangeOf(reading, node, { subject, place });
    return range === null ? [] : [{ ...made, ...range }];
  });
}

function sweepOf(node: PlanNode, { length }: readonly PlanNode[]): Pick<PlanParameter, "code" | "levels"> {
  return { code: { of: node.place, parts: ["sweep(", nodeText(node), ")"] }, levels: length };
}

function rangeOf(
  reading: Reading,
  node: PlanNode,
  { subject, place }: { readonly subject: string; readonly place: SourcePlace },
): Pick<PlanParameter, "code" | "levels"> | null {
  const parts = membersOf(reading, node.entries ?? [], { within: `the range of ${subject}`, known: ranged });
  const values = parts.get("values");
  if (values !== undefined) {
    if (values.node.items === null || values.node.items.length === 0)
      return bad(reading, values.node, `values of ${subject}`, "a list of values");
    return sweepOf(values.node, values.node.items);
  }
  const number = (key: string): number | null => {
    const value = parts.get(key)?.node.value;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    const entry = parts.get(key);
    const wanted = "{ min, max, step } or { min, max, count }, all numbers";
    if (entry === undefined)
      reading.say(
        badPlanValue({
          place,
          subject: `the range of ${subject}`,
          found: `without ${key}`,
          expected: wanted,
        }),
      );
    else bad(reading, entry.node, `${key} of ${subject}`, "a number");
    return null;
  };
  const isCounted = parts.has("count");
  const [min, max, third] = [number("min"), number("max"), number(isCounted ? "count" : "step")];
  if (min === null || max === null || third === null) return null;
  const scale = parts.get("scale");
  if (scale !== undefined && (!isCounted || !["linear", "log"].includes(String(scale.node.value))))
    return bad(reading, scale.node, `scale of ${subject}`, "linear or log, beside count");
  if (max < min) return bad(reading, node, `the range of ${subject}`, "a max that is not below min", place);
  if (isCounted) {
    const rule = scale?.node.value === "log" ? "log" : "linspace";
    return { code: `sweep.${rule}(${min}, ${max}, ${third})`, levels: third };
  }
  if (third <= 0) return bad(reading, node, `the range of ${subject}`, "a step above 0", place);
  const isWhole = [min, max, third].every(Number.isSafeInteger);
  // The stop of sweep.range is left out, and max is not.
  const stop = isWhole ? max + 1 : Number((max + third / 2).toPrecision(12));
  const levels = Math.floor(Number(((max - min) / third).toPrecision(12))) + 1;
  return { code: `sweep.range(${min}, ${stop}, ${third})`, levels };
}

function combinationsOf(reading: Reading, node: PlanNode): PlanSpace["combinations"] {
  const parameters = new Map<string, { path: string; name: string; place: SourcePlace }>();
  const rows = (node.items ?? []).flatMap((item) => {
    if (item.entries === null || item.entries.length === 0) {
      bad(reading, item, "a combination", "parameters and their values, such as { lr: 0.1, depth: 2 }");
      return [];
    }
    const leaves = leavesOf(item.entries, "");
    for (const { path, place } of leaves)
      if (!parameters.has(path)) parameters.set(path, { path, name: nameOfPath(path), place });
    return [
      {
        place: item.place,
        values: new Map(leaves.map(({ path, value }) => [path, value])),
        places: new Map(leaves.map(({ path, place }) => [path, place])),
        nodes: new Map(leaves.map(({ path, node }) => [path, node])),
      },
    ];
  });
  if ((node.items ?? []).length === 0)
    reading.say(
      definitionProblem(problemOf({ code: "empty-sweep", subject: "the list of combinations" }), node.place),
    );
  return { place: node.place, parameters: [...parameters.values()], rows };
}

/** The values of a mapping by their paths; a list is a value. */
export function leavesOf(
  entries: readonly Entry[],
  above: string,
): readonly {
  readonly path: string;
  readonly place: SourcePlace;
  readonly value: unknown;
  readonly node: PlanNode;
}[] {
  return entries.flatMap(({ key, place, node }) =>
    node.entries !== null && node.entries.length > 0
      ? leavesOf(node.entries, `${above}${key}.`)
      : [{ path: above + key, place, value: node.value, node }],
  );
}
