// The hash of a plan: a run and all its resumptions are of one and the same.
import { createHash } from "node:crypto";
import { conditionKeyOf } from "../../lib/experiment/space/condition-key.ts";
import type { Plan } from "../plan/plan.ts";

/** SHA-256 of the plan's canonical JSON, lower-case hex. */
export function planHashOf(plan: Plan): string {
  return createHash("sha256").update(conditionKeyOf(plan)).digest("hex");
}
