// Rows that an answer will have, on their way to the unit that waits for it: as a performer tells them, a few times a second at most, and what
// is left at the call's end.

/** Rows are gathered for so long, in ms. */
const everyMs = 100;

interface ToldRows {
  readonly series: string;
  readonly first: number;
  readonly rows: readonly unknown[];
}

export class RowsToTell {
  readonly #tell: (rows: ToldRows) => void;
  /** All rows so far, and how many of them were told, by series. */
  readonly #known = new Map<string, { all: readonly unknown[]; told: number }>();
  #timer: NodeJS.Timeout | null = null;
  #isOver = false;

  constructor(tell: (rows: ToldRows) => void) {
    this.#tell = tell;
  }

  /** `all` are the series' rows so far: those before and more. */
  note(series: string, all: readonly unknown[]): void {
    if (this.#isOver) return;
    const known = this.#known.get(series);
    if (known === undefined) this.#known.set(series, { all, told: 0 });
    else known.all = all;
    this.#timer ??= setTimeout(() => this.#flush(), everyMs);
  }

  /** Tells what is left; what is noted after that counts for nothing. */
  end(): void {
    this.#flush();
    this.#isOver = true;
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const [series, known] of this.#known) {
      const { all, told } = known;
      if (all.length <= told) continue;
      known.told = all.length;
      this.#tell({ series, first: told, rows: all.slice(told) });
    }
  }
}
