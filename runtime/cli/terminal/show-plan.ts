// What `lab plan` and `lab run -n` print: for each job what is new, reused, stale and orphaned, and why.
import { countBits } from "../../plan/bitmap.ts";
import type { Job } from "../../plan/plan.ts";
import { estimateOf } from "../../run/estimate.ts";
import { parameterChanges } from "../../run/parameter-changes.ts";
import type { AskedPort } from "../../run/payment.ts";
import { planDesigns } from "../../run/plan-designs.ts";
import { type Prepared, unproposedOf } from "../../run/prepare.ts";
import { leftOutWords } from "../../run/selection-words.ts";
import { storeProblemsOf } from "../../run/store-problems.ts";
import { changeWords, type JobSurvey } from "../../run/survey.ts";
import { estimateWords } from "./estimate-words.ts";
import { paymentLines, usageEstimates } from "./payment-words.ts";
import { say } from "./say.ts";
import { textTable } from "./text-table.ts";
import { countWords, plural } from "./words.ts";

/** Reasons shown for one job before the rest are counted. */
const reasonsShown = 6;

/** Prints the survey; as JSON when asked. Time is foretold for so many `workers`, for one where nobody knows how many there will be. */
export async function showPlan(
  prepared: Prepared,
  of: { readonly json: boolean; readonly asked: readonly AskedPort[]; readonly workers: number | null },
): Promise<void> {
  const { surveys, opened } = prepared;
  const { json, asked, workers } = of;
  const estimate = await estimateOf(prepared, workers);
  const usage = await usageEstimates(prepared, asked);
  if (json) {
    const jobs = surveys.map((survey) => ({
      ...countsOf(survey),
      uses: survey.job.uses,
      outdated: survey.records.outdated,
      ...mostOf(prepared, survey),
      changes: reasonsOf(prepared, survey),
    }));
    const designs = planDesigns(opened, new Set(jobs.map(({ experiment }) => experiment)));
    const { build } = opened.plan;
    const told = { build, designs, jobs, estimate, workers, services: asked, usage };
    process.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
    return;
  }
  const rows = surveys.map((survey) => {
    const { experiment, stage, wanted, reused, fresh, stale, orphaned } = countsOf(survey);
    const { wantedMost: most } = mostOf(prepared, survey);
    return [
      experiment,
      stage,
      fromTo(wanted, most ?? wanted),
      fromTo(fresh, most === null ? fresh : most - reused),
      countWords(reused),
      countWords(stale),
      countWords(orphaned),
    ];
  });
  say(
    process.stdout,
    textTable(["experiment", "stage", "units", "new", "reused", "stale", "orphaned"], rows, [2, 3, 4, 5, 6]),
  );
  for (const survey of surveys) {
    const reasons = reasonsOf(prepared, survey);
    if (reasons.length === 0) continue;
    const heading =
      survey.stale.length > 0
        ? "recorded under earlier code; what changed"
        : "the design changed since it was recorded";
    say(process.stdout, `\n${nameOf(survey.job)}: ${heading}`);
    for (const reason of reasons.slice(0, reasonsShown)) say(process.stdout, `  ${reason}`);
    if (reasons.length > reasonsShown)
      say(process.stdout, `  and ${plural(reasons.length - reasonsShown, "more change")}`);
  }
  for (const survey of surveys) {
    const again = outdatedWords(survey);
    if (again !== null) say(process.stdout, `\n${again}`);
  }
  for (const { job } of surveys) {
    const { inherited = [] } = job;
    if (inherited.length > 0)
      say(
        process.stdout,
        `\n${nameOf(job)}: a unit for each ${inherited.join(" and ")} too, which a stage it needs uses`,
      );
  }
  const unproposed = unproposedOf(prepared);
  if (unproposed !== null)
    say(
      process.stdout,
      `\n${unproposed}: conditions are proposed while it runs, by a program (run of labwright/run); here are those proposed so far`,
    );
  for (const each of prepared.leftOut) say(process.stdout, `\n${leftOutWords(each)}`);
  for (const text of storeProblemsOf(prepared)) say(process.stdout, `\nwarning: ${text}`);
  for (const line of paymentLines(asked, usage)) say(process.stdout, `\n${line}`);
  const fresh = surveys.reduce((sum, survey) => sum + survey.fresh, 0);
  const time =
    estimate === null
      ? "; nothing has been measured yet, so time and disk are unknown"
      : `; ${estimateWords(estimate, workers)}`;
  for (const words of stoppingWords(prepared)) say(process.stdout, `\n${words}`);
  say(process.stdout, `\n${fresh === 0 ? "nothing to run" : `${plural(fresh, "unit")} to run${time}`}`);
}

/** Prints the jobs and what each draws on. */
export function showGraph({ opened, surveys }: Prepared, { json }: { readonly json: boolean }): void {
  const nodes = surveys.map(({ job, wantedCount, reused }) => ({
    job: nameOf(job),
    id: job.id,
    per: job.per,
    units: wantedCount,
    done: reused,
    needs: job.needs.map(({ job: id }) => nameOf(opened.plan.jobs.find((each) => each.id === id)!)),
  }));
  if (json) {
    process.stdout.write(`${JSON.stringify({ nodes }, null, 2)}\n`);
    return;
  }
  for (const node of nodes) {
    say(
      process.stdout,
      `${node.job}  ${plural(node.units, "unit")}, one a ${node.per}${node.done === node.units ? ", done" : ""}`,
    );
    for (const need of node.needs) say(process.stdout, `  <- ${need}`);
  }
}

function countsOf({ job, wantedCount, reused, fresh, stale, records }: JobSurvey) {
  return {
    experiment: job.experiment,
    stage: job.stage,
    job: job.id,
    wanted: wantedCount,
    fresh,
    reused,
    stale: Math.min(
      fresh,
      stale.reduce((sum, { recorded }) => Math.max(sum, recorded), 0),
    ),
    orphaned: records.orphanedRows,
  };
}

/** Of each stopping rule: how many replicates it asks for, or has stopped at. */
export function stoppingWords({ steering }: Prepared): readonly string[] {
  return Object.entries(steering.outcomes()).map(([name, { reason, rule, replicates, intervals }]) => {
    const watched = `${plural(intervals.length, "confidence sequence")} of ${rule.metric}`;
    const open = `${replicates} of ${rule.min}..${rule.max} replicates are complete; more are added until the rule on ${watched} is met`;
    const words = {
      open,
      met: `stopped at ${replicates} replicates by the rule on ${watched}`,
      max: `ran to its largest number of ${rule.max} replicates`,
    };
    return `${name}: ${words[reason]}`;
  });
}

/** With a stopping rule that has not decided yet, the units of its largest number of replicates; null where the number is known. */
function mostOf(
  { steering }: Prepared,
  { index, job, wantedCount }: JobSurvey,
): { readonly wantedMost: number | null } {
  const most = steering.mostOf(index);
  const isOpen = steering.outcomes()[job.experiment]?.reason === "open";
  if (most === null || !isOpen || countBits(most) === wantedCount) return { wantedMost: null };
  return { wantedMost: countBits(most) };
}

function fromTo(least: number, most: number): string {
  return least === most ? countWords(least) : `${countWords(least)}..${countWords(most)}`;
}

/** Of an experiment that draws on rows which have changed since. */
function outdatedWords({ job, fresh, records: { outdated } }: JobSurvey): string | null {
  if (outdated.rows === 0 || fresh === 0) return null;
  const count = plural(Math.min(fresh, outdated.rows), job.stage === "trial" ? "trial" : "unit");
  return `${count} of ${nameOf(job)} again: rows of ${outdated.by.join(" and ")} changed since`;
}

function reasonsOf(prepared: Prepared, survey: JobSurvey): readonly string[] {
  const [newest] = survey.stale;
  const reasons = newest === undefined ? [] : newest.changes.map(changeWords);
  return [...parameterChanges(prepared, survey), ...reasons];
}

export function nameOf(job: Job): string {
  return job.stage === "trial" ? job.experiment : `${job.experiment} · ${job.stage}`;
}
