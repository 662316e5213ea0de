// What is left of a table of cells once simpler columns are taken out: the contrasts that an interaction is, whichever cells there are.

/**
 * An orthonormal basis of the vectors of length n that are orthogonal to all given columns; empty where the columns span everything.
 * Columns may depend on each other. Modified Gram-Schmidt with a second pass (Golub and Van Loan, Matrix Computations, 5.2.8).
 *
 * @example contrastSpace({ n: 3, columns: [[1, 1, 1]] }) // two contrasts of three means
 */
export function contrastSpace(options: {
  readonly n: number;
  readonly columns: readonly (readonly number[])[];
}): readonly (readonly number[])[] {
  const { n, columns } = options;
  const spanned: Float64Array[] = [];
  for (const column of columns) added(spanned, Float64Array.from(column));
  const known = spanned.length;
  for (let i = 0; i < n && spanned.length < n; i += 1) {
    const unit = new Float64Array(n);
    unit[i] = 1;
    added(spanned, unit);
  }
  return spanned.slice(known).map((vector) => [...vector]);
}

/** Adds the part of the vector that is orthogonal to the basis, unless nothing but rounding is left of it. */
function added(basis: Float64Array[], vector: Float64Array): void {
  const size = norm(vector);
  if (size === 0) return;
  for (const value of vector.keys()) vector[value]! /= size;
  for (let pass = 0; pass < 2; pass += 1)
    for (const one of basis) {
      let dot = 0;
      for (let i = 0; i < vector.length; i += 1) dot += one[i]! * vector[i]!;
      for (let i = 0; i < vector.length; i += 1) vector[i]! -= dot * one[i]!;
    }
  const left = norm(vector);
  if (left < 1e-9) return;
  for (const i of vector.keys()) vector[i]! /= left;
  basis.push(vector);
}

function norm(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value ** 2, 0));
}
