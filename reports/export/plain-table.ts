// A table as rows of text: what Markdown and LaTeX print. Numbers are texts already, with the decimals that their uncertainty deserves.

export interface PlainColumn {
  readonly head: string;
  readonly isNumber: boolean;
}

export interface PlainTable {
  /** Safe as a LaTeX label and a file name. */
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly PlainColumn[];
  readonly rows: readonly (readonly string[])[];
}

export const text = (head: string): PlainColumn => ({ head, isNumber: false });
export const number = (head: string): PlainColumn => ({ head, isNumber: true });
