// What is said of calls follows from the accounts of trials, and says what it does not know.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { noCalls } from "../../runtime/record/port-calls.ts";
import { pageOf } from "../page/page.ts";
import { patienceTable, syntheticResults } from "../testing/synthetic-results.ts";
import { analyze } from "./analyze.ts";
import { callsSummaryOf } from "./calls.ts";
import { callSentences } from "./words/call-words.ts";

const fast = { ...noCalls("ask"), calls: 3, answered: 3, answeredAtOnce: 2, latencyMs: [10, 30, 20] };
const slow = { ...noCalls("ask"), calls: 2, answered: 1, latencyMs: [400], unpriced: 1 };

test("arms stand side by side and the total is theirs, quantiles over all answers", () => {
  const summary = callsSummaryOf([
    { condition: 0, trials: 2, unaccounted: 0, ports: [{ ...fast, failures: { "rate limit": 1 } }] },
    {
      condition: 3,
      trials: 1,
      unaccounted: 2,
      ports: [{ ...slow, failures: { "status 503": 4, "rate limit": 1 } }],
    },
  ])!;
  assert.equal(
    summary.arms.map(({ condition, port, calls, latencyMs }) => [condition, port, calls, latencyMs?.p50]),
    [
      [0, "ask", 3, 20],
      [3, "ask", 2, 400],
    ],
  );
  assert.equal(summary.total.latencyMs, { n: 4, p50: 25, p95: 344.5, p99: 388.9, max: 400 });
  assert.equal(summary.total.failures, [
    { cause: "status 503", count: 4 },
    { cause: "rate limit", count: 2 },
  ]);
  assert.is(summary.arms[1]!.costUsd, null, "no price is known of its only answer");
  const [first, second] = callSentences(summary.total);
  assert.is(
    first,
    "5 calls: 4 answered (80.0%), 2 at the first attempt (40.0%); half within 25 ms, 95% within 345 ms, 99% within 389 ms.",
  );
  assert.is(second, "6 failed attempts: status 503 4, rate limit 2.");
});

test("a run that was recorded before accounts were kept says so, and one without calls says nothing", async () => {
  const before = { ...patienceTable(), calls: [{ condition: 0, trials: 0, unaccounted: 4, ports: [] }] };
  const page = pageOf(await analyze(syntheticResults([before])), []);
  assert.match(page, /4 trials made calls before labwright kept accounts of them/);
  assert.not.match(pageOf(await analyze(syntheticResults([patienceTable()])), []), /id="calls"/);
});

test.run();
