// Places the unit numbers of a recorded job in a changed design, by coordinates: the same values of the parameters and the same
// replicate. Numbers that mean the same in both designs cost nothing.
import { isDeepStrictEqual } from "node:util";
import type { Replicates } from "../../../lib/experiment/definition.ts";
import { conditionKeyOf } from "../../../lib/experiment/space/condition-key.ts";
import { spaceFromDescriptor } from "../../../lib/experiment/space/indexed-space.ts";
import type { IndexedSpace, SpaceDescriptor } from "../../../lib/experiment/space/space.ts";
import { derivedTest } from "../../plan/derived-hashes.ts";
import type { Job } from "../../plan/plan.ts";
import { replicateKeyOf } from "../../plan/trial-id.ts";
import { unitCountOf } from "../../plan/units.ts";

/** A job with what its experiment says of conditions and replicates. */
export interface PlacedJob {
  readonly job: Job;
  readonly space: SpaceDescriptor;
  readonly replicates: Replicates;
  /** See PlannedExperiment. */
  readonly derivedHashes: string | null;
}

/** From a recorded unit to the same unit of the plan at hand; -1 when that design has none. */
export type UnitMapping = (unit: number) => number;

/** Null when every number means the same in both (numbers beyond the plan's own count are then not in the design). */
export function unitMappingOf(from: PlacedJob, to: PlacedJob): UnitMapping | null {
  const condition = conditionMappingOf(from, to);
  const replicate = from.job.per === "replicate" ? replicateMappingOf(from, to) : null;
  if (condition === null && replicate === null && from.job.conditions === to.job.conditions) return null;
  const { conditions } = from.job;
  const counts = {
    from: unitCountOf(from.job),
    conditions: to.job.conditions,
    replicates: to.job.replicates,
  };
  return (unit) => {
    if (unit >= counts.from) return -1;
    const oldReplicate = Math.floor(unit / conditions);
    const newReplicate = replicate === null ? oldReplicate : (replicate.get(oldReplicate) ?? -1);
    if (newReplicate < 0 || newReplicate >= counts.replicates) return -1;
    const oldCondition = unit - oldReplicate * conditions;
    const newCondition = condition === null ? oldCondition : condition(oldCondition);
    return newCondition < 0 ? -1 : newReplicate * counts.conditions + newCondition;
  };
}

function replicateMappingOf(from: PlacedJob, to: PlacedJob): ReadonlyMap<number, number> | null {
  if (from.replicates.seeds === null && to.replicates.seeds === null) return null;
  const newByKey = new Map(
    Array.from({ length: to.job.replicates }, (_, index) => [replicateKeyOf(to.replicates, index), index]),
  );
  const pairs = Array.from({ length: from.job.replicates }, (_, index): [number, number] => [
    index,
    newByKey.get(replicateKeyOf(from.replicates, index)) ?? -1,
  ]);
  return pairs.every(([old, now]) => old === now || (now < 0 && old >= to.job.replicates))
    ? null
    : new Map(pairs);
}

/** Looks each recorded condition up once, when it is first met. One whose seeds have moved is another condition. */
function conditionMappingOf(from: PlacedJob, to: PlacedJob): ((condition: number) => number) | null {
  const hasSame = hasSameConditions(from, to);
  const before = from.job.seedSalts ?? {};
  const now = to.job.seedSalts ?? {};
  if (hasSame && isDeepStrictEqual(before, now)) return null;
  const place = hasSame ? (condition: number) => condition : conditionPlacerOf(from, to);
  const known = new Int32Array(from.job.conditions).fill(unknown);
  return (condition) => {
    let found = known[condition]!;
    if (found === unknown) {
      found = place(condition);
      if (before[condition] !== now[found]) found = -1;
      known[condition] = found;
    }
    return found;
  };
}

function conditionPlacerOf(from: PlacedJob, to: PlacedJob): (condition: number) => number {
  const conditionAt = conditionReaderOf(from);
  const indexOf = conditionFinderOf(to);
  // A stage that uses some parameters only has the derived ones of them in its projected conditions.
  const isSame =
    seesWholeSpace(from) && seesWholeSpace(to) ? derivedTest(from.derivedHashes, to.derivedHashes) : null;
  return (condition) => {
    const found = indexOf(conditionAt(condition));
    return found >= 0 && isSame !== null && !isSame(condition, found) ? -1 : found;
  };
}

const unknown = -2;

function hasSameConditions(from: PlacedJob, to: PlacedJob): boolean {
  if (from.job.per === "build" && to.job.per === "build") return true;
  if (from.job.conditions !== to.job.conditions) return false;
  if ((from.job.projected === null) !== (to.job.projected === null)) return false;
  return from.job.projected === null
    ? from.derivedHashes === to.derivedHashes && conditionKeyOf(from.space) === conditionKeyOf(to.space)
    : conditionKeyOf(from.job.projected) === conditionKeyOf(to.job.projected);
}

function seesWholeSpace({ job }: PlacedJob): boolean {
  return job.projected === null && job.per !== "build";
}

function conditionReaderOf({ job, space }: PlacedJob): (index: number) => Readonly<Record<string, unknown>> {
  if (job.projected !== null) {
    const { projected } = job;
    return (index) => projected[index] ?? {};
  }
  const opened = rawSpaceOf(space);
  return (index) => opened.at(index);
}

function conditionFinderOf({
  job,
  space,
}: PlacedJob): (condition: Readonly<Record<string, unknown>>) => number {
  if (job.projected === null) {
    const opened = rawSpaceOf(space);
    return (condition) => opened.indexOf(condition);
  }
  const byKey = new Map(job.projected.map((condition, index) => [conditionKeyOf(condition), index]));
  return (condition) => byKey.get(conditionKeyOf(condition)) ?? -1;
}

function rawSpaceOf(space: SpaceDescriptor): IndexedSpace {
  return spaceFromDescriptor(withoutCode(space));
}

/** The same raw conditions without `where` and derived values, which need the author's code or a column of the build. */
export function withoutCode(space: SpaceDescriptor): SpaceDescriptor {
  switch (space.kind) {
    case "where":
    case "derived":
      return withoutCode(space.of);
    case "cross":
    case "concat":
      return { ...space, of: space.of.map(withoutCode) };
    case "oneOf":
      return { ...space, branches: space.branches.map(({ name, of }) => ({ name, of: withoutCode(of) })) };
    default:
      return space;
  }
}
