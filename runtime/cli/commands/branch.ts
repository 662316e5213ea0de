// `lab branch <trial>`: one episode continued with something changed, as a run of its own; then its record, and whether its past is the recorded one.
import { UserError } from "../../diagnostic/user-error.ts";
import { branchWords } from "../../plan/branch-plan.ts";
import { type BranchRequest, changedBefore, prepareBranch } from "../../run/again/branch.ts";
import type { RunBudget } from "../../run/budget.ts";
import { askedPorts } from "../../run/payment.ts";
import { perform } from "../../run/perform.ts";
import { runPortsOf } from "../../run/ports.ts";
import { runOptionsOf } from "../../run/run-options.ts";
import { readPrices } from "../../services/prices.ts";
import { openStore } from "../../store/project-store.ts";
import type { CommandHandler, OptionValues } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { foundTrialOfRun } from "../found-run.ts";
import { loadedConfig } from "../loaded-config.ts";
import { flag, projectRoot, text, typedOf } from "../options.ts";
import { listenerFor } from "../terminal/listeners.ts";
import { assertReady } from "../terminal/preflight.ts";
import { say } from "../terminal/say.ts";
import { recordLines } from "../terminal/show-record.ts";
import { signalsOf } from "../terminal/signals.ts";
import { plural } from "../terminal/words.ts";
import { settingsOf } from "../values/parameter-values.ts";

export const handle: CommandHandler = async ([reference = ""], options) => {
  const root = projectRoot(options);
  const { performers } = await loadedConfig(root);
  const store = openStore(root);
  const { run, trial } = await foundTrialOfRun(store, { reference, run: text(options, "run") });
  const branch = await prepareBranch({ store, run, trial, ...changesOf(options, trial) });
  const { prepared, experiment, before } = branch;
  const [quiet, json] = [flag(options, "quiet"), flag(options, "json")];
  const prices = readPrices(root);
  // As option-values.ts has parsed it.
  const budget = (options.budget ?? {}) as RunBudget;
  const asked = askedPorts(prepared, { declared: performers, prices });
  await assertReady(prepared, { asked, budget, yes: flag(options, "yes"), quiet });
  const signals = signalsOf();
  try {
    const report = await perform(
      prepared,
      runOptionsOf({
        ports: runPortsOf({ performers }),
        threads: 1,
        name: text(options, "name"),
        budget,
        prices,
        listener: listenerFor({ json: false, quiet: quiet || json }, Date.now),
        drain: signals.drain,
        stop: signals.stop,
        command: `lab branch ${reference}`,
      }),
    );
    const past = changedBefore(store, { run: report.run.id, ...branch });
    const trialJob = prepared.opened.experiments.at(-1)!.jobs.at(-1)!;
    const records = await store.recordsOf(prepared.opened.plan, trialJob.job, { run: report.run });
    for await (const record of records.read()) {
      const told = {
        run: report.run.id,
        trial: branch.trial,
        branch: experiment.branch,
        kept: before.length,
        ...past,
      };
      if (json) process.stdout.write(`${JSON.stringify({ ...told, ...record.result }, null, 2)}\n`);
      else process.stdout.write(`trial    ${branch.trial}\n${recordLines(record)}`);
    }
    if (!json && !quiet) for (const line of wordsOf(branch, report.run.id, past)) say(process.stderr, line);
    if (report.status === "budget") return exitCode.budget;
    if (report.remaining > 0) return exitCode.interrupted;
    return report.unmeasured > 0 ? exitCode.unmeasured : exitCode.done;
  } finally {
    signals.release();
  }
};

function wordsOf(
  { experiment, before }: Awaited<ReturnType<typeof prepareBranch>>,
  run: string,
  past: ReturnType<typeof changedBefore>,
): readonly string[] {
  const others =
    past.changed === 0
      ? "every one to the request that it was kept for"
      : `${past.changed} of them to another request than it was kept for, first ${past.first}`;
  return [
    `${run} ${experiment.name}: ${experiment.branch === undefined ? "" : branchWords(experiment.branch)}`,
    `${plural(before.length, "kept answer")} handed on, ${others}; ${past.asked} asked anew`,
  ];
}

function changesOf(
  options: OptionValues,
  { experiment }: BranchRequest["trial"],
): Pick<BranchRequest, "at" | "set" | "answers"> {
  const at = text(options, "at");
  const levels = settingsOf(typedOf(options, "set"), [experiment.planned]);
  const several = Object.entries(levels).find(([, values]) => values.length !== 1);
  if (several !== undefined)
    throw new UserError(`--set ${several[0]}: a branch has one value, not ${several[1].length}`);
  const set = Object.fromEntries(Object.entries(levels).map(([name, [value]]) => [name, value]));
  // As branch.command.ts has parsed them.
  const answers = Object.fromEntries((options.answer ?? []) as readonly (readonly [string, string])[]);
  if (Object.keys(set).length + Object.keys(answers).length === 0)
    throw new UserError("a branch changes something", {
      hint: "Give --set name=value, or --answer key=text.",
    });
  if (at === null && Object.keys(set).length > 0)
    throw new UserError("--set needs the point from which it holds", { hint: "Give --at <round|key>." });
  return { at, set, answers };
}
