// What tests of several samples share: checking the groups, and their moments about one common origin.
import { type Moments, momentsOf } from "./moments.ts";
import { assertSample, refuse } from "./refusal.ts";

/** Samples to compare, one array a group. */
export type Groups = readonly (readonly number[])[];

/** Refuses fewer than two groups and groups that are too small or hold a value that is not finite. */
export function assertGroups(groups: Groups, least: number): void {
  if (groups.length < 2) refuse("too-few", `${groups.length} group(s) given; at least 2 are needed`);
  groups.forEach((group, i) => {
    assertSample(group, { name: `group ${i + 1}`, least });
  });
}

/** Moments of every group about the first value of the first group. */
export function groupMoments(groups: Groups): readonly Moments[] {
  const origin = groups[0]![0]!;
  return groups.map((group) => momentsOf(group, origin));
}

/** Total number of values. */
export function sizeOf(groups: Groups): number {
  return groups.reduce((sum, group) => sum + group.length, 0);
}
