// The Gaussian kernel density of a sample at evenly spaced places between its smallest and largest value.

import { momentsOf } from "../../lib/stats/moments.ts";
import { quantile } from "../../lib/stats/quantile.ts";
import { extentOf } from "../analysis/estimates/extent.ts";

const places = 61;

/**
 * The bandwidth is Silverman's rule of thumb, 0.9 min(sd, IQR / 1.34) n^(-1/5); where the quartiles coincide, sd alone counts.
 * Source: Silverman (1986), Density Estimation for Statistics and Data Analysis, eq. 3.31; R's bw.nrd0.
 *
 * @returns density per unit of the values; null for fewer than two different values.
 * @example densityOf([0, 1])?.length  // 61
 */
export function densityOf(
  values: readonly number[],
): readonly { readonly value: number; readonly height: number }[] | null {
  const extent = extentOf(values);
  if (extent === null || !(extent.high > extent.low)) return null;
  const { low, high } = extent;
  const { sd, n } = momentsOf([...values]);
  const middle = (quantile([...values], 0.75) - quantile([...values], 0.25)) / 1.34;
  const width = 0.9 * (middle > 0 ? Math.min(sd, middle) : sd) * n ** -0.2;
  const factor = 1 / (n * width * Math.sqrt(2 * Math.PI));
  return Array.from({ length: places }, (_, i) => {
    const value = low + ((high - low) * i) / (places - 1);
    const sum = values.reduce((total, one) => total + Math.exp(-(((value - one) / width) ** 2) / 2), 0);
    return { value, height: factor * sum };
  });
}
