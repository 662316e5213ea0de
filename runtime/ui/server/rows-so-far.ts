// The rows that a trial under way has told so far, by series: all of a short series, of a long one every second, fourth, eighth ... row.
import type { RunEvent } from "../../event/event.ts";

type Row = Readonly<Record<string, unknown>>;

/** Rows kept of a series. */
const keptMost = 2000;

/** Rows of a series with their places in it, of so many in all. */
export interface SeriesRows {
  readonly rows: readonly Row[];
  readonly places: readonly number[];
  readonly total: number;
}

interface Kept {
  rows: Row[];
  places: number[];
  step: number;
  total: number;
}

export class RowsSoFar {
  readonly #series = new Map<string, Kept>();

  /** A trial that is tried again, or tells anew what it has, begins anew. */
  take({ series, first, rows }: Extract<RunEvent, { readonly type: "rows" }>): void {
    let kept = this.#series.get(series);
    if (kept === undefined || first < kept.total) {
      kept = { rows: [], places: [], step: 1, total: 0 };
      this.#series.set(series, kept);
    }
    for (const [index, row] of rows.entries()) {
      if ((first + index) % kept.step !== 0) continue;
      kept.rows.push(row);
      kept.places.push(first + index);
      if (kept.rows.length > keptMost) thin(kept);
    }
    kept.total = first + rows.length;
  }

  get series(): readonly (readonly [string, SeriesRows])[] {
    return [...this.#series];
  }
}

function thin(kept: Kept): void {
  kept.step *= 2;
  kept.rows = kept.rows.filter((_, index) => kept.places[index]! % kept.step === 0);
  kept.places = kept.places.filter((place) => place % kept.step === 0);
}
