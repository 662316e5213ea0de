// What an average over conditions mixes: the difference of each condition from the one that is like it in all else. A row shows them as
// ticks, so that effects which part ways are seen where their mean is read.
import type { Arm, ExperimentAnalysis } from "../../analysis/analysis.ts";
import type { ComparisonFinding } from "../../analysis/finding.ts";
import { centreNameOf } from "../../analysis/words/centre-name.ts";
import { armsWithin } from "../../chart/finding-arms.ts";

/** More ticks than this in a row are a smear. */
const ticksMax = 60;

interface Place {
  readonly arm: Arm;
  readonly mean: number;
}

/** For a level and a baseline: the differences of their conditions; none where the average is over one condition or too many. */
export type CellDifferences = (level: string, baseline: string) => readonly number[];

export function cellDifferencesOf(
  finding: ComparisonFinding,
  experiment: ExperimentAnalysis,
): CellDifferences {
  const { factor, within, estimand } = finding;
  const metric = experiment.metrics.find(({ name }) => name === finding.metric);
  // Of what the cells hold: a restricted mean of times that were cut off is no average of the means of those that were not.
  if (estimand.scale !== "difference" || metric === undefined || estimand.levelName !== centreNameOf(metric))
    return () => [];
  const places = new Map<string, Place[]>();
  for (const i of armsWithin(experiment, within)) {
    const arm = experiment.arms[i]!;
    const level = arm.coordinates[factor];
    const mean = metric.cells[i]!.mean;
    if (level === undefined || mean === null) continue;
    const own = places.get(level) ?? [];
    places.set(level, own);
    own.push({ arm, mean });
  }
  return (level, baseline) => {
    const own = places.get(level) ?? [];
    const others = places.get(baseline) ?? [];
    if (own.length * others.length > ticksMax ** 2) return [];
    const pairs = own.flatMap((a) =>
      others.filter((b) => isAlike(a.arm, b.arm, factor)).map((b) => a.mean - b.mean),
    );
    return pairs.length < 2 || pairs.length > ticksMax ? [] : pairs;
  };
}

/** Whether two conditions have the same levels of every other factor that both have: a branch has factors of its own. */
function isAlike(a: Arm, b: Arm, factor: string): boolean {
  return Object.entries(a.coordinates).every(
    ([name, level]) => name === factor || (b.coordinates[name] ?? level) === level,
  );
}
