// The compiler: from an author's files to a plan that nothing past it needs to doubt.
import type { Diagnostic, Result } from "../diagnostic/diagnostic.ts";
import type { CompiledBuild, CompileRequest } from "./build/compiled-build.ts";
import { reusableBuild } from "./build/reusable-build.ts";
import { discover } from "./discover/discover.ts";

export type { CompiledBuild, CompileRequest };

/**
 * Builds the experiments of a project, or says everything that is wrong with them.
 *
 *     Files      the experiment files under the paths                                            discover.ts
 *       |        types (tsc, a process) || bundles (esbuild, a process) || rules (ts-morph)      check.ts
 *     Checked
 *       |        the bundles run in a process of their own; definitions come back as data        load.ts
 *     Loaded
 *       |        in that process: `where` becomes a bitmap, derived values a column              expanded-space.ts
 *     Expanded
 *       |        stages cut out and hashed, needs ordered, identities made                       link-checked.ts
 *     Plan       named by content, moved into .lab/builds/<id>/                                  build-folder.ts
 *
 * An unchanged project takes none of these steps: its latest build is the answer.
 *
 * @example await compile({ root: "/project" }) // { ok: true, value: { plan, folder, warnings: [], reused: false } }
 */
export async function compile(
  request: CompileRequest,
): Promise<Result<CompiledBuild, readonly Diagnostic[]>> {
  const { root, overrides = {}, onPhase } = request;
  const files = discover(request);
  if (!files.ok) return files;
  const known = reusableBuild(root, files.value);
  const built =
    known === null
      ? await (await import("./build/build-cold.ts")).buildCold({ root, asked: files.value, onPhase })
      : null;
  if (built?.ok === false) return built;
  const stored = built?.value ?? known;
  if (stored === null) throw new Error("neither a known build nor a new one");
  const build: CompiledBuild = {
    plan: stored.plan,
    folder: stored.folder,
    warnings: stored.record.warnings,
    reused: known !== null,
  };
  if (Object.keys(overrides).length === 0) return { ok: true, value: build };
  const { planWithOverrides } = await import("./link/plan-with-overrides.ts");
  const plan = await planWithOverrides({ root, build, overrides });
  return plan.ok ? { ok: true, value: { ...build, plan: plan.value } } : plan;
}
