// space.proposed: a space whose conditions are not known when it is built, but proposed while a run goes on.
import { callSiteOf } from "../call-site.ts";
import { number, optionProblems, readOptions, required } from "../option-shapes.ts";
import { problemOf } from "../problem.ts";
import { readColumns, type SampledInput, type SampledSpace } from "./sampled-spaces.ts";

export interface ProposedOptions {
  /** The most conditions that a run may come to have, 1 to 1,000,000. */
  readonly capacity: number;
}

const capacityMax = 1_000_000;
const capacityWords = "a whole number from 1 to 1,000,000";
const isCapacity = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= capacityMax;

/**
 * At most `capacity` conditions within ranges, proposed while a run goes on by the steering that `run` of `labwright/run` is
 * given: `space.proposed({ alpha: between(0, 1), memory: sweep([1, 2]) }, { capacity: 40 })`. Put factors and constants beside it with
 * space.cross(...), which then are run with every proposal. `replicate.seed` of trials whose condition was proposed is unique up to the
 * chance of two random 32-bit numbers being equal.
 */
export function proposed<const P extends SampledInput>(ranges: P, options: ProposedOptions): SampledSpace<P> {
  const site = callSiteOf(proposed);
  const subject = "space.proposed(...)";
  const columns = readColumns(ranges, {
    subject,
    expected: "between(...) or sweep(...) by name; put constants beside it with space.cross(...)",
    site,
  });
  const read = readOptions<ProposedOptions>(options, {
    capacity: required(number(capacityWords, isCapacity)),
  });
  const problems = [
    ...columns.problems,
    ...optionProblems(read.misfits, { code: "bad-option", subject }).map((problem) => ({ ...problem, site })),
  ];
  if (columns.ranges.length === 0 && columns.problems.length === 0)
    problems.push(problemOf({ code: "empty-sweep", subject, site }));
  return {
    kind: "labwright/space",
    tree: { kind: "proposed", capacity: read.options.capacity ?? 0, ranges: columns.ranges, rows: [] },
    problems,
    sites: columns.sites,
  };
}
