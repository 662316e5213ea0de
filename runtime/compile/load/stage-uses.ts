// Which parameters a stage depends on: those it uses, and those that the stages it needs use, since another value of theirs is another
// input. Its units are counted, seeded and identified by all of them.
import type { StageDefinition } from "../../../lib/experiment/definition.ts";

export interface StageUses {
  readonly uses: readonly string[] | "all";
  /** Of `uses`, the parameters that only stages it needs name, in declared order; [] when it names all of them itself. */
  readonly inherited: readonly string[];
}

/** By name of the stage. Stages that need each other in a circle, which stops the build, count as needing nothing. */
export function usesOfStages(
  stages: readonly Pick<StageDefinition, "name" | "per" | "uses" | "needs">[],
  parameters: readonly string[],
): ReadonlyMap<string, StageUses> {
  const found = new Map<string, StageUses>();
  const visiting = new Set<string>();
  const visit = (name: string): readonly string[] | "all" => {
    const stage = stages.find((each) => each.name === name);
    if (stage === undefined || visiting.has(name)) return [];
    const known = found.get(name);
    if (known !== undefined) return known.uses;
    visiting.add(name);
    const all = stage.needs.map(visit);
    visiting.delete(name);
    const named = stage.uses;
    const isAll = named === "all" || all.includes("all");
    const isUsed = (parameter: string): boolean => isAll || all.some((uses) => uses.includes(parameter));
    const inherited =
      named === "all" || stage.per === "build"
        ? []
        : parameters.filter((parameter) => !named.includes(parameter) && isUsed(parameter));
    const uses = isAll
      ? "all"
      : parameters.filter((parameter) => named.includes(parameter) || inherited.includes(parameter));
    found.set(name, { uses, inherited });
    return uses;
  };
  for (const { name } of stages) visit(name);
  return found;
}
