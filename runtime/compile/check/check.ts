// The first phase of a cold build: types, rules and bundles at the same time, two of them in processes of their own. The loading
// process starts as soon as there are bundles. Nothing stops at the first mistake.
import path from "node:path";
import type { Diagnostic, Result } from "../../diagnostic/diagnostic.ts";
import { isExperimentFile } from "../discover/discover.ts";
import { type Loaded, load } from "../load/load.ts";
import type { EffectUse } from "../rules/effect-uses.ts";
import type { StageCodes } from "../slice/stage-code.ts";
import { type Bundles, bundle } from "./bundle.ts";
import { checkTypes } from "./check-types.ts";
import type { LocatedExperiment } from "./locate.ts";

export interface Checked {
  readonly root: string;
  /** The build in the making: bundles lie in it already. */
  readonly folder: string;
  readonly files: readonly string[];
  readonly bundles: Bundles;
  readonly located: readonly LocatedExperiment[];
  /** The code of the stages that are written in place; fails for definitions that have errors of their own, such as two stages of one name. */
  readonly codes: Result<StageCodes, unknown>;
  /** Absolute paths that the type check read. */
  readonly sources: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** Effects that trials leave to performers. */
  readonly effects: readonly EffectUse[];
  readonly loaded: Loaded;
}

/** Checks `files` (relative to `root`) and fills `folder` with bundles. Fails only where there is nothing to load. */
export async function check(of: {
  readonly root: string;
  readonly folder: string;
  readonly files: readonly string[];
}): Promise<Result<Checked, readonly Diagnostic[]>> {
  const { root, folder, files } = of;
  const checkingTypes = checkTypes({ root, files });
  // The bundler asks this process about packages, which would have to wait while ts-morph loads: first the one, then the other.
  const bundled = await bundle({ root, files, folder });
  if (!bundled.ok) {
    const { diagnostics } = await checkingTypes;
    return {
      ok: false,
      error: [
        ...diagnostics,
        ...bundled.error.filter((error) => !diagnostics.some((other) => sameLine(error, other))),
      ],
    };
  }
  const bundles = bundled.value;
  const items = files.map((file) => ({ file, bundle: bundles.fileOf.get(file) ?? "" }));
  const loading = load({ root, folder, bundles: items, overrides: {}, spaces: "spaces" });
  const { checkSyntax, cutStages } = await import("./check-syntax.ts");
  const syntax = checkSyntax({ root, files, bundles });
  const codes = await settled(cutStages({ root, folder, located: syntax.located, unlocated: [], bundles }));
  const loaded = await loading;
  const types = await checkingTypes;
  const diagnostics = [...types.diagnostics, ...syntax.diagnostics, ...loaded.diagnostics];
  return {
    ok: true,
    value: {
      ...of,
      bundles,
      located: syntax.located,
      codes,
      sources: types.sources,
      diagnostics,
      effects: syntax.effects,
      loaded,
    },
  };
}

function settled<T>(promise: Promise<T>): Promise<Result<T, unknown>> {
  return promise.then(
    (value) => ({ ok: true, value }),
    (error: unknown) => ({ ok: false, error }),
  );
}

/** Experiment files that an experiment needs and that were not asked for: they are imported, so the bundler has seen them. */
export function neededFiles({ files, bundles, loaded }: Checked): readonly string[] {
  const known = new Set(loaded.experiments.map(({ name }) => name));
  const isMissing = loaded.experiments.some(({ needs }) =>
    Object.values(needs).some((name) => !known.has(name)),
  );
  if (!isMissing) return [];
  return Object.keys(bundles.inputs).filter(
    (file) => isExperimentFile(path.posix.basename(file)) && !file.startsWith("../") && !files.includes(file),
  );
}

/** The bundler and the type checker both complain about a module that is not there. */
function sameLine(a: Diagnostic, b: Diagnostic): boolean {
  return a.place !== null && a.place.file === b.place?.file && a.place.line === b.place.line;
}
