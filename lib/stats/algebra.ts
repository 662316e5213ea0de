// The lazy door to mathjs (it costs about a second to load): QR and the eigenvalues of a symmetric matrix.
// Only designs of cells and treatments come here, never rows of trials, so the matrices stay small.

/** Q (square) and R of a matrix with at least as many rows as columns. */
export interface QrParts {
  readonly q: readonly (readonly number[])[];
  readonly r: readonly (readonly number[])[];
}

/** Householder QR of a dense matrix, by mathjs. */
export async function qrOf(matrix: readonly (readonly number[])[]): Promise<QrParts> {
  const { qr } = await import("mathjs");
  const { Q, R } = qr(matrix.map((row) => [...row]));
  // mathjs returns arrays for arrays; its types only promise a matrix in general.
  return { q: Q as unknown as number[][], r: R as unknown as number[][] };
}

/** Eigenvalues of a symmetric matrix, ascending, by mathjs. */
export async function eigenvaluesOf(symmetric: readonly (readonly number[])[]): Promise<number[]> {
  const { eigs } = await import("mathjs");
  const { values } = eigs(
    symmetric.map((row) => [...row]),
    { eigenvectors: false },
  );
  // A symmetric real matrix has real eigenvalues, which mathjs returns as an array of numbers for an array.
  return [...(values as number[])].sort((a, b) => a - b);
}
