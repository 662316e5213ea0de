// What starts first, as it was asked for: checked against the experiments that there are.
import { priorityMax } from "../control/request.ts";
import { nearest } from "../diagnostic/nearest.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { OpenedPlan } from "../plan/opened-plan.ts";

/** Throws UserError for a name that the plan does not have, and for what is no whole number from -1000 to 1000. */
export function checkedPriorities(
  { experiments }: Pick<OpenedPlan, "experiments">,
  priorities: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const names = experiments.map(({ planned }) => planned.name);
  for (const [name, priority] of Object.entries(priorities)) {
    if (!Number.isInteger(priority) || Math.abs(priority) > priorityMax)
      throw new UserError(
        `a priority is a whole number from -${priorityMax} to ${priorityMax}; "${name}" has ${priority}`,
      );
    if (names.includes(name)) continue;
    const near = nearest(name, names);
    throw new UserError(`a priority is given to "${name}", and there is no experiment "${name}"`, {
      hint: near === null ? `There are ${names.join(", ")}.` : `Did you mean ${near}?`,
    });
  }
  return priorities;
}
