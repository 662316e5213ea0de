// What `lab run` and `lab plan` are asked for: experiments by name or by file, levels in place of declared ones, a filter. Values are
// read against the build, which knows what each parameter takes.
import { existsSync } from "node:fs";
import { relative, sep } from "node:path";
import { compile } from "../compile/compile.ts";
import { isPlanFile } from "../compile/discover/plan-files.ts";
import { InvalidDesign } from "../diagnostic/invalid-design.ts";
import { nearestOrAll } from "../diagnostic/nearest.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { Plan, PlannedExperiment } from "../plan/plan.ts";
import type { Shard } from "../plan/selection.ts";
import type { PrepareRequest } from "../run/prepare.ts";
import type { OptionValues } from "./command.ts";
import { number, typedOf, typedPath } from "./options.ts";
import { filterOf, settingsOf } from "./values/parameter-values.ts";

/** The request of a run or plan. Builds when there is a value or a file to look up, else nothing is read. */
export async function askedFor(
  root: string,
  of: {
    readonly experiments: readonly string[];
    readonly options: OptionValues;
    /** Kinds of effects that the project's configuration performs. */
    readonly effectKinds: readonly string[];
  },
): Promise<PrepareRequest> {
  const { experiments, options, effectKinds } = of;
  const plans = experiments.filter((each) => isPlanFile(each)).map((each) => typedPath(root, each));
  const named = await namesOf({ root, effectKinds }, experiments);
  const tags = options.tag as readonly string[] | undefined; // As option-values.ts has parsed it.
  const names =
    tags === undefined
      ? named
      : taggedOf((await planOf({ root, names: named, ...(plans.length > 0 && { plans }) })).experiments, {
          names: named,
          tags,
        });
  const request = { root, effectKinds, ...(plans.length > 0 && { plans }) };
  const limit = number(options, "limit");
  const shard = options.shard as Shard | undefined; // As option-values.ts has parsed it.
  const chosen = { experiments: names, limit, ...(shard !== undefined && { shard }) };
  const set = typedOf(options, "set");
  const filter = typedOf(options, "filter");
  const replicates = options.replicates as readonly number[] | undefined; // As option-values.ts has parsed it.
  if (replicates !== undefined && filter.some(({ key }) => key === "replicate"))
    throw new UserError("--replicates and --filter replicate=... both choose replicates; give one of them");
  const only = replicates === undefined ? {} : { replicate: replicates };
  if (set.length === 0 && filter.length === 0)
    return { ...request, selection: { ...chosen, filter: only }, overrides: {} };
  const plan = await planOf({ ...request, names });
  const about = plan.experiments.filter(({ name }) => names.length === 0 || names.includes(name));
  const overrides = settingsOf(set, about);
  return {
    ...request,
    selection: { ...chosen, filter: { ...filterOf(filter, about, overrides), ...only } },
    overrides,
  };
}

/** The experiments of these names (none: all) with any of the tags; throws UserError where there are none. */
export function taggedOf(
  experiments: readonly PlannedExperiment[],
  { names, tags }: { readonly names: readonly string[]; readonly tags: readonly string[] },
): readonly string[] {
  const asked = experiments.filter(({ name }) => names.length === 0 || names.includes(name));
  const tagged = asked.filter((each) => each.tags?.some((tag) => tags.includes(tag))).map(({ name }) => name);
  if (tagged.length > 0) return tagged;
  const known = [...new Set(asked.flatMap((each) => each.tags ?? []))];
  const words = tags.map((tag) => `"${tag}"`).join(" or ");
  throw new UserError(`no experiment has the tag ${words}`, {
    hint:
      nearestOrAll(tags[0] ?? "", known, "tag") ??
      'An experiment has tags in its definition: tags: ["pilot"]. `lab list --tag` finds runs.',
  });
}

/** Names as they are; a file or folder stands for the experiments in it. A folder's name without a slash is one where no experiment has it. */
async function namesOf(
  { root, effectKinds }: { readonly root: string; readonly effectKinds: readonly string[] },
  given: readonly string[],
): Promise<readonly string[]> {
  const doubtful = given.filter((each) => !isPath(each) && existsSync(typedPath(root, each)));
  const named =
    doubtful.length === 0
      ? []
      : (await planOf({ root, effectKinds, names: doubtful })).experiments.map(({ name }) => name);
  const isPlace = (each: string): boolean =>
    isPath(each) || (doubtful.includes(each) && !named.includes(each));
  const paths = given.filter(isPlace);
  if (paths.length === 0) return given;
  const plan = await planOf({ root, effectKinds, paths: paths.map((path) => typedPath(root, path)) });
  return namesIn(plan, { root, given, isPlace });
}

/** The same of a plan that has all of them. */
export function namesIn(
  { experiments }: Plan,
  of: {
    readonly root: string;
    readonly given: readonly string[];
    readonly isPlace: (given: string) => boolean;
  },
): readonly string[] {
  const { root, given, isPlace } = of;
  const named = given.flatMap((each) => {
    if (!isPlace(each)) return [each];
    const path = relative(root, typedPath(root, each)).split(sep).join("/");
    return experiments
      .filter(({ file }) => path === "" || file === path || file.startsWith(`${path}/`))
      .map(({ name }) => name);
  });
  return [...new Set(named)];
}

/** Names of experiments have no slash and no such ending; a folder is told from a name by its slash: `lab run pricing/`. */
export function isPath(given: string): boolean {
  return /[/\\]|\.(?:[cm]?[jt]s|ya?ml|json)$/.test(given);
}

async function planOf(request: Parameters<typeof compile>[0]): Promise<Plan> {
  const built = await compile(request);
  if (!built.ok) throw new InvalidDesign(request.root, built.error);
  return built.value.plan;
}
