// Which conditions of a stage must move so that no two of its units share a `replicate.seed`. Found when the space is expanded and
// kept in the plan, so that hosts, `lab verify` and whatever else asks for a seed agree.
import type { Replicates } from "../../../lib/experiment/definition.ts";
import { conditionKeyOf } from "../../../lib/experiment/space/condition-key.ts";
import type { Condition } from "../../../lib/experiment/space/space.ts";
import { conditionHashOf } from "../../../lib/random/seed-of.ts";
import { resolveSeedOverlaps } from "../../../lib/random/seed-overlaps.ts";
import type { Job } from "../../plan/plan.ts";

/**
 * A stage of more conditions is not walked for this, so that ten million are planned at once: a walk takes about 2 microseconds a
 * condition. There two trials share a seed now and then, as random 32-bit numbers do.
 */
export const saltedConditionsMax = 1_000_000;

/** See Job.seedSalts. `admits` says which of the stage's conditions are in the design; null when all are. */
export function seedSaltsOf(of: {
  readonly per: Job["per"];
  readonly replicates: Replicates;
  readonly conditions: number;
  /** False where conditions are proposed while a run goes on: their seeds differ up to 32-bit chance. */
  readonly isKnown: boolean;
  readonly at: (index: number) => Condition;
  readonly admits: ((index: number) => boolean) | null;
  /** Called now and then. */
  readonly alive: () => void;
}): Job["seedSalts"] {
  const { per, replicates, conditions, at, admits, alive } = of;
  const isNamed = replicates.seeds === null && replicates.pairing === "independent";
  if (per !== "replicate" || !isNamed || !of.isKnown || conditions < 2 || conditions > saltedConditionsMax)
    return undefined;
  const indexes = new Uint32Array(conditions);
  const hashes = new Uint32Array(conditions);
  let count = 0;
  for (let index = 0; index < conditions; index++) {
    if ((index & 0xfff) === 0xfff) alive();
    if (admits !== null && !admits(index)) continue;
    indexes[count] = index;
    hashes[count] = conditionHashOf(conditionKeyOf(at(index)))[0];
    count += 1;
  }
  // A design of more than 2^32 trials is refused elsewhere, in words.
  if (count * replicates.count > 2 ** 32) return undefined;
  const salts = resolveSeedOverlaps(hashes.subarray(0, count), replicates.count);
  if (salts.size === 0) return undefined;
  return Object.fromEntries(Array.from(salts, ([position, salt]) => [indexes[position] ?? 0, salt]));
}
