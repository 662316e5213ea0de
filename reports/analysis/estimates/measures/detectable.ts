// The smallest true difference that data of this size and spread find with 80% power: what an inconclusive answer leaves open.
import { studentTUpperQuantile } from "../../../../lib/stats/distribution/student-t.ts";
import type { Contrast } from "./measure.ts";

/** (t(1 - tail) + t(0.8)) standard errors; null where the method has no standard error. Source: Bloom (1995), Evaluation Review 19. */
export function detectableOf({ estimate, test }: Contrast, tail: number): number | null {
  const df = test.df[0];
  if (df === undefined || estimate.standardError === undefined) return null;
  return (studentTUpperQuantile(tail, df) + studentTUpperQuantile(0.2, df)) * estimate.standardError;
}
