// How often the point that moved furthest after an impulse without effect has an interval that excludes 0.
import { impulseResponseOf } from "../../analysis/kinds/impulse.ts";
import { exponential, normal, type Population, streamOf } from "./populations.ts";
import type { Rate } from "./rate.ts";

export const about = `A series around an impulse that changes nothing: an error is any point after it whose interval excludes 0, as the sentence names the
furthest. Courses are noise that keeps the given share of its last value.`;

function rateOf(of: {
  readonly population: Population;
  readonly units: number;
  readonly points: number;
  readonly kept: number;
}): Rate {
  const { population, units, points, kept } = of;
  const x = Array.from({ length: points + 10 }, (_, i) => i);
  return {
    name: `${population.name}, ${units} units, ${points} points, ${100 * kept}% kept`,
    nominal: 5,
    // The t statistics of skewed noise are themselves off at 20 units.
    limit: population === normal ? 6 : 7.5,
    testSeeds: 40,
    experiment(seed) {
      const random = streamOf(seed);
      const courses = Array.from({ length: units }, () => {
        let last = 0;
        return {
          y: x.map(() => {
            last = kept * last + population.draw(random) - population.mean;
            return last;
          }),
        };
      });
      const { changes } = impulseResponseOf({ x, units: courses, impulseAt: 10, level: 0.95, seed })!;
      return changes.some(({ interval }) => interval !== null && (interval.low > 0 || interval.high < 0));
    },
  };
}

export const rates: readonly Rate[] = [
  ...[5, 10, 20].flatMap((units) =>
    [0, 0.9].map((kept) => rateOf({ population: normal, units, points: 25, kept })),
  ),
  rateOf({ population: normal, units: 50, points: 60, kept: 0 }),
  rateOf({ population: exponential, units: 20, points: 25, kept: 0.9 }),
];
