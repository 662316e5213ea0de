// The first half of a run, which does nothing yet: build what is stale, choose the units, look up what is recorded.
import { type CompiledBuild, compile } from "../compile/compile.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { InvalidDesign } from "../diagnostic/invalid-design.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { RunAgain } from "../execute/controller/jobs/recorded-units.ts";
import type { OpenedPlan } from "../plan/opened-plan.ts";
import type { Plan } from "../plan/plan.ts";
import { isGrowing } from "../plan/proposal.ts";
import { type LeftOut, type Selection, select, type Wanted } from "../plan/selection.ts";
import { runLayoutOf } from "../store/files/layout.ts";
import { openStore, type ProjectStore } from "../store/project-store.ts";
import { readProposals } from "../store/runs/proposals.ts";
import { isRunOf, resumableRun } from "../store/runs/start-run.ts";
import type { CancelledTrials, PinnedExchange, RunManifest } from "../store/store.ts";
import { stoppingRules } from "./adaptive/adaptive-run.ts";
import { cancelledIn, withoutCancelled } from "./cancelled.ts";
import { ProposalBook } from "./proposals/proposal-book.ts";
import { selectionError } from "./selection-words.ts";
import type { Steering, SteeringOf } from "./steering.ts";
import { type JobSurvey, survey } from "./survey.ts";

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
  /** Conditions that are proposed; `opened` grows with them. */
  readonly proposals: ProposalBook;
  /** The run that is gone on with, if its plan has a space that grows; else null. */
  readonly resumed: RunManifest | null;
  /** What is asked for again although it is recorded; `surveys` heed it. */
  readonly again: RunAgain;
  /** Trials that were cancelled and are not asked for, and how many are left out for that. */
  readonly cancelled: readonly CancelledTrials[];
  readonly left: number;
  /** Answers that a branch begins with; absent for any other run. */
  readonly pinned?: readonly PinnedExchange[];
  readonly warnings: readonly Diagnostic[];
}

export interface PrepareRequest {
  readonly root: string;
  readonly selection: Selection;
  /** Plan files that were named: built with the project's experiments. */
  readonly plans?: readonly string[];
  readonly overrides: Readonly<Record<string, readonly unknown[]>>;
  /** Kinds of effects that somebody performs: a trial that asks for another is an error of the build. Not looked at unless told. */
  readonly effectKinds?: readonly string[];
  /** Run again what is recorded: the run counts what it records itself and nothing else. */
  readonly force?: boolean;
  /** Run failed units again. */
  readonly retryErrors?: boolean;
  /** Tries of a failed trial beyond the first, in place of what experiments declare; null to leave it to them. */
  readonly retryMax?: number | null;
  /** Run trials that were cancelled after all. */
  readonly runCancelled?: boolean;
  /** What decides how much is run; the stopping rules of the experiments unless told. */
  readonly steering?: SteeringOf;
}

/** Throws InvalidDesign with every diagnostic of the build, or UserError for a selection that names what is not there. */
export async function prepare(request: PrepareRequest): Promise<Prepared> {
  const { root, selection, plans, overrides, effectKinds } = request;
  const result = await compile({ root, plans, overrides, names: selection.experiments, effectKinds });
  if (!result.ok) throw new InvalidDesign(root, result.error);
  const build = result.value;
  const store = openStore(root);
  const { force = false, retryErrors = false, retryMax = null } = request;
  const again = { force, retryErrors, retryMax };
  const { proposals, resumed } = await proposedBefore({ plan: build.plan, store, selection, again });
  const opened = store.openPlan(proposals.plan);
  const steeringOf = request.steering ?? stoppingRules;
  const cancelled = request.runCancelled === true ? [] : cancelledIn(opened, await store.runs());
  const ready = { build, store, opened, selection, again, steeringOf, proposals, resumed, cancelled };
  return { ...ready, ...(await askedOf(ready)), warnings: build.warnings };
}

/** The same for a plan that no compiler has just made: that of a branch, whose one trial is chosen by its replicate. */
export async function preparedBranch(of: {
  readonly store: ProjectStore;
  readonly plan: Plan;
  readonly folder: string;
  readonly experiment: string;
  readonly replicate: number;
  readonly pinned: readonly PinnedExchange[];
}): Promise<Prepared> {
  const { store, plan, folder, experiment, replicate, pinned } = of;
  const ready = {
    build: { plan, folder, warnings: [], effects: [], environments: [], reused: true },
    store,
    opened: store.openPlan(plan),
    selection: { experiments: [experiment], filter: { replicate: [replicate] }, limit: null },
    again: { force: false, retryErrors: true, retryMax: null },
    steeringOf: stoppingRules,
    proposals: new ProposalBook(plan, []),
    resumed: null,
    cancelled: [],
    pinned,
  };
  return { ...ready, ...(await askedOf(ready)), warnings: [] };
}

/** What the run that is gone on with has proposed, or the newest that was the same: asked the same again, nobody would say another thing. */
async function proposedBefore(
  of: Pick<Prepared, "store" | "selection" | "again"> & { readonly plan: Plan },
): Promise<Pick<Prepared, "proposals" | "resumed">> {
  const { plan, store, selection, again } = of;
  if (!plan.experiments.some(isGrowing)) return { proposals: new ProposalBook(plan, []), resumed: null };
  const all = select(store.openPlan(plan), selection);
  if ("problems" in all) throw selectionError(all.problems);
  const identity = {
    plan,
    experiments: [...new Set([...all.wanted.keys()].map((index) => plan.jobs[index]!.experiment))],
    selection: recordedSelection(selection),
    forced: again.force,
  };
  const runs = await store.runs();
  const resumed = resumableRun(runs, identity);
  const same = resumed ?? (again.force ? undefined : runs.find(isRunOf(identity)));
  const earlier = same === undefined ? [] : readProposals(runLayoutOf(store.layout, same.id));
  return { proposals: new ProposalBook(plan, earlier), resumed };
}

/** A selection as the manifest of a run keeps it. */
export function recordedSelection({ filter, limit, shard }: Selection): RunManifest["selection"] {
  return { filter, limit, ...(shard !== undefined && { shard }) };
}

/** Throws UserError where a part of the trials is asked for of an experiment whose results decide which trials there are. */
function assertDivisible(
  opened: OpenedPlan,
  { selection, wanted }: { readonly selection: Selection; readonly wanted: Wanted },
): void {
  if (selection.shard === undefined) return;
  const whole = opened.experiments.find(
    ({ planned, space, jobs }) =>
      (space.grows || planned.replicates.until !== null) && jobs.some(({ index }) => wanted.has(index)),
  );
  if (whole === undefined) return;
  const { name } = whole.planned;
  throw new UserError(
    `"${name}" cannot be run in parts: ${whole.space.grows ? "its conditions are proposed" : "its stopping rule decides the number of replicates"} from the results of all trials`,
    { hint: "Run it on one machine, or give the others by name: lab run <experiment...> --shard 1/5." },
  );
}

/** What is asked for, against what is recorded by now. */
export async function lookedUpAgain(prepared: Prepared): Promise<Prepared> {
  return { ...prepared, ...(await askedOf(prepared)) };
}

/** The same once more after units have run: what is recorded now counts, and nothing is asked for again. */
export async function preparedAgain(prepared: Prepared): Promise<Prepared> {
  const again = { ...prepared.again, force: false, retryErrors: false };
  return { ...prepared, again, ...(await askedOf({ ...prepared, again })) };
}

/** The units to run and what is recorded of them; of experiments with a stopping rule, those of the replicates asked for at first. */
async function askedOf(
  of: Pick<
    Prepared,
    "opened" | "store" | "selection" | "again" | "steeringOf" | "proposals" | "resumed" | "cancelled"
  >,
): Promise<Pick<Prepared, "wanted" | "leftOut" | "surveys" | "steering" | "left">> {
  const { opened, store, selection, again } = of;
  const all = select(opened, selection);
  if ("problems" in all) throw selectionError(all.problems);
  assertDivisible(opened, { selection, wanted: all.wanted });
  const steering = of.steeringOf({ ...of, wanted: all.wanted });
  const isAsItWas = steering.caps.size === 0 && steering.proposesFor.length === 0;
  const selected = isAsItWas ? all : select(opened, selection, steering.caps);
  if ("problems" in selected) throw selectionError(selected.problems);
  const { wanted, leftOut } = selected;
  const surveys = await survey({ opened, wanted, store, again, stopping: steering.outcomes() });
  return { leftOut, steering, ...withoutCancelled({ opened, wanted, surveys }, of.cancelled) };
}

/** The first wanted experiment whose conditions are to be proposed where the steering proposes none for it; null when there is none. */
export function unproposedOf({ opened, wanted, steering }: Prepared): string | null {
  const left = opened.experiments.find(
    ({ planned, space, jobs }) =>
      space.grows &&
      jobs.some(({ index }) => wanted.has(index)) &&
      !steering.proposesFor.includes(planned.name),
  );
  return left?.planned.name ?? null;
}

/** Throws UserError for such an experiment. */
export function assertProposed(prepared: Prepared): void {
  const name = unproposedOf(prepared);
  if (name === null) return;
  throw new UserError(
    `the conditions of "${name}" are proposed while it runs (space.proposed), and nothing proposes them`,
    {
      hint: `Run it from a program: run({ experiments: ["${name}"], steering: proposing({ ... }) }) of labwright/run. Other experiments run by their names.`,
    },
  );
}
