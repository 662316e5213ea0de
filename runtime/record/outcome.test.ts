// One table of all outcomes by all questions: what each kind means to everything that asks.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type RunAgain, recordedOf, standingOf } from "../execute/controller/jobs/recorded-units.ts";
import { bitsOf } from "../plan/bitmap.ts";
import { memoryStore } from "../testing/memory-store.ts";
import { batchOf, messagesOf } from "./batch-records.ts";
import {
  hasMeasurement,
  isFailure,
  isUnfinished,
  notRunCode,
  type Outcome,
  type OutcomeKind,
  outcomeCodes,
  outcomeKindOf,
} from "./outcome.ts";
import { readBatch } from "./record-batch.ts";
import type { TrialRecord } from "./trial-record.ts";

interface Meaning {
  readonly outcome: Outcome;
  readonly hasMeasurement: boolean;
  readonly isFailure: boolean;
  readonly isUnfinished: boolean;
  /** What a person is told of it. */
  readonly words: string | undefined;
}

const meanings: Readonly<Record<OutcomeKind, Meaning>> = {
  measured: {
    outcome: { kind: "measured" },
    hasMeasurement: true,
    isFailure: false,
    isUnfinished: false,
    words: undefined,
  },
  failed: {
    outcome: { kind: "failed", reason: "thrown", message: "no root", stack: null },
    hasMeasurement: false,
    isFailure: true,
    isUnfinished: false,
    words: "no root",
  },
  refused: {
    outcome: { kind: "refused", reason: "no market" },
    hasMeasurement: false,
    isFailure: false,
    isUnfinished: false,
    words: "no market",
  },
  censored: {
    outcome: { kind: "censored", metric: "score", bound: 9 },
    hasMeasurement: false,
    isFailure: false,
    isUnfinished: false,
    words: "score is known only to be at least 9",
  },
  cancelled: {
    outcome: { kind: "cancelled", reason: "Ctrl-C" },
    hasMeasurement: false,
    isFailure: false,
    isUnfinished: true,
    words: "Ctrl-C",
  },
  "budget-stopped": {
    outcome: { kind: "budget-stopped", reason: "5 calls are spent" },
    hasMeasurement: false,
    isFailure: false,
    isUnfinished: true,
    words: "5 calls are spent",
  },
};

// Object.entries forgets the key type.
const table = Object.entries(meanings) as [OutcomeKind, Meaning][];

test("every outcome has a code, every code a kind, and each answers every question by either", () => {
  assert.equal(Object.keys(outcomeCodes), Object.keys(meanings));
  for (const [kind, meaning] of table) {
    const code = outcomeCodes[kind];
    assert.is(outcomeKindOf(code), kind);
    for (const outcome of [kind, code]) {
      assert.is(hasMeasurement(outcome), meaning.hasMeasurement, `${outcome}`);
      assert.is(isFailure(outcome), meaning.isFailure, `${outcome}`);
      assert.is(isUnfinished(outcome), meaning.isUnfinished, `${outcome}`);
    }
  }
  assert.is(outcomeKindOf(notRunCode), null);
  for (const is of [hasMeasurement, isFailure, isUnfinished]) assert.not(is(notRunCode));
});

test("a run finds recorded what has ended, retries failures alone, and goes on with what is unfinished", async () => {
  const records = table.map(([, { outcome }], unit): TrialRecord => {
    const telemetry = { startedAt: 0, durationMs: 1, attempt: 1, worker: "w", memoryMb: 0 };
    return { job: 0, unit, result: { outcome, metrics: {}, series: {}, artifacts: [] }, telemetry };
  });
  const bytes = batchOf(records, {});
  const messages = messagesOf(readBatch(bytes));
  assert.equal(
    table.map((_, row) => messages.get(row)),
    table.map(([, { words }]) => words),
  );

  const store = memoryStore();
  store.ledger.append(bytes);
  const recorded = store.recordsOf(0, {});
  const unitsWhere = (is: (meaning: Meaning) => boolean): number[] =>
    table.flatMap(([, meaning], unit) => (is(meaning) ? [unit] : []));
  const asNeeded: RunAgain = { force: false, retryErrors: false, retryMax: null };
  const retrying = { ...asNeeded, retryErrors: true };
  const forced = { ...asNeeded, force: true };
  const done = (again: RunAgain): number[] => [...bitsOf(recordedOf(recorded, again, {}))];
  assert.equal(
    done(asNeeded),
    unitsWhere((each) => !each.isUnfinished),
  );
  assert.equal(
    done(retrying),
    unitsWhere((each) => !each.isUnfinished && !each.isFailure),
  );
  assert.equal(done(forced), []);
  const standing = (again: RunAgain): readonly number[] => standingOf(recorded, again, {});
  assert.equal(
    standing(asNeeded),
    unitsWhere((each) => !each.isUnfinished && !each.hasMeasurement),
  );
  assert.equal(
    standing(retrying),
    unitsWhere((each) => !each.isUnfinished && !each.hasMeasurement && !each.isFailure),
  );
  assert.equal(standing(forced), []);
  assert.equal(
    [...recorded.interrupted.keys()],
    unitsWhere((each) => each.isUnfinished),
  );
});

test.run();
