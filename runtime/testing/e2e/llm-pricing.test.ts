// Promise: the study of firms that ask a chat model runs in a small form against its scripted firms, with faults, to the results of a run without
// them, and its report says `scripted`.
import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { scriptedFirm } from "../../../experiments/pricing/scripted-firms.ts";
import { type FakeFault, faultsAt, startFakeLlm } from "../fake-llm.ts";
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
  } finally {
    undisturbed.remove();
    disturbed.remove();
    await calm.close();
    await rough.close();
  }
});

test.run();
