// Logarithms of normal tails, for integrands that are built from them.
import { normalUpper } from "./normal.ts";

/** ln P(Z > z), also where the tail itself is below the smallest double. */
export function logNormalUpper(z: number): number {
  if (z < 37) return z < -1 ? Math.log1p(-normalUpper(-z)) : Math.log(normalUpper(z));
  // Asymptotic series of Mills' ratio; the next term is below 1e-16 for z >= 37 (Abramowitz & Stegun 26.2.12).
  const s = 1 / (z * z);
  return (
    -0.5 * z * z - Math.log(z) - 0.9189385332046727 + Math.log1p(-s * (1 - 3 * s * (1 - 5 * s * (1 - 7 * s))))
  );
}
