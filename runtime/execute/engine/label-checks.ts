// Whether an engine has machines for all that is to run: experiments may need labels, and a run in which one of them could never begin is refused.
import { type Checked, failed, ok, warning } from "../../doctor/check.ts";
import { hasLabels, type Labels } from "../protocol/labels.ts";
import type { LabelNeed } from "./engine.ts";

/** A finding for each experiment that needs labels. */
export function labelChecks(
  needs: readonly LabelNeed[],
  of: {
    readonly machines: readonly Labels[];
    /** What to do for machines with these labels, in sentences. */
    readonly remedyOf: (labels: readonly string[]) => string;
    /** Whether machines may come later: then it is no failure. */
    readonly mayCome: boolean;
  },
): readonly Checked[] {
  const { machines, remedyOf, mayCome } = of;
  return needs.map(({ experiment, at, labels }) => {
    const has = machines.filter((machine) => hasLabels(machine, labels)).length;
    const check = `machines for ${experiment}`;
    if (has > 0) return ok(check, `${has} with ${labels.join(", ")}`);
    const whom = machines.length === 1 ? "the machine has not" : `none of ${machines.length} machines has`;
    const found = `${at}: it needs ${labels.join(", ")}, which ${machines.length === 0 ? "no machine has" : whom}`;
    return mayCome
      ? warning(check, `${found}; the run waits for one`, remedyOf(labels))
      : failed(check, found, remedyOf(labels));
  });
}
