// Words for what is wrong with a selection typed on the command line.
import { nearest } from "../diagnostic/nearest.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { LeftOut } from "../plan/selection.ts";
import type { Problem } from "../plan/selection-problem.ts";

/** The error for the first problem; the others are usually its consequences. */
export function selectionError(problems: readonly Problem[]): UserError {
  const [problem] = problems;
  if (problem === undefined) throw new Error("a selection without problems has no error");
  switch (problem.kind) {
    case "experiment":
      return new UserError(`there is no experiment "${problem.name}"`, {
        hint: choice(problem.name, problem.known),
      });
    case "parameter":
      return new UserError(`no parameter is called "${problem.name}"`, {
        hint: choice(problem.name, problem.known),
      });
    case "level": {
      const known = problem.known.map((level) => JSON.stringify(level));
      return new UserError(`${JSON.stringify(problem.level)} is not a level of ${problem.name}`, {
        hint: `Its levels are ${shortList(known)}.`,
      });
    }
  }
}

/** What is said of an experiment that a filter or limit leaves out. */
export function leftOutWords({ experiment, needs }: LeftOut): string {
  return `${experiment} is left out: it needs every trial of ${needs}, of which only a part is selected; name it to run both (lab run ${experiment})`;
}

function choice(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near === null ? `There are ${shortList(known)}.` : `Did you mean "${near}"?`;
}

function shortList(items: readonly string[]): string {
  const shown = items.slice(0, 12).join(", ");
  return items.length > 12 ? `${shown} and ${items.length - 12} more` : shown;
}
