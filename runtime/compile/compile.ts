// The compiler: from an author's files to a plan that nothing past it needs to doubt.
import type { Diagnostic, Result } from "../diagnostic/diagnostic.ts";
import { unknownEffectKind } from "../diagnostic/trial-code-messages.ts";
import type { Plan } from "../plan/plan.ts";
import type { StoredBuild } from "./build/build-folder.ts";
import { reusableBuild, reusableNamed } from "./build/reusable-build.ts";
import { withMissingPackages } from "./check/missing-packages.ts";
import { discover } from "./discover/discover.ts";
import type { EnvironmentUse } from "./discover/environment-uses.ts";
import type { EffectUse } from "./rules/effect-uses.ts";

export interface CompileRequest {
  /** Absolute path of the project. */
  readonly root: string;
  /** Files or folders in it; the whole project when left out. */
  readonly paths?: readonly string[] | undefined;
  /** Plan files that count besides, which a walk through the project may not take for such. */
  readonly plans?: readonly string[] | undefined;
  /** The experiments that the caller is about: while others are broken, these are built alone. All unless told. */
  readonly names?: readonly string[] | undefined;
  /** Levels in place of the declared ones, by parameter (`-S`). */
  readonly overrides?: Readonly<Record<string, readonly unknown[]>> | undefined;
  /** Kinds of effects that somebody performs: a trial that asks for another is an error. Not looked at unless told. */
  readonly effectKinds?: readonly string[] | undefined;
  /** Told as each phase of a cold build begins. */
  readonly onPhase?: ((phase: "check" | "link" | "write") => void) | undefined;
}

export interface CompiledBuild {
  readonly plan: Plan;
  /** Absolute path of `.lab/builds/<id>`. */
  readonly folder: string;
  readonly warnings: readonly Diagnostic[];
  /** Effects that trials leave to performers. */
  readonly effects: readonly EffectUse[];
  /** Environment files that the experiments reach. */
  readonly environments: readonly EnvironmentUse[];
  /** True when nothing had changed since the build was made. */
  readonly reused: boolean;
}

/**
 * Builds the experiments of a project, or says everything that is wrong with them.
 *
 *     Files      the experiment files under the paths                                            discover/
 *       |        types (tsc, a process) || bundles (esbuild, a process) || rules (ts-morph)      check/, rules/
 *     Checked
 *       |        the bundles run in a process of their own; definitions come back as data        load/
 *     Loaded
 *       |        in that process: `where` becomes a bitmap, derived values a column              load/expanded-space.ts
 *     Expanded
 *       |        stages cut out and hashed, needs ordered, identities made                       slice/, link/
 *     Plan       named by content, moved into .lab/builds/<id>/                                  build/
 *
 * An unchanged project takes none of these steps: its latest build is the answer.
 *
 * @example await compile({ root: "/project" }) // { ok: true, value: { plan, folder, warnings: [], reused: false } }
 */
export async function compile(
  request: CompileRequest,
): Promise<Result<CompiledBuild, readonly Diagnostic[]>> {
  const { root, overrides = {} } = request;
  const files = discover(request);
  if (!files.ok) return files;
  const built = known(request, files.value) ?? (await fresh(request, files.value));
  if (!built.ok) return { ok: false, error: withMissingPackages(root, built.error) };
  const nobodys = unperformed(request, built.value);
  if (nobodys.length > 0) return { ok: false, error: nobodys };
  if (Object.keys(overrides).length === 0) return built;
  const { planWithOverrides } = await import("./link/plan-with-overrides.ts");
  const plan = await planWithOverrides({ root, build: built.value, overrides });
  return plan.ok ? { ok: true, value: { ...built.value, plan: plan.value } } : plan;
}

/** What the experiments that are asked for leave to performers that are not there. */
function unperformed(
  { names = [], effectKinds: known }: CompileRequest,
  { effects, plan }: CompiledBuild,
): readonly Diagnostic[] {
  if (known === undefined) return [];
  const portsOf = (experiment: string): readonly string[] =>
    Object.keys(plan.experiments.find(({ name }) => name === experiment)?.effects ?? {});
  return effects
    .filter(
      ({ kind, experiment }) =>
        ![...known, ...portsOf(experiment)].includes(kind) &&
        (names.length === 0 || names.includes(experiment)),
    )
    .map((use) =>
      unknownEffectKind({
        place: use.place,
        experiment: use.experiment,
        name: use.kind,
        known: [...known, ...portsOf(use.experiment)],
      }),
    );
}

type Built = Result<CompiledBuild, readonly Diagnostic[]>;

/** The answer that is there already. */
function known({ root, names = [] }: CompileRequest, files: readonly string[]): Built | null {
  const whole = reusableBuild(root, files);
  if (whole !== null) return answered(whole, { reused: true });
  const alone = names.length > 0 ? reusableNamed(root, names) : null;
  return alone === null ? null : answered(alone.stored, { reused: true, said: alone.said });
}

async function fresh(
  { root, names = [], onPhase }: CompileRequest,
  files: readonly string[],
): Promise<Built> {
  const { buildCold } = await import("./build/build-cold.ts");
  const whole = await buildCold({ root, asked: files, onPhase });
  if (whole.ok) return answered(whole.value, { reused: false });
  if (names.length === 0) return whole;
  const { buildNamed } = await import("./build/build-named.ts");
  const alone = await buildNamed({ root, files, names, errors: whole.error });
  return alone.ok ? answered(alone.value.stored, { reused: false, said: alone.value.said }) : alone;
}

function answered(
  { plan, folder, record }: StoredBuild,
  { reused, said }: { readonly reused: boolean; readonly said?: Diagnostic },
): Built {
  const warnings = said === undefined ? record.warnings : [...record.warnings, said];
  return {
    ok: true,
    value: { plan, folder, warnings, effects: record.effects, environments: record.environments, reused },
  };
}
