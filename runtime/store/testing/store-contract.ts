// What every store keeps, whatever it is made of: a model of plain maps is held against it over random interleavings of everything
// that a controller asks of a store, closed and opened again in between where the store outlives its process.
import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { outcomeCodes } from "../../record/outcome.ts";
import { createBatchBuilder } from "../../record/record-batch.ts";
import type { CheckpointStore, EffectIntent, EffectJournal, JobRecords, LedgerWriter } from "../store.ts";
import { fixtureMetrics, trialJob } from "./plan-fixture.ts";

/** The parts of a store that a controller writes to, and what it reads back of the trial's job of fixturePlan(). */
export interface ContractStore {
  readonly ledger: Pick<LedgerWriter, "append" | "sync">;
  readonly journal: EffectJournal;
  readonly checkpoints: CheckpointStore;
  readonly artifacts: { put(bytes: Uint8Array, expected?: string): Promise<string> };
  records(): Promise<JobRecords>;
  /** The same store as the next process finds it. */
  reopened(): Promise<ContractStore>;
}

type Ending = "measured" | "failed" | "cancelled";

type Step =
  | { readonly kind: "record"; readonly unit: number; readonly ending: Ending; readonly value: number }
  | { readonly kind: "save" | "remove"; readonly trial: string; readonly state: Uint8Array }
  | {
      readonly kind: "intend" | "respond";
      readonly trial: string;
      readonly key: string;
      readonly value: number;
    }
  | { readonly kind: "put"; readonly bytes: Uint8Array }
  | { readonly kind: "reopen" };

const trial = fc.constantFrom("aaaa", "bbbb");
const bytes = fc.uint8Array({ maxLength: 40 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("record" as const),
    unit: fc.nat(2),
    ending: fc.constantFrom<Ending>("measured", "failed", "cancelled"),
    value: fc.integer({ min: 0, max: 9 }),
  }),
  fc.record({ kind: fc.constantFrom("save" as const, "remove" as const), trial, state: bytes }),
  fc.record({
    kind: fc.constantFrom("intend" as const, "respond" as const),
    trial,
    key: fc.constantFrom("ask", "tell"),
    value: fc.nat(3),
  }),
  fc.record({ kind: fc.constant("put" as const), bytes }),
  fc.record({ kind: fc.constant("reopen" as const) }),
);

interface Model {
  /** The record that counts, by unit. */
  readonly records: Map<number, { readonly ending: Ending; readonly value: number }>;
  readonly saved: Map<string, Uint8Array>;
  readonly effects: Map<string, { readonly idempotencyKey: string; response: number | null }>;
}

/** The rule of what counts: an unfinished trial gives way to any later record, a failed one to a later success, nothing else. */
function counts(before: Ending | undefined, after: Ending): boolean {
  return before === undefined || before === "cancelled" || (before === "failed" && after === "measured");
}

async function take(
  store: ContractStore,
  model: Model,
  each: Exclude<Step, { readonly kind: "reopen" }>,
): Promise<void> {
  switch (each.kind) {
    case "record": {
      const batch = batchOf(each);
      store.ledger.append(batch);
      // The writer's buffer is used again.
      batch.fill(0);
      if (counts(model.records.get(each.unit)?.ending, each.ending)) model.records.set(each.unit, each);
      return;
    }
    case "save":
      await store.checkpoints.save(each.trial, each.state, { keep: 2, steps: null });
      model.saved.set(each.trial, each.state);
      return;
    case "remove":
      await store.checkpoints.remove(each.trial);
      model.saved.delete(each.trial);
      return;
    case "put": {
      const hash = createHash("sha256").update(each.bytes).digest("hex");
      assert.is(await store.artifacts.put(each.bytes), hash);
      assert.is(await store.artifacts.put(each.bytes, hash), hash);
      await refused(store.artifacts.put(each.bytes, "0".repeat(64)), /announced|came as/);
      return;
    }
    case "intend":
    case "respond":
      return takeEffect(store.journal, model, each);
  }
}

async function takeEffect(
  journal: EffectJournal,
  { effects }: Model,
  { kind, trial, key, value }: Extract<Step, { readonly kind: "intend" | "respond" }>,
): Promise<void> {
  const name = `${trial} ${key}`;
  const known = effects.get(name);
  if (kind === "intend") {
    // A controller asks once more only while there is no answer.
    if (known !== undefined && known.response !== null) return;
    const idempotencyKey = await journal.intend(intentOf(trial, key));
    if (known !== undefined) assert.is(idempotencyKey, known.idempotencyKey, "one effect, one key");
    effects.set(name, { idempotencyKey, response: null });
  } else if (known !== undefined && known.response === null) {
    await journal.respond({ trial, key, response: { value }, usage: { calls: 1 } });
    known.response = value;
  }
}

/** Everything that the store is asked equals the model. */
async function agree(store: ContractStore, model: Model): Promise<void> {
  const { done, doneCount, notMeasured, interrupted, read } = await store.records();
  const finished = [...model.records].filter(([, { ending }]) => ending !== "cancelled");
  assert.is(doneCount, finished.length);
  for (const unit of [0, 1, 2]) {
    const ending = model.records.get(unit)?.ending;
    assert.is(
      ((done[unit >> 3] ?? 0) & (1 << (unit & 7))) !== 0,
      ending === "measured" || ending === "failed",
    );
    assert.is(notMeasured.get(unit), ending === "failed" ? outcomeCodes.failed : undefined);
    assert.is(interrupted.get(unit), ending === "cancelled" ? outcomeCodes.cancelled : undefined);
  }
  const values = new Map<number, unknown>();
  for await (const { unit, result } of read())
    if (result.outcome.kind === "measured") values.set(unit, result.metrics.profit);
  for (const [unit, { ending, value }] of finished)
    assert.is(values.get(unit), ending === "measured" ? value : undefined, `unit ${unit}`);
  for (const each of ["aaaa", "bbbb"]) {
    const state = await store.checkpoints.load(each);
    assert.equal(state === null ? null : Uint8Array.from(state), model.saved.get(each) ?? null);
    for (const key of ["ask", "tell"]) agreeOnEffect(store.journal, model, each, key);
  }
}

function agreeOnEffect(journal: EffectJournal, { effects }: Model, trial: string, key: string): void {
  const expected = effects.get(`${trial} ${key}`);
  const known = journal.lookup(trial, key);
  if (expected === undefined) assert.is(known.kind, "new");
  else if (expected.response === null) {
    assert.is(known.kind, "in-doubt");
    assert.is(known.kind === "in-doubt" && known.idempotencyKey, expected.idempotencyKey);
  } else assert.equal(known.kind === "response" && known.response, { value: expected.response });
  if (expected !== undefined) assert.equal(journal.requestOf(trial, key)?.request, { trial, key });
}

/** Registers the contract's tests for a store. */
export function storeContract(name: string, empty: () => Promise<ContractStore>): void {
  test(`${name}: over any interleaving it holds what was given to it, and nothing else counts`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        let store = await empty();
        const model: Model = { records: new Map(), saved: new Map(), effects: new Map() };
        for (const each of steps)
          if (each.kind === "reopen") store = await store.reopened();
          else await take(store, model, each);
        await store.ledger.sync();
        await agree(store, model);
        await agree(await store.reopened(), model);
      }),
      { numRuns: 60 },
    );
  });

  test(`${name}: a call that failed is told again once the trial went on with it, until the trial itself has failed`, async () => {
    let store = await empty();
    const failureOf = (key: string): unknown => {
      const known = store.journal.lookup("aaaa", key);
      return known.kind === "in-doubt" ? known.failure : known.kind;
    };
    const failed = { message: "503", usage: { calls: 3 }, attempts: { failed: [], isResent: false } };
    const idempotencyKey = await store.journal.intend(intentOf("aaaa", "ask"));
    await store.journal.fail({ trial: "aaaa", key: "ask", ...failed });
    assert.equal(failureOf("ask"), { ...failed, isActedOn: false });
    await store.journal.intend(intentOf("aaaa", "next"));
    assert.equal(failureOf("ask"), { ...failed, isActedOn: true });
    assert.is(failureOf("next"), null);
    store = await store.reopened();
    assert.equal(failureOf("ask"), { ...failed, isActedOn: true });
    await store.journal.reopen("bbbb");
    await store.journal.reopen("aaaa");
    assert.equal(failureOf("ask"), { ...failed, isActedOn: false });
    store = await store.reopened();
    assert.equal(failureOf("ask"), { ...failed, isActedOn: false });
    const known = store.journal.lookup("aaaa", "ask");
    assert.is(known.kind === "in-doubt" && known.idempotencyKey, idempotencyKey, "it is sent under its key");
    await store.journal.respond({ trial: "aaaa", key: "ask", response: 1, usage: {} });
    assert.is(failureOf("ask"), "response");
  });

  test(`${name}: a call that was withdrawn is not on its way until it is intended again, under the same key`, async () => {
    let store = await empty();
    const isSent = (): boolean | null => {
      const known = store.journal.lookup("aaaa", "ask");
      return known.kind === "in-doubt" ? known.isSent : null;
    };
    const idempotencyKey = await store.journal.intend(intentOf("aaaa", "ask"));
    assert.is(isSent(), true);
    await store.journal.withdraw({ trial: "aaaa", key: "ask" });
    assert.is(isSent(), false);
    store = await store.reopened();
    assert.is(isSent(), false);
    assert.is(await store.journal.intend(intentOf("aaaa", "ask")), idempotencyKey);
    store = await store.reopened();
    assert.is(isSent(), true);
  });

  test(`${name}: a pinned answer is given whatever is asked, until what was asked is kept with it`, async () => {
    let store = await empty();
    const of = { trial: "aaaa", kind: "post", request: { was: 1 } };
    await store.journal.pin({ ...of, key: "ask", response: "yes", failure: null });
    await store.journal.pin({ ...of, key: "ask", response: "no", failure: null });
    await store.journal.pin({ ...of, key: "fail", response: null, failure: "503" });
    await store.journal.reopen("aaaa");
    store = await store.reopened();
    const pinned = store.journal.lookup("aaaa", "ask");
    assert.equal(
      [pinned.kind === "response" && pinned.response, pinned.kind !== "new" && pinned.requestHash],
      ["yes", null],
    );
    const failed = store.journal.lookup("aaaa", "fail");
    assert.equal(failed.kind === "in-doubt" && failed.failure?.isActedOn, true);
    await store.journal.adopt(intentOf("aaaa", "ask"), "yes");
    const asked = (await store.reopened()).journal.lookup("aaaa", "ask");
    assert.is(asked.kind === "response" && asked.requestHash, "hash ask");
  });

  test(`${name}: an answer is found again by what the request of an edited trial has too`, async () => {
    let store = await empty();
    assert.is(store.journal.reusable("reuse ask"), null);
    await store.journal.intend(intentOf("aaaa", "ask"));
    assert.is(store.journal.reusable("reuse ask"), null, "an intent is no answer");
    const attempts = { failed: ["rate limit", "status 503"], isResent: true };
    const answered = { response: { value: 7 }, usage: { calls: 1 }, attempts };
    await store.journal.respond({ trial: "aaaa", key: "ask", ...answered });
    store = await store.reopened();
    const kept = store.journal.lookup("aaaa", "ask");
    assert.equal(
      kept.kind === "response" && kept.attempts,
      attempts,
      "what went before an answer stays with it",
    );
    assert.equal(store.journal.reusable("reuse ask")?.response, { value: 7 });
    await store.journal.adopt(intentOf("bbbb", "ask"), { value: 7 });
    const adopted = (await store.reopened()).journal.lookup("bbbb", "ask");
    assert.is(adopted.kind === "response" && adopted.isReused, true);
  });
}

function intentOf(trial: string, key: string): EffectIntent {
  return {
    trial,
    key,
    kind: "post",
    request: { trial, key },
    requestHash: `hash ${key}`,
    reuseKey: `reuse ${key}`,
  };
}

function batchOf({ unit, ending, value }: Extract<Step, { readonly kind: "record" }>): Uint8Array {
  const builder = createBatchBuilder({ job: trialJob, metrics: Object.keys(fixtureMetrics), worker: "w" });
  const nothing = [Number.NaN, Number.NaN, Number.NaN];
  if (ending === "measured") builder.push(unit, outcomeCodes.measured, 1, 0, 1, [value, 0, 0]);
  else {
    const row = builder.push(unit, outcomeCodes[ending], 1, 0, 1, nothing);
    if (ending === "failed") builder.fail(row, "thrown", "no", "at trial");
  }
  return builder.seal().slice();
}

async function refused(promise: Promise<unknown>, words: RegExp): Promise<void> {
  let message = "";
  await promise.catch((error: unknown) => (message = String(error)));
  assert.match(message, words);
}
