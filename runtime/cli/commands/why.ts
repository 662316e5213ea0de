// `lab why <trial>`: whether a trial is recorded, and if not, what changed since something like it was.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isFoundPlan, isPlanFile } from "../../compile/discover/plan-files.ts";
import { hasBit } from "../../plan/bitmap.ts";
import { everything } from "../../plan/selection.ts";
import { conditionOfUnit } from "../../plan/trial-id.ts";
import { coordinatesOf } from "../../plan/units.ts";
import { fileOfTrial, foundTrial } from "../../run/again/find-trial.ts";
import { parameterChanges } from "../../run/parameter-changes.ts";
import { prepare } from "../../run/prepare.ts";
import { staleReasons } from "../../run/stale-reasons.ts";
import { openStore } from "../../store/project-store.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { loadedConfig } from "../loaded-config.ts";
import { flag, projectRoot } from "../options.ts";
import { say } from "../terminal/say.ts";
import { nameOf } from "../terminal/show-plan.ts";
import { trialWords } from "../terminal/trial-words.ts";

export const handle: CommandHandler = async ([reference = ""], options) => {
  const root = projectRoot(options);
  const effectKinds = Object.keys((await loadedConfig(root)).performers);
  const plans = await unfoundPlans(root, reference);
  const prepared = await prepare({ root, effectKinds, plans, selection: everything, overrides: {} });
  const trial = await foundTrial(prepared.opened, { store: prepared.store, reference });
  const survey = prepared.surveys.find(({ index }) => index === trial.jobIndex);
  if (survey === undefined) throw new Error(`job ${trial.jobIndex} was not surveyed`);
  const { condition, replicate } = coordinatesOf(trial.job, trial.unit);
  const isDone = hasBit(survey.records.done, trial.unit);
  const verdict = isDone
    ? "reused"
    : survey.records.interrupted.has(trial.unit)
      ? "interrupted"
      : survey.stale.length > 0
        ? "stale"
        : "new";
  const [newest] = survey.stale;
  const reasons = isDone
    ? []
    : [...parameterChanges(prepared, survey), ...staleReasons(survey, prepared.surveys)];
  const told = {
    trial: trial.id,
    of: nameOf(trial.job),
    condition: conditionOfUnit(trial.job, condition, trial.experiment.space),
    replicate,
    verdict,
    reasons,
    identity: trial.job.identity,
  };
  if (flag(options, "json")) {
    process.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
    return exitCode.done;
  }
  const words = {
    reused: "is recorded and will not run again: nothing that decides its outcome has changed",
    interrupted: "was stopped before it could end, and will run again",
    stale: `will run: it is recorded only under earlier code${newest === undefined ? "" : ` (run ${newest.run})`}`,
    new: "will run: nothing is recorded for it",
  }[verdict];
  say(process.stdout, `${trialWords(told)} ${trial.id} ${words}`);
  for (const reason of reasons) say(process.stdout, `  ${reason}`);
  return exitCode.done;
};

/** The plan file that the trial was run from, where only its name leads to it. */
async function unfoundPlans(root: string, reference: string): Promise<readonly string[]> {
  const file = await fileOfTrial(openStore(root), reference);
  if (file === null || !isPlanFile(file)) return [];
  const path = join(root, file);
  return existsSync(path) && !isFoundPlan(path) ? [path] : [];
}
