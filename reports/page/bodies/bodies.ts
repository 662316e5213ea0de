// What stands under the sentences of a finding, by its kind. A kind that is missing here does not compile.
import type { Finding, FindingOf } from "../../analysis/finding.ts";
import type { Html } from "../html.ts";
import { comparisonBody } from "./comparison.ts";
import { curveBody } from "./curve.ts";
import { customBody } from "./custom.ts";
import { interactionBody } from "./interaction.ts";
import { profileBody } from "./profile.ts";
import { regressionBody } from "./regression.ts";

type Body<F extends Finding> = (finding: F) => Html | null;

const sentencesOnly = () => null;

const bodies: { readonly [K in Finding["kind"]]: Body<FindingOf<K>> } = {
  compare: comparisonBody,
  equivalent: comparisonBody,
  effect: comparisonBody,
  interaction: interactionBody,
  curve: curveBody,
  relation: sentencesOnly,
  regression: regressionBody,
  profile: profileBody,
  gate: sentencesOnly,
  custom: customBody,
  chart: sentencesOnly,
  unanswered: sentencesOnly,
};

/** Tables and numbers of one finding; null where its sentences say all. */
export function bodyOf(finding: Finding): Html | null {
  // The table above pairs each kind with a body for findings of that kind.
  return (bodies[finding.kind] as Body<Finding>)(finding);
}
