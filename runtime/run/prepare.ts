// The first half of a run, which does nothing yet: build what is stale, choose the units, look up what is recorded.
import { type CompiledBuild, compile } from "../compile/compile.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { InvalidDesign } from "../diagnostic/invalid-design.ts";
import type { OpenedPlan } from "../plan/opened-plan.ts";
import { type LeftOut, type Selection, select, type Wanted } from "../plan/selection.ts";
import { openStore, type ProjectStore } from "../store/project-store.ts";
import { stoppingRules } from "./adaptive-run.ts";
import { selectionError } from "./selection-words.ts";
import type { Steering, SteeringOf } from "./steering.ts";
import { type Again, type JobSurvey, survey } from "./survey.ts";

export interface Prepared {
  readonly build: CompiledBuild;
  readonly store: ProjectStore;
  readonly opened: OpenedPlan;
  readonly selection: Selection;
  readonly wanted: Wanted;
  readonly leftOut: readonly LeftOut[];
  readonly surveys: readonly JobSurvey[];
  /** What decides, while the run goes on, how much of it is run. */
  readonly steering: Steering;
  readonly steeringOf: SteeringOf;
  /** What is asked for again although it is recorded; `surveys` heed it. */
  readonly again: Again;
  readonly warnings: readonly Diagnostic[];
}

export interface PrepareRequest {
  readonly root: string;
  readonly selection: Selection;
  readonly overrides: Readonly<Record<string, readonly unknown[]>>;
  /** Kinds of effects that somebody performs: a trial that asks for another is an error of the build. Not looked at unless told. */
  readonly effectKinds?: readonly string[];
  /** Run again what is recorded: the run counts what it records itself and nothing else. */
  readonly force?: boolean;
  /** Run failed units again. */
  readonly retryErrors?: boolean;
  /** What decides how much is run; the stopping rules of the experiments unless told. */
  readonly steering?: SteeringOf;
}

/** Throws InvalidDesign with every diagnostic of the build, or UserError for a selection that names what is not there. */
export async function prepare(request: PrepareRequest): Promise<Prepared> {
  const { root, selection, overrides, effectKinds } = request;
  const result = await compile({ root, overrides, names: selection.experiments, effectKinds });
  if (!result.ok) throw new InvalidDesign(root, result.error);
  const build = result.value;
  const store = openStore(root);
  const opened = store.openPlan(build.plan);
  const again = { force: request.force ?? false, retryErrors: request.retryErrors ?? false };
  const steeringOf = request.steering ?? stoppingRules;
  const asked = await askedOf({ opened, store, selection, again, steeringOf });
  return { build, store, opened, selection, again, steeringOf, ...asked, warnings: build.warnings };
}

/** The same once more after units have run: what is recorded now counts, and nothing is asked for again. */
export async function preparedAgain(prepared: Prepared): Promise<Prepared> {
  const again = { force: false, retryErrors: false };
  return { ...prepared, again, ...(await askedOf({ ...prepared, again })) };
}

/** The units to run and what is recorded of them; of experiments with a stopping rule, those of the replicates asked for at first. */
async function askedOf(
  of: Pick<Prepared, "opened" | "store" | "selection" | "again" | "steeringOf">,
): Promise<Pick<Prepared, "wanted" | "leftOut" | "surveys" | "steering">> {
  const { opened, store, selection, again } = of;
  const all = select(opened, selection);
  if ("problems" in all) throw selectionError(all.problems);
  const steering = of.steeringOf({ ...of, wanted: all.wanted });
  const selected = steering.caps.size === 0 ? all : select(opened, selection, steering.caps);
  if ("problems" in selected) throw selectionError(selected.problems);
  const { wanted, leftOut } = selected;
  const surveys = await survey({ opened, wanted, store, again, stopping: steering.outcomes() });
  return { wanted, leftOut, surveys, steering };
}
