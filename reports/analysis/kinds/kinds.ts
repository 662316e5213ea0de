// The kinds of analyses by the name that a declared analysis bears. A kind that is missing here does not compile;
// reports/kinds.test.ts holds that each also has a door, a picture, a place on the page and a row in the files.
import type { AnalysisSpec } from "../../../lib/experiment/analysis-spec.ts";
import { chartKind } from "./chart.ts";
import { compareKind, effectKind, equivalentKind } from "./compare.ts";
import { curveKind } from "./curve.ts";
import { customKind } from "./custom.ts";
import { gateKind } from "./gate.ts";
import { interactionKind } from "./interaction.ts";
import type { AnalysisKind } from "./kind.ts";
import { profileKind } from "./profile.ts";
import { relationKind } from "./relation.ts";

export const analysisKinds: {
  readonly [K in AnalysisSpec["kind"]]: AnalysisKind<Extract<AnalysisSpec, { readonly kind: K }>>;
} = {
  compare: compareKind,
  equivalent: equivalentKind,
  mainEffect: effectKind,
  interaction: interactionKind,
  curve: curveKind,
  relation: relationKind,
  profile: profileKind,
  expect: gateKind,
  custom: customKind,
  chart: chartKind,
};

/** The kind of one declared analysis. */
export function kindOf(spec: AnalysisSpec): AnalysisKind<AnalysisSpec> {
  // The table above pairs each name with the kind of the same specification.
  return analysisKinds[spec.kind] as AnalysisKind<AnalysisSpec>;
}
