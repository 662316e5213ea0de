// unstable-definition: parameters or replicates that come out differently at every build (a date, a random number, a temporary
// folder, a host name). Every build would plan other trials, and nothing would ever be reused.
import { unstableDefinition } from "../../diagnostic/trial-code-messages.ts";
import { clockInTrialRule } from "./clock-in-trial.ts";
import { propertyValue } from "./definition-parts.ts";
import { machineInTrialRule } from "./machine-in-trial.ts";
import { randomInTrialRule } from "./random-in-trial.ts";
import { type Found, placeOf, type Rule, type Subject } from "./rule.ts";
import { type OutsideUse, outsideUses, placed } from "./trial-uses.ts";

const varying = [randomInTrialRule, clockInTrialRule, machineInTrialRule];

export const unstableDefinitionRule: Rule = {
  code: "unstable-definition",
  check(subject: Subject): readonly Found[] {
    return ["parameters", "replicates"].flatMap((where) => {
      const value = propertyValue(subject.experiment, where);
      if (value === null) return [];
      return subject.reachedFrom(value, where).flatMap(({ declaration }) =>
        outsideUses(declaration, subject.denoter)
          .filter(varies)
          .map((use) =>
            unstableDefinition({
              place: placeOf(subject.root, placed(use)),
              experiment: subject.name,
              use: use.text,
              where,
            }),
          ),
      );
    });
  },
};

function varies(use: OutsideUse): boolean {
  return varying.some((rule) => rule.forbids(use));
}
