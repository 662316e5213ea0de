// The part of a cold build that reads syntax trees: where experiments stand, the rules on trial code, and the slices that identity
// rests on. Imported dynamically, since ts-morph takes a while to load.
import { packageGraph } from "../discover/package-graph.ts";
import { forgetPackages } from "../discover/package-of.ts";
import { projectSources } from "../discover/source-list.ts";
import { type CheckedRules, checkRules } from "../rules/check-rules.ts";
import type { StageCodes } from "../slice/stage-code.ts";
import { stageSlices } from "../slice/stage-slices.ts";
import { forgetProject } from "../typescript/project.ts";
import type { Bundles } from "./bundle.ts";
import { type LocatedExperiment, locateExperiments } from "./locate.ts";

export interface CheckedSyntax extends CheckedRules {
  readonly located: readonly LocatedExperiment[];
}

/** Locates the experiments of `files` and applies the rules to every file of the project that they reach. */
export function checkSyntax(of: {
  readonly root: string;
  readonly files: readonly string[];
  readonly bundles: Bundles;
}): CheckedSyntax {
  const { root, files, bundles } = of;
  forgetProject(root);
  const located = locateExperiments(root, files);
  const rules = checkRules({ root, files: projectSources(root, bundles.inputs), experiments: located });
  return { located, ...rules };
}

/** Cuts the stages out and writes the slices into the build's `folder`. */
export async function cutStages(of: {
  readonly root: string;
  readonly folder: string;
  readonly located: readonly LocatedExperiment[];
  readonly unlocated: readonly { readonly file: string; readonly exportName: string }[];
  readonly bundles: Bundles;
}): Promise<StageCodes> {
  const { root, bundles, ...rest } = of;
  forgetPackages();
  return stageSlices({ root, ...rest, packages: packageGraph(root, bundles.inputs) });
}
