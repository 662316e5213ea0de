// Which conditions a finding is about, by the words in which it says so.
import type { ExperimentAnalysis } from "../analysis/analysis.ts";

/** Indices of the conditions that have the levels of `within` ("noise = 1, firms = 2"); all where it is null. */
export function armsWithin(experiment: ExperimentAnalysis, within: string | null): readonly number[] {
  const all = experiment.arms.map((_, i) => i);
  if (within === null) return all;
  const known = new Set(
    experiment.design.factors.flatMap(({ name, levels }) => levels.map((level) => `${name} = ${level}`)),
  );
  const wanted = [...known].filter((one) => `, ${within},`.includes(`, ${one},`));
  return all.filter((i) =>
    wanted.every((one) =>
      Object.entries(experiment.arms[i]!.coordinates).some(([name, level]) => `${name} = ${level}` === one),
    ),
  );
}
