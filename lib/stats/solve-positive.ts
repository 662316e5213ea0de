// The one piece of linear algebra that the joint tests need: small symmetric positive definite systems.
import { refuse } from "./refusal.ts";

/**
 * A solver of one symmetric positive definite system for many right sides: Cholesky's method after scaling to a unit diagonal.
 * Factoring costs k^3/6 products, each solution k^2.
 *
 * @throws StatisticsRefusal when the matrix is singular.
 * @example positiveSolver([[4, 0], [0, 2]])([8, 1])  // [2, 0.5]
 */
export function positiveSolver(
  matrix: readonly (readonly number[])[],
): (right: readonly number[]) => readonly number[] {
  const k = matrix.length;
  const scale = matrix.map((row, i) => Math.sqrt(row[i]!));
  if (scale.some((value) => !(value > 0)))
    refuse("no-variation", "a contrast of the comparison does not vary");
  const lower: number[][] = [];
  for (let i = 0; i < k; i++) {
    lower.push([]);
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i]![j]! / (scale[i]! * scale[j]!);
      for (let m = 0; m < j; m++) sum -= lower[i]![m]! * lower[j]![m]!;
      if (i === j && sum < 1e-12) {
        refuse("no-variation", "the contrasts of the comparison are linearly dependent in these data");
      }
      lower[i]!.push(i === j ? Math.sqrt(sum) : sum / lower[j]![j]!);
    }
  }
  return (right) => {
    const forward: number[] = [];
    for (let i = 0; i < k; i++) {
      let sum = right[i]! / scale[i]!;
      for (let m = 0; m < i; m++) sum -= lower[i]![m]! * forward[m]!;
      forward.push(sum / lower[i]![i]!);
    }
    const backward = new Array<number>(k).fill(0);
    for (let i = k - 1; i >= 0; i--) {
      let sum = forward[i]!;
      for (let m = i + 1; m < k; m++) sum -= lower[m]![i]! * backward[m]!;
      backward[i] = sum / lower[i]![i]!;
    }
    return backward.map((value, i) => value / scale[i]!);
  };
}
