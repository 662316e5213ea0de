// `lab branch`: one recorded trial once more from one of its exchanges on, with a parameter or an answer changed. What was asked before has the
// answers that were kept; what follows is asked anew, in a run of its own.
import path from "node:path";
import { nearest } from "../../diagnostic/nearest.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import { requestDifference } from "../../effects/request-identity.ts";
import { branchPlan } from "../../plan/branch-plan.ts";
import type { PlannedExperiment } from "../../plan/plan.ts";
import { conditionOfUnit, idOfUnit } from "../../plan/trial-id.ts";
import { coordinatesOf } from "../../plan/units.ts";
import { runLayoutOf } from "../../store/files/layout.ts";
import { effectsOfTrial, type JournalledEffect } from "../../store/kept/effect-list.ts";
import type { ProjectStore } from "../../store/project-store.ts";
import type { PinnedExchange, RunManifest } from "../../store/store.ts";
import { type Prepared, preparedBranch } from "../prepare.ts";
import type { FoundTrial } from "./find-trial.ts";
import { exchangesOf } from "./kept-exchanges.ts";
import { verifiedCodeOf } from "./verified-code.ts";

export interface BranchRequest {
  readonly store: ProjectStore;
  readonly run: RunManifest;
  readonly trial: FoundTrial;
  /** A key, or the number of a round; null to begin at the changed answers. */
  readonly at: string | null;
  readonly set: Readonly<Record<string, unknown>>;
  /** As typed, by key. */
  readonly answers: Readonly<Record<string, string>>;
}

export interface PreparedBranch {
  readonly prepared: Prepared;
  readonly experiment: PlannedExperiment;
  /** Id of the branch's trial. */
  readonly trial: string;
  /** What is kept of the trial that it comes from, as far as it is handed on. */
  readonly before: readonly JournalledEffect[];
}

/** Throws UserError for a point, a parameter or an answer that the trial does not have. */
export async function prepareBranch(request: BranchRequest): Promise<PreparedBranch> {
  const { store, run, trial, set } = request;
  await verifiedCodeOf(store, run);
  if (trial.job.stage !== "trial" || trial.experiment.planned.branch !== undefined)
    throw new UserError(`${trial.id} is no trial of an experiment, which a branch begins with`);
  const plan = await store.planOf(run);
  assertParameters(trial, set);
  const kept = keptOf(store, run, trial.id);
  const { at, before } = pointOf(request, kept);
  const answers = Object.fromEntries(
    Object.entries(request.answers).map(([key, text]) => [key, answerOf(before, key, text)]),
  );
  const origin = { run: run.id, trial: trial.id, experiment: trial.job.experiment, at, set, answers };
  const branched = branchPlan({ plan, ...trial }, origin);
  const experiment = branched.experiments.at(-1)!;
  const { replicate } = coordinatesOf(trial.job, trial.unit);
  const opened = store.openPlan(branched).experiments.at(-1)!;
  const { job } = opened.jobs.at(-1)!;
  // A branch has one condition, so that its units are its replicates.
  const id = idOfUnit({ job, unit: replicate, space: opened.space, replicates: experiment.replicates });
  const pinned = before.map(({ key, kind, request: asked, response, failure }): PinnedExchange => {
    const answer = key in answers ? answers[key] : response;
    return {
      trial: id,
      key,
      kind,
      request: asked,
      response: answer ?? null,
      failure: key in answers ? null : failure,
    };
  });
  const folder = path.join(store.layout.builds, run.build);
  const of = { store, plan: branched, folder, experiment: experiment.name, replicate, pinned };
  return { prepared: await preparedBranch(of), experiment, trial: id, before };
}

/** How many exchanges before the point had another request in the branch than they were answered for, and where the first differs. */
export function changedBefore(
  store: ProjectStore,
  { run, trial, before }: { readonly run: string } & Pick<PreparedBranch, "trial" | "before">,
): { readonly asked: number; readonly changed: number; readonly first: string | null } {
  const now = effectsOfTrial([runLayoutOf(store.layout, run).effects], trial);
  const changed = before.flatMap(({ key, request }) => {
    const asked = now.find((each) => each.key === key);
    const difference = asked === undefined ? null : requestDifference(request, asked.request);
    return difference === null ? [] : [`${key}: ${difference}`];
  });
  return { asked: now.length - before.length, changed: changed.length, first: changed[0] ?? null };
}

function keptOf(store: ProjectStore, run: RunManifest, trial: string): readonly JournalledEffect[] {
  const { runs } = exchangesOf({ layout: store.layout, runs: [], run }, (id) => id);
  const folders = runs.flat().map((id) => runLayoutOf(store.layout, id).effects);
  const kept = effectsOfTrial(folders, trial);
  if (kept.length > 0) return kept;
  throw new UserError(`trial ${trial} has asked nobody, so there is nothing to branch at`, {
    hint: "A branch continues a trial from one of its exchanges with a service.",
  });
}

/** Where it begins, and what is handed on. */
function pointOf(
  { at, answers }: Pick<BranchRequest, "at" | "answers">,
  kept: readonly JournalledEffect[],
): { readonly at: string; readonly before: readonly JournalledEffect[] } {
  const changed = Object.keys(answers).map((key) => exchangeOf(kept, key));
  // What was asked before the changed answer was there cannot follow from it.
  const ends = changed.map(({ endedAt }) => endedAt ?? Number.POSITIVE_INFINITY);
  const first = at === null ? null : beginningOf(kept, at);
  const until = first === null ? Math.min(...ends) : first.askedAt;
  const before = kept.filter((each) => each.askedAt < until && each.endedAt !== null);
  const missing = changed.find((each) => !before.includes(each));
  if (missing !== undefined)
    throw new UserError(`the answer to ${missing.key} is not before ${at ?? "the other changed answer"}`, {
      hint: "Give a later --at, or leave it out to begin at the changed answer.",
    });
  const next = kept.find((each) => each.askedAt >= until);
  return { at: first?.key ?? next?.key ?? changed.at(-1)?.key ?? "", before };
}

/** The first exchange of a round, where it is a number; else the one with that key. */
function beginningOf(kept: readonly JournalledEffect[], at: string): JournalledEffect {
  if (!/^\d+$/.test(at)) return exchangeOf(kept, at);
  const ofRound = new RegExp(`(?:^|/)round-0*${Number(at)}(?:$|/)`);
  const found = kept.find(({ key }) => ofRound.test(key));
  if (found !== undefined) return found;
  throw new UserError(`no exchange of the trial is of round ${at}: none has a key with "round-${at}"`, {
    hint: `Its keys are ${kept[0]!.key} ... ${kept.at(-1)!.key}.`,
  });
}

function exchangeOf(kept: readonly JournalledEffect[], key: string): JournalledEffect {
  const found = kept.find((each) => each.key === key);
  if (found !== undefined) return found;
  const near = nearest(key, new Set(kept.map((each) => each.key)));
  throw new UserError(`the trial has no exchange under the key "${key}"`, {
    hint: near === null ? `Its keys are ${kept[0]!.key} ... ${kept.at(-1)!.key}.` : `Did you mean ${near}?`,
  });
}

/** A typed answer in the shape of the kept one: the text of a chat model's, else JSON, else text. */
function answerOf(kept: readonly JournalledEffect[], key: string, text: string): unknown {
  const before = exchangeOf(kept, key).response;
  if (typeof before === "object" && before !== null && "text" in before && typeof before.text === "string")
    return { ...before, text };
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function assertParameters(
  { experiment, job, unit }: FoundTrial,
  set: Readonly<Record<string, unknown>>,
): void {
  const condition = conditionOfUnit(job, coordinatesOf(job, unit).condition, experiment.space) ?? {};
  const unknown = Object.keys(set).find((name) => !Object.hasOwn(condition, name));
  if (unknown === undefined) return;
  const near = nearest(unknown, new Set(Object.keys(condition)));
  throw new UserError(`${job.experiment} has no parameter "${unknown}"`, {
    hint: near === null ? `It has ${Object.keys(condition).join(", ")}.` : `Did you mean ${near}?`,
  });
}
