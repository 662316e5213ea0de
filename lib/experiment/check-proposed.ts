// What does not go together with a space that is proposed while a run goes on: whatever must know all conditions when it is built.
import type { ExperimentDefinition } from "./definition.ts";
import { type DefinitionProblem, problemOf } from "./problem.ts";
import { proposedPartsOf } from "./space/proposed-node.ts";
import type { Space } from "./space/space.ts";
import { parameterNamesOf } from "./space/space-input.ts";

export function checkProposed({
  space,
  stages,
  replicates,
}: ExperimentDefinition): readonly DefinitionProblem[] {
  const parts = proposedPartsOf(space);
  const [part] = parts;
  if (part === undefined) return [];
  const problems: DefinitionProblem[] = [];
  const bad = (subject: string, found: string, expected: string): number =>
    problems.push(problemOf({ code: "bad-option", subject, found, expected }));
  if (parts.length > 1)
    bad("space.proposed(...)", `${parts.length} of them in one space`, "one: give it all ranges");
  if (hasFunctions(space))
    bad(
      "a space with space.proposed(...)",
      "space.where(...) or space.derive(...)",
      "neither: conditions that are proposed while a run goes on are not known to the build; compute what follows from them in the trial",
    );
  if (isConcatenated(space))
    bad(
      "a space with space.proposed(...)",
      "space.concat(...)",
      "space.oneOf(...): a tag tells proposed conditions from listed ones",
    );
  if (replicates.until !== null)
    bad(
      "replicate.until(...)",
      "a space with space.proposed(...)",
      "replicate(...): the proposer decides how much is run",
    );
  const proposed = part.ranges.map(({ name }) => name);
  const names = parameterNamesOf(space);
  for (const { name, per, uses, site } of stages) {
    if (per === "build" || uses === "all" || names.every((each) => uses.includes(each))) continue;
    const named = uses.find((each) => proposed.includes(each));
    if (named === undefined && isPlain(space)) continue;
    const subject = `stage "${name}"`;
    const found = `uses ${uses.map((each) => `"${each}"`).join(", ")}`;
    const expected = isPlain(space)
      ? `none of the proposed parameters (${proposed.join(", ")}), or all parameters`
      : "all parameters, as its space is proposed while a run goes on";
    problems.push(problemOf({ code: "bad-option", subject, found, expected, site }));
  }
  return problems;
}

function hasFunctions(tree: Space): boolean {
  return isOrHas(tree, ({ kind }) => kind === "where" || kind === "derived");
}

/** Whether a proposed part stands in a list of conditions, one of which it could come to equal. */
function isConcatenated(tree: Space): boolean {
  return isOrHas(tree, (part) => part.kind === "concat" && proposedPartsOf(part).length > 0);
}

function isOrHas(tree: Space, test: (part: Space) => boolean): boolean {
  if (test(tree)) return true;
  switch (tree.kind) {
    case "cross":
    case "concat":
      return tree.of.some((part) => isOrHas(part, test));
    case "oneOf":
      return tree.branches.some(({ of }) => isOrHas(of, test));
    case "where":
    case "derived":
      return isOrHas(tree.of, test);
    default:
      return false;
  }
}

/** Whether the conditions of a stage that uses no proposed parameter are known when it is built. */
function isPlain(tree: Space): boolean {
  if (tree.kind === "cross") return tree.of.every(isPlain);
  return tree.kind === "product" || tree.kind === "proposed";
}
