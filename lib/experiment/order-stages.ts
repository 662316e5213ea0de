// From the stages that an author returned to the list in execution order: every stage that they reach, each named by the key under
// which it was returned or, failing that, needed.
import { type ExperimentDefinition, isExperiment, type StageDefinition } from "./definition.ts";
import { type DefinitionProblem, problemOf } from "./problem.ts";
import { experimentsOf, isStage, type Stage } from "./stage.ts";

export interface OrderedStages {
  /** In execution order, without the trial. */
  readonly stages: readonly StageDefinition[];
  /** The names of the returned stages: the trial's needs. */
  readonly returned: readonly string[];
  /** Experiments that stages need, by name. */
  readonly experiments: Readonly<Record<string, ExperimentDefinition>>;
  readonly problems: readonly DefinitionProblem[];
}

/** Names and orders stages, needed ones first. `returned` is what the author's `stages` callback gave. */
export function orderStages(returned: object): OrderedStages {
  const names = new Map<Stage<unknown>, string>();
  const ordered: Stage<unknown>[] = [];
  const problems: DefinitionProblem[] = [];
  const experiments: Record<string, ExperimentDefinition> = {};

  const name = (stage: Stage<unknown>, key: string): boolean => {
    const subject = `stage "${key}"`;
    const known = names.get(stage);
    if (known === key) return false;
    if (known !== undefined) {
      problems.push(problemOf({ code: "stage-alias", subject, expected: known, site: stage.site }));
      return false;
    }
    if (key === "trial" || [...names.values()].includes(key)) {
      problems.push(problemOf({ code: "duplicate-stage", subject, site: stage.site }));
    }
    names.set(stage, key);
    return true;
  };
  const visited = new Set<Stage<unknown>>();
  const visit = (stage: Stage<unknown>): void => {
    if (visited.has(stage)) return;
    visited.add(stage);
    const own = names.get(stage) ?? "";
    for (const [key, need] of Object.entries(stage.needs)) {
      if (isStage(need)) {
        name(need, key);
        visit(need);
      } else if (!isExperiment(need)) {
        const subject = `need "${key}" of stage "${own}"`;
        problems.push(problemOf({ code: "not-an-experiment", subject, site: stage.site }));
      }
    }
    Object.assign(experiments, experimentsOf(stage.needs));
    problems.push(...stage.problems.map((problem) => ({ ...problem, subject: `stage "${own}"` })));
    ordered.push(stage);
  };

  const stages: readonly [string, unknown][] = Object.entries(returned);
  for (const [key, stage] of stages) {
    const subject = `stage "${key}"`;
    if (isStage(stage)) name(stage, key);
    else problems.push(problemOf({ code: "bad-stage", subject, expected: "a stage made by stage({...})" }));
  }
  for (const [, stage] of stages) if (isStage(stage)) visit(stage);
  return {
    stages: ordered.map((stage) => definitionOf(stage, names)),
    returned: stages.flatMap(([, stage]) => (isStage(stage) ? [names.get(stage) ?? ""] : [])),
    experiments,
    problems,
  };
}

function definitionOf(stage: Stage<unknown>, names: ReadonlyMap<Stage<unknown>, string>): StageDefinition {
  const { per, uses, needs, work, site } = stage;
  return {
    name: names.get(stage) ?? "",
    per,
    uses,
    needs: Object.values(needs).flatMap((need) => (isStage(need) ? [names.get(need) ?? ""] : [])),
    reads: Object.keys(experimentsOf(needs)),
    ...work,
    site,
  };
}
