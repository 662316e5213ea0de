// Names of the columns of stored tables. DuckDB compares names without case, so what would collide gets a prefix that says what it is.

import { trialColumns } from "../../../lib/experiment/trial-columns.ts";

/** Columns of the conditions while they are joined to trials: the parts of an id around the replicate's. */
export const conditionColumns = ["lab_condition", "lab_before", "lab_after"] as const;

/** The names of a trials table's own columns, in the order given: what would collide with a fixed column gets a prefix. */
export function trialColumnNames(of: {
  readonly parameters: readonly string[];
  readonly metrics: readonly string[];
  /** Names of extras of telemetry. */
  readonly telemetry: readonly string[];
}): {
  readonly parameters: readonly string[];
  readonly metrics: readonly string[];
  readonly telemetry: readonly string[];
} {
  const [parameters = [], metrics = [], telemetry = []] = distinctNames(
    [...trialColumns, ...conditionColumns],
    [
      { prefix: "parameter", names: of.parameters },
      { prefix: "metric", names: of.metrics },
      { prefix: "telemetry", names: of.telemetry.map((name) => `telemetry_${name}`) },
    ],
  );
  return { parameters, metrics, telemetry };
}

/**
 * Columns that every table of a series has beside factors and its own; `position` counts from 0 within the unit. Rows that a stage recorded
 * name it, have null for the factors that it does not use, and as condition the first that the unit serves.
 */
export const seriesColumns = ["experiment", "condition", "replicate", "position", "stage"] as const;

/**
 * A name for each of `groups`' members, in order, unlike every name given before: "alpha", else "parameter_alpha", "parameter_alpha_2". What no
 * program takes in a name, NUL and half a surrogate pair, is U+FFFD.
 */
export function distinctNames(
  reserved: readonly string[],
  groups: readonly { readonly prefix: string; readonly names: readonly string[] }[],
): readonly (readonly string[])[] {
  const taken = new Set(reserved.map((name) => name.toLowerCase()));
  return groups.map(({ prefix, names }) =>
    names.map((given) => {
      const name = Buffer.from(given).toString().replaceAll("\0", "\ufffd");
      let candidate = name === "" ? prefix : name;
      for (let round = 1; taken.has(candidate.toLowerCase()); round += 1)
        candidate = round === 1 ? `${prefix}_${name}` : `${prefix}_${name}_${round}`;
      taken.add(candidate.toLowerCase());
      return candidate;
    }),
  );
}
