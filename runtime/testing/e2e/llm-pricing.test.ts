// Promise: the study of firms that ask a chat model runs in a small form against its scripted firms, with faults, to the results of a run without
// them, and its report says `scripted`.
import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { scriptedFirm } from "../../../experiments/pricing/scripted-firms.ts";
import { type FakeFault, type FakeLlm, faultsAt, startFakeLlm } from "../fake-llm.ts";
import { ended, type Project, projectOf } from "./project.ts";

const folder = fileURLToPath(new URL("../../../experiments/pricing", import.meta.url));
const files = [
  "llm-pricing.experiment.ts",
  "llm-firm.ts",
  "llm-published.json",
  "beside-replication.ts",
  "session.ts",
];
const small = ["-S", "firms=2,3", "-S", "prefix=P1", "-S", "alpha=1", "-S", "rounds=50"];

const faults: readonly FakeFault[] = ["429 with retry-after", "500", "reset", "fenced JSON", "wrong schema"];
const spoilt = faultsAt(0.15, faults);

/** How the report calls what the server did; a fence is taken off and is no failure. */
const causes: Readonly<Partial<Record<FakeFault, string>>> = {
  "429 with retry-after": "rate limit",
  "500": "status 500",
  reset: "connection lost",
  "wrong schema": "wrong schema",
};

/** What the server counted, in the words of the report. */
function countedBy(arrivals: FakeLlm["arrivals"]) {
  const answers = arrivals.filter(({ status }) => status === 200);
  const counts = new Map<string, number>();
  for (const { fault } of arrivals) {
    const cause = fault === null ? undefined : causes[fault];
    if (cause !== undefined) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  }
  const attempts = new Map<string, number>();
  for (const { key } of arrivals) attempts.set(key, (attempts.get(key) ?? 0) + 1);
  return {
    answered: answers.length,
    answeredAtOnce: answers.filter(({ key }) => attempts.get(key) === 1).length,
    promptTokens: answers.reduce((sum, { tokens: [prompt] }) => sum + prompt, 0),
    completionTokens: answers.reduce((sum, { tokens: [, completion] }) => sum + completion, 0),
    causes: [...counts].sort(),
  };
}

interface Told {
  readonly cause: string;
  readonly count: number;
}

/** An arm's calls in `report.json`. */
interface ArmCalls {
  readonly repairs: number;
  readonly latencyMs: Readonly<Record<"n" | "p50" | "p95" | "p99" | "max", number>>;
}

/** What a summary of calls in JSON says, in the shape of `countedBy`. */
function told(
  of: ReturnType<typeof countedBy> & {
    readonly failures: readonly Told[];
    readonly unusable: readonly Told[];
  },
) {
  const { answered, answeredAtOnce, promptTokens, completionTokens, failures, unusable } = of;
  const counts = [...failures, ...unusable].map(({ cause, count }) => [cause, count] as [string, number]);
  return { answered, answeredAtOnce, promptTokens, completionTokens, causes: counts.sort() };
}

function study(): Project {
  const project = projectOf({});
  for (const file of files) cpSync(`${folder}/${file}`, project.path("experiments", file));
  return project;
}

async function runAt(project: Project, endpoint: string): Promise<string> {
  const at = { LLM_URL: endpoint, LLM_KEY: "sk-scripted" };
  const run = await ended(project.start(["run", "llm-pricing", ...small, "--limit", "2", "-j", "2"], at));
  assert.is(run.code, 0, run.all);
  const trials = project.lab(
    "query",
    "select firms, prefix, replicate, price, priceOverNash, roundsPlayed, fallbacks, scripted from trials order by all",
  );
  const rows = project.lab(
    "query",
    "select firms, prefix, replicate, round, agent, price, quantity, profit, reasoning from series_decisions order by all",
  );
  assert.is(trials.code, 0, trials.all);
  assert.is(rows.code, 0, rows.all);
  return trials.stdout + rows.stdout;
}

test("faults are mended to the results of an undisturbed run, and the report says that the answers were scripted", async () => {
  const calm = await startFakeLlm({ answer: scriptedFirm });
  const rough = await startFakeLlm({
    answer: scriptedFirm,
    fault: (request) => (request.messages.length > 2 ? null : spoilt(request)),
  });
  const [undisturbed, disturbed] = [study(), study()];
  try {
    const expected = await runAt(undisturbed, calm.endpoint);
    assert.is(await runAt(disturbed, rough.endpoint), expected);
    assert.ok(rough.arrivals.length > calm.arrivals.length, "no fault was met");
    const repaired = disturbed.lab("query", "select sum(repairs) > 0 as mended from trials");
    assert.match(repaired.stdout, /true/);
    const checks = disturbed.lab("query", "select distinct round, verdict from series_checks");
    assert.match(checks.stdout, /49/);
    const report = disturbed.lab("report");
    assert.match(report.all, /scripted: a scripted server answered in 2 of 2 trials/);
    const counted = countedBy(rough.arrivals);
    const status = JSON.parse(disturbed.lab("status", "--json").stdout);
    assert.equal(told(status.calls[0].total), counted);
    assert.match(
      disturbed.lab("status").stdout,
      /calls of llm-pricing: [\d,]+ calls: [\d,]+ answered \(100%\)/,
    );
    const written = disturbed.lab(
      "report",
      "--json",
      "--format",
      "html,csv,json,markdown",
      "--output-dir",
      "written",
    );
    assert.is(written.code, 0, written.all);
    const { calls } = JSON.parse(disturbed.read("written/report.json")).experiments[0];
    assert.equal(told(calls.total), counted);
    const arms: readonly ArmCalls[] = calls.arms;
    const repairs = arms.reduce((sum, arm) => sum + arm.repairs, 0);
    assert.is(repairs, new Map(counted.causes).get("wrong schema"), "a wrong schema asks for a repair");
    for (const { latencyMs } of arms) {
      const { n, p50, p95, p99, max } = latencyMs;
      assert.ok(n > 0 && p50 <= p95 && p95 <= p99 && p99 <= max);
    }
    assert.match(disturbed.read("written/report.html"), /id="calls"[\s\S]*wrong schema/);
    assert.match(disturbed.read("written/calls.csv"), /^experiment,condition,port,trials,calls,answered/);
    assert.match(disturbed.read("written/call-causes.csv"), /,ask,failed attempt,rate limit,\d+/);
    assert.match(disturbed.read("written/report.md"), /Calls by condition/);
  } finally {
    undisturbed.remove();
    disturbed.remove();
    await calm.close();
    await rough.close();
  }
});

test.run();
