// The size of a difference in standard deviations: Hedges g by default, Cohen's d with his labels under the classical ladder.
import { isRefused, orRefusal } from "../../../lib/stats/refusal.ts";
import { standardizedDifference } from "../../../lib/stats/standardized-difference.ts";
import type { WeightedSample } from "../../../lib/stats/weighted-cells.ts";
import { withinCellsEffect } from "../../../lib/stats/within-cells-effect.ts";
import type { EffectSize } from "../finding.ts";
import { effectIntervalOf } from "../interval.ts";
import type { Difference } from "./difference.ts";

export interface EffectSizeOptions {
  readonly ladder: "estimation" | "classical";
  readonly level: number;
  /** The cells of both levels where there are several: the standard deviation is then that within cells. */
  readonly cells: { readonly x: readonly WeightedSample[]; readonly y: readonly WeightedSample[] } | null;
}

/** Null where it cannot be computed or would mislead. */
export function effectSizeOf(
  difference: Difference,
  { ladder, level, cells }: EffectSizeOptions,
): EffectSize | null {
  const isClassical = ladder === "classical";
  const corrected = !isClassical;
  const estimate = orRefusal(() =>
    cells !== null
      ? withinCellsEffect({ ...cells, corrected, level })
      : standardizedDifference({
          x: difference.x,
          y: difference.y,
          standardizer: difference.isPaired ? "paired" : "pooled",
          corrected,
          level,
        }),
  );
  if (isRefused(estimate) || !Number.isFinite(estimate.value)) return null;
  const name = `${isClassical ? "d" : "g"}${difference.isPaired ? "z" : ""}`;
  const full = `${isClassical ? `Cohen's ${name}` : `Hedges ${name}`}${cells === null ? "" : " within cells"}`;
  return {
    name: full,
    value: estimate.value,
    interval: effectIntervalOf(estimate),
    label: isClassical ? cohenLabel(estimate.value) : null,
  };
}

/** Cohen's (1988) conventions, which he called arbitrary. */
function cohenLabel(d: number): string {
  const size = Math.abs(d);
  const word = size < 0.2 ? "negligible" : size < 0.5 ? "small" : size < 0.8 ? "medium" : "large";
  return `${word} by Cohen's convention`;
}
