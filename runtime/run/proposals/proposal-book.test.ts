// A condition is on the disk before its space has it, and what a kill cut short is no proposal.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { spaceFromDescriptor } from "../../../lib/experiment/space/indexed-space.ts";
import { between, defineExperiment, metric, replicate, space } from "../../../lib/index.ts";
import { openProposalJournal, readProposals } from "../../store/runs/proposals.ts";
import { planOfDefinitions } from "../../testing/plan-of-definitions.ts";
import { ProposalBook } from "./proposal-book.ts";

const tune = defineExperiment({
  name: "tune",
  parameters: space.proposed({ alpha: between(0, 1) }, { capacity: 4 }),
  replicates: replicate(2),
  metrics: { loss: metric.number() },
  trial: ({ parameters }) => ({ loss: parameters.alpha }),
});

function bookOf(): { readonly book: ProposalBook; readonly admitted: () => number } {
  const named = [{ definition: tune, exportName: "tune" }];
  const { plan } = planOfDefinitions(named, { folder: "/builds/b", bundle: "tune.js" });
  const made = new ProposalBook(plan, []);
  const grown = spaceFromDescriptor(made.plan.experiments[0]!.space);
  return { book: made, admitted: () => [0, 1, 2, 3].filter((index) => grown.admits(index)).length };
}

test("the journal has a condition before the space admits it; what was proposed before the run began comes first", () => {
  const { book: made, admitted } = bookOf();
  const seen: [number, number[]][] = [];
  made.add("tune", { by: "me", conditions: [{ alpha: 0.5 }] });
  made.open({
    known: [],
    append: (proposals) => void seen.push([admitted(), proposals.map(({ slot }) => slot)]),
  });
  made.add("tune", { by: "me", conditions: [{ alpha: 0.25 }, { alpha: 0.75 }] });
  assert.equal(seen, [
    [1, [0]],
    [1, [1, 2]],
  ]);
  assert.is(admitted(), 3);
  assert.equal(
    made.of("tune").map(({ round }) => round),
    [0, 1, 1],
  );
});

test("a condition that does not fit, is there already or has no room is refused, and none of its round is kept", () => {
  const { book: made, admitted } = bookOf();
  const add = (...alphas: number[]): void =>
    made.add("tune", { by: "me", conditions: alphas.map((alpha) => ({ alpha })) });
  add(0.5);
  assert.throws(
    () => add(0.1, 2),
    /^me proposed {"alpha":2} for "tune": alpha is 2, expected a number from 0 to 1$/,
  );
  assert.throws(() => add(0.1, 0.5), /it was proposed before/);
  assert.throws(() => add(0.1, 0.1), /it was proposed before/);
  assert.throws(() => add(0.1, 0.2, 0.3, 0.4), /the space has room for 4 conditions/);
  assert.equal([admitted(), made.roomOf("tune")], [1, 3]);
});

test("a file cut at any byte holds the whole lines before, and is written on from there", () => {
  const folder = mkdtempSync(join(tmpdir(), "labwright-proposals-"));
  const run = { proposals: join(folder, "proposals.jsonl") };
  try {
    const proposals = [0.5, 0.25, 0.75].map((alpha, slot) => ({
      experiment: "tune",
      round: slot,
      slot,
      condition: { alpha },
      by: "é",
    }));
    const journal = openProposalJournal(run);
    journal.append(proposals);
    journal.close();
    const whole = readFileSync(run.proposals);
    for (let length = whole.length; length >= 0; length -= 1) {
      truncateSync(run.proposals, length);
      const kept = whole.subarray(0, length).toString("latin1").split("\n").length - 1;
      assert.equal(readProposals(run), proposals.slice(0, kept));
    }
    appendFileSync(run.proposals, whole.subarray(0, whole.length - 3));
    const again = openProposalJournal(run);
    assert.is(again.known.length, 2);
    again.append(proposals.slice(2));
    again.close();
    assert.equal(readFileSync(run.proposals), whole);
    appendFileSync(run.proposals, '{"experiment":"tune","round":1,"slot":7,"condition":{},"by":"x"}\n');
    assert.throws(() => readProposals(run), /Line 4 of .* is no proposal that follows/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
