// The pages of the table of trials that the browser holds: all of one order, so that rows keep their places while a run goes on.
import type { TrialRow, TrialsPage } from "../detail-data.ts";
import { ask, Refused } from "./connection.ts";
import { isExported } from "./router.ts";

const pageRows = 200;

export interface TrialsAsked {
  readonly run: string;
  readonly experiment: string;
  readonly where: string;
  readonly sort: string;
}

export class TrialPages {
  first: TrialsPage | null = null;
  /** Trials that have ended since the order was made. */
  newer = 0;
  problem: string | null = null;
  readonly #pages = new Map<number, TrialsPage>();
  readonly #wanted = new Set<number>();
  readonly #changed: () => void;
  #asked: TrialsAsked | null = null;
  #turn = 0;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Makes the order anew. */
  async reload(asked: TrialsAsked): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.#asked = asked;
    this.#wanted.clear();
    try {
      const page = await ask<TrialsPage>(this.#address(0, null));
      if (turn !== this.#turn) return;
      this.first = page;
      this.newer = 0;
      this.problem = null;
      this.#pages.clear();
      this.#pages.set(0, page);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.problem = error instanceof Refused ? error.message : "the server does not answer";
    }
    this.#changed();
  }

  /** The row at a place of the order; null while it is asked for. */
  rowAt(index: number): TrialRow | null {
    const offset = Math.floor(index / pageRows) * pageRows;
    const page = this.#pages.get(offset);
    if (page === undefined) void this.#load(offset);
    return page?.rows[index - offset] ?? null;
  }

  conditionOf(row: TrialRow): Readonly<Record<string, unknown>> {
    for (const { conditions } of this.#pages.values()) {
      const found = conditions[row.condition];
      if (found !== undefined) return found;
    }
    return {};
  }

  /** The values around a place once more, and how many trials are newer than the order. */
  async refresh(index: number): Promise<void> {
    if (this.first === null || isExported) return;
    const offset = Math.floor(index / pageRows) * pageRows;
    this.#pages.delete(offset + pageRows);
    await this.#load(offset, { isAgain: true });
  }

  async #load(offset: number, { isAgain = false }: { readonly isAgain?: boolean } = {}): Promise<void> {
    const turn = this.#turn;
    if (this.first === null || this.#wanted.has(offset) || (!isAgain && this.#pages.has(offset))) return;
    this.#wanted.add(offset);
    try {
      const page = await ask<TrialsPage>(this.#address(offset, this.first.version));
      if (turn !== this.#turn) return;
      this.#pages.set(offset, page);
      this.newer = page.newer;
      this.#changed();
    } catch {
      // The stream says when nobody answers; the rows are asked for again when they are looked at.
    } finally {
      this.#wanted.delete(offset);
    }
  }

  #address(offset: number, version: number | null): string {
    const { run, ...parts } = this.#asked ?? { run: "", experiment: "", where: "", sort: "" };
    const query = new URLSearchParams({ ...parts, offset: String(offset), limit: String(pageRows) });
    if (version !== null && !isExported) query.set("at", String(version));
    return `/run/${run}/trials?${query}`;
  }
}
