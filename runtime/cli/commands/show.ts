// `lab show <run|trial>`: one run with its counts, or one trial with its record; --provenance says where the numbers come from.

import { UserError } from "../../diagnostic/user-error.ts";
import { conditionOfUnit } from "../../plan/trial-id.ts";
import { coordinatesOf } from "../../plan/units.ts";
import type { TrialTelemetry } from "../../record/trial-record.ts";
import type { FoundTrial } from "../../run/again/find-trial.ts";
import { openStore, type ProjectStore } from "../../store/project-store.ts";
import type { RunManifest } from "../../store/store.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { findRun, findTrialOfRun, foundRun, nearestRun } from "../found-run.ts";
import { flag, projectRoot, text } from "../options.ts";
import { sayStoreProblems } from "../store-warnings.ts";
import { say } from "../terminal/say.ts";
import { nameOf } from "../terminal/show-plan.ts";
import { recordLines } from "../terminal/show-record.ts";
import { showRun } from "../terminal/show-run.ts";
import { trialWords } from "../terminal/trial-words.ts";

export const handle: CommandHandler = async ([reference], options) => {
  const store = openStore(projectRoot(options));
  const json = flag(options, "json");
  const within = text(options, "run");
  const isRun = reference === undefined || within === null;
  const run = isRun ? await findRun(store, reference ?? within) : null;
  if (reference === undefined || run !== null) {
    const shown = run ?? (await foundRun(store, within));
    if (flag(options, "provenance")) await showProvenance(store, shown, json);
    else await showRun(store, shown, json);
    sayStoreProblems(store);
    return exitCode.done;
  }
  const found = await findTrialOfRun(store, { reference, run: within });
  if (found === null) {
    const near = nearestRun(await store.runs(), reference);
    throw new UserError(`there is no run and no trial "${reference}"`, {
      hint: `${near === null ? "" : `Did you mean ${near}? `}\`lab list\` shows the runs; a trial is the first digits of its id, or experiment/condition/replicate.`,
    });
  }
  await showTrial({ store, ...found, json });
  sayStoreProblems(store);
  return exitCode.done;
};

async function showTrial(of: {
  readonly store: ProjectStore;
  readonly run: RunManifest;
  readonly trial: FoundTrial;
  readonly json: boolean;
}): Promise<void> {
  const { store, run, trial, json } = of;
  const plan = await store.planOf(run);
  const { condition, replicate } = coordinatesOf(trial.job, trial.unit);
  const head = {
    trial: trial.id,
    of: nameOf(trial.job),
    condition: conditionOfUnit(trial.job, condition, trial.experiment.space),
    replicate,
  };
  const records = await store.recordsOf(plan, trial.job, { run });
  for await (const record of records.read([trial.unit])) {
    const earlier = records
      .attempts(trial.unit)
      .filter(({ telemetry }) => !isSame(telemetry, record.telemetry));
    if (json)
      process.stdout.write(
        `${JSON.stringify({ ...head, run: run.id, ...record.result, telemetry: record.telemetry, earlier }, null, 2)}\n`,
      );
    else
      say(
        process.stdout,
        `${trialWords(head)}\ntrial    ${head.trial}\n${recordLines(record, { earlier }).trimEnd()}`,
      );
    return;
  }
  if (json) process.stdout.write(`${JSON.stringify({ ...head, run: run.id, outcome: null }, null, 2)}\n`);
  else say(process.stdout, `${trialWords(head)}\ntrial    ${head.trial}\nnot run yet`);
}

/** Whether two records are one: nothing is recorded twice of the same start. */
function isSame(one: TrialTelemetry, other: TrialTelemetry): boolean {
  return one.startedAt === other.startedAt && one.attempt === other.attempt && one.worker === other.worker;
}

async function showProvenance(store: ProjectStore, run: RunManifest, json: boolean): Promise<void> {
  const plan = await store.planOf(run);
  const definitions = plan.experiments
    .filter(({ name }) => run.experiments.includes(name))
    .map(({ name, file, space, replicates, metrics, analyses, overrides }) => ({
      name,
      file,
      space,
      replicates,
      metrics,
      analyses,
      overrides,
    }));
  const told = {
    ...run.provenance,
    name: run.name,
    status: run.status,
    selection: run.selection,
    definitions,
  };
  if (json) {
    process.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
    return;
  }
  const { packages, runName, ...facts } = run.provenance;
  const lines = Object.entries({
    ...facts,
    runName: runName ?? "none",
    status: run.status,
    packages: Object.entries(packages)
      .map(([name, version]) => `${name}@${version}`)
      .join(", "),
  });
  const width = Math.max(...lines.map(([name]) => name.length));
  for (const [name, value] of lines)
    say(process.stdout, `${name.padEnd(width)}  ${value === null ? "unknown" : value}`);
  for (const definition of definitions)
    process.stdout.write(
      `\n${definition.name} (${definition.file})\n${JSON.stringify(definition, null, 2)}\n`,
    );
}
