// The rows of a simulation's series as its statuses bring them. Every watch brings all of them from the first one on, so each collects anew: what
// is recorded does not show whether a connection was lost meanwhile.
import type { Json } from "../../lib/experiment/json.ts";

export type RowsBySeries = Readonly<Record<string, readonly Json[]>>;

export interface WatchedRows {
  /** Takes the rows that a status brings: one where its field is a message, any number where it is a list. */
  add(status: Json): void;
  readonly all: RowsBySeries;
}

/** `fields` says which field of a status has the rows of which series. */
export function watchedRows(fields: Readonly<Record<string, string>>): WatchedRows {
  const rows = Object.entries(fields).map(([series, field]) => ({ series, field, own: [] as Json[] }));
  return {
    add(status) {
      for (const { field, own } of rows) {
        const found: unknown = Reflect.get(Object(status), field);
        if (Array.isArray(found)) for (const row of found) own.push(row);
        // What came over the wire was read as JSON.
        else if (found !== null && found !== undefined) own.push(found as Json);
      }
    },
    all: Object.fromEntries(rows.map(({ series, own }) => [series, own])),
  };
}
