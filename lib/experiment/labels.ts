// Labels of machines, by which an experiment chooses where it runs: what one may be made of, and how they are read out of `needs`.
import { shownValue } from "./option-shapes.ts";
import { type DefinitionProblem, problemOf } from "./problem.ts";

const label = /^[\w.-]{1,64}(?:=[\w.-]{1,64})?$/;

export function isLabel(value: unknown): value is string {
  return typeof value === "string" && label.test(value);
}

export interface ReadNeeds {
  /** Each once, as written: "gpu" for any value of that label, "site=north" for one. */
  readonly labels: readonly string[];
  /** What stands under the other keys. */
  readonly others: Readonly<Record<string, unknown>>;
  readonly problems: readonly DefinitionProblem[];
}

/** Parts what machines must have from the experiments under `needs`. */
export function readNeeds(needs: Readonly<Record<string, unknown>>): ReadNeeds {
  const { labels, ...others } = needs;
  if (labels === undefined) return { labels: [], others, problems: [] };
  if (Array.isArray(labels) && labels.length > 0 && labels.every(isLabel))
    return { labels: [...new Set<string>(labels)], others, problems: [] };
  const problem = problemOf({
    code: "bad-definition",
    subject: "needs",
    found: `{ labels: ${shownValue(labels)} }`,
    expected:
      'a list of what a machine must have, such as ["gpu"] or ["gpu", "site=north"]; an experiment goes under another name',
  });
  return { labels: [], others, problems: [problem] };
}
