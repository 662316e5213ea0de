// The shape of a reference file: cases with data, parameters and the answers of R, SciPy, statsmodels or exact arithmetic.
// Reading only; how a case is computed is in the reference-*.ts files beside, how it is judged in reference-judge.ts.

/** One case of a reference file. */
export interface ReferenceCase {
  readonly id: string;
  readonly method: string;
  readonly source: string;
  readonly data: string | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly expected: unknown;
  readonly tol?: number;
  readonly note?: string;
  readonly mc_sd?: number;
  readonly mc_sd_at_20000?: readonly number[];
  readonly mc_sd_at_25000?: Readonly<Record<string, readonly number[]>>;
}

/** A reference file. */
export interface ReferenceFile {
  readonly meta: { readonly degenerate?: readonly string[]; readonly tolerance?: unknown };
  readonly data: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly cases: readonly ReferenceCase[];
}

/** What a method gives for a case: the same shape as `expected`, with at least its keys. */
export type Answer = (context: CaseContext) => unknown | Promise<unknown>;

/** A case with its data looked up. */
export class CaseContext {
  readonly case: ReferenceCase;
  readonly #file: ReferenceFile;
  constructor(file: ReferenceFile, reference: ReferenceCase) {
    this.#file = file;
    this.case = reference;
  }

  /** The case's data set; "two/name/x" is the first of two samples. */
  data(path: string | null = this.case.data): unknown {
    const [group, name, side] = (path ?? "").split("/");
    const found = this.#file.data[group ?? ""]?.[name ?? ""];
    if (found === undefined) throw new Error(`reference case ${this.case.id} names unknown data ${path}`);
    if (side === undefined) return found;
    return (found as readonly unknown[])[side === "x" ? 0 : 1];
  }

  /** A single sample. */
  sample(): readonly number[] {
    return this.data() as readonly number[];
  }

  /** Two samples as { x, y }. */
  pair(): { x: readonly number[]; y: readonly number[] } {
    const [x, y] = this.data() as readonly (readonly number[])[];
    return { x: x!, y: y! };
  }

  /** Groups, blocks or scores: an array of arrays. */
  rows(path: string | null = this.case.data): readonly (readonly number[])[] {
    return this.data(path) as readonly (readonly number[])[];
  }

  /** A numeric parameter. */
  number(name: string, otherwise?: number): number {
    const value = this.case.params[name] ?? otherwise;
    if (typeof value !== "number")
      throw new Error(`reference case ${this.case.id} has no numeric parameter ${name}`);
    return value;
  }

  /** A parameter as written, or undefined. */
  param(name: string): unknown {
    return this.case.params[name];
  }

  /** An input given in the case itself. */
  input<T>(name: string): T {
    // The case's own shape is fixed by its method; a wrong file fails loudly in the comparison.
    return this.case.inputs?.[name] as T;
  }

  /** Alternative in this package's spelling. */
  alternative(): "two-sided" | "less" | "greater" {
    const value = String(this.case.params.alternative ?? "two-sided").replace(".", "-");
    if (value === "two-sided" || value === "less" || value === "greater") return value;
    return value === "larger" ? "greater" : "less";
  }
}
