// Derived values by raw condition, each object as a short hash: what a plan and a segment carry of them, so that a record is placed
// in a changed design only where the values that its trial saw are the same.
import { createHash } from "node:crypto";
import { conditionKeyOf } from "../../lib/experiment/space/condition-key.ts";

/** Bytes a condition. Only the values of one condition before and after an edit are compared, so 48 bits tell them apart. */
const bytesEach = 6;

/** Base64, six bytes a raw condition; zeros where `where` does not admit it. */
export function derivedHashesOf(derived: readonly (Readonly<Record<string, unknown>> | null)[]): string {
  const bytes = Buffer.alloc(derived.length * bytesEach);
  for (const [index, values] of derived.entries()) {
    if (values === null) continue;
    createHash("sha256")
      .update(conditionKeyOf(values))
      .digest()
      .copy(bytes, index * bytesEach, 0, bytesEach);
  }
  return bytes.toString("base64");
}

/** Whether a condition has the same derived values in two designs, each null when it derives none. */
export function derivedTest(
  from: string | null,
  to: string | null,
): (fromCondition: number, toCondition: number) => boolean {
  const before = Buffer.from(from ?? "", "base64");
  const now = Buffer.from(to ?? "", "base64");
  return (fromCondition, toCondition) =>
    before
      .subarray(fromCondition * bytesEach, (fromCondition + 1) * bytesEach)
      .equals(now.subarray(toCondition * bytesEach, (toCondition + 1) * bytesEach));
}
