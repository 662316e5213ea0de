// Rows of series as a trial records them, for a program that listens: sent a few times a second and at the trial's end, beside the record
// that has them all. Only a run that was asked for them makes one.
import type { Row } from "./checked-row.ts";
import type { UnitLink } from "./unit-link.ts";

/** Rows are gathered for so long, or until there are so many. */
const everyMs = 250;
const rowsMost = 10_000;

export class LiveRows {
  readonly #say: UnitLink["say"];
  readonly #place: { readonly lease: number; readonly unit: number };
  #waiting: { readonly series: string; readonly first: number; readonly rows: Row[] }[] = [];
  #count = 0;
  #saidAt = 0;

  constructor(link: UnitLink, place: { readonly lease: number; readonly unit: number }) {
    this.#say = (message) => link.say(message);
    this.#place = place;
  }

  /** The `index`-th row of a series, from 0. */
  push(series: string, index: number, row: Row): void {
    const last = this.#waiting.at(-1);
    if (last?.series === series) last.rows.push(row);
    else this.#waiting.push({ series, first: index, rows: [row] });
    this.#count += 1;
    if (this.#count >= rowsMost || performance.now() - this.#saidAt > everyMs) this.flush();
  }

  flush(): void {
    for (const part of this.#waiting) this.#say({ type: "rows", ...this.#place, ...part });
    this.#waiting = [];
    this.#count = 0;
    this.#saidAt = performance.now();
  }
}
