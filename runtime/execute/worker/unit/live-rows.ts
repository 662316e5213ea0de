// Rows of series as a trial records them, for whoever listens: sent a few times a second and at the trial's end, beside the record that has
// them all. Only a unit whose rows were asked for makes one.
import type { SeriesRows } from "./saved-state.ts";
import type { UnitLink } from "./unit-link.ts";

/** Rows are gathered for so long, or until there are so many; a message has no more. */
const everyMs = 250;
const rowsMost = 10_000;

export class LiveRows {
  /** Number of the asking; whoever asks later is told the rows before that too. */
  readonly ask: number;
  readonly #say: UnitLink["say"];
  readonly #place: { readonly lease: number; readonly unit: number };
  /** Rows told so far, by series. */
  readonly #told = new Map<string, number>();
  #count = 0;
  #saidAt = 0;

  constructor(
    link: UnitLink,
    { ask, ...place }: { readonly lease: number; readonly unit: number; readonly ask: number },
  ) {
    this.ask = ask;
    this.#say = (message) => link.say(message);
    this.#place = place;
  }

  /** There is one row more; `rows` are all of the unit so far. */
  note(rows: SeriesRows): void {
    this.#count += 1;
    if (this.#count >= rowsMost || performance.now() - this.#saidAt > everyMs) this.flush(rows);
  }

  flush(rows: SeriesRows): void {
    for (const [series, all] of rows) {
      for (let first = this.#told.get(series) ?? 0; first < all.length; first += rowsMost)
        this.#say({ type: "rows", ...this.#place, series, first, rows: all.slice(first, first + rowsMost) });
      this.#told.set(series, all.length);
    }
    this.#count = 0;
    this.#saidAt = performance.now();
  }
}
