// Law: an answer belongs to its trial, key and request. Whatever is asked in whatever order, with restarts between, two replicates, conditions, agents or
// experiments never share one, the same trial gets its own again, and an edited trial only that of its own place.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LeftUnderWay } from "../../../effects/performer.ts";
import type { EffectPlace } from "../../../effects/request-identity.ts";
import { type OpenEffectJournal, openEffectJournal } from "../../../store/kept/effect-journal.ts";
import { type EffectDesk, effectDeskOf } from "./effect-desk.ts";

interface Ask {
  readonly place: EffectPlace;
  /** Of the trial: another one is another trial at the same place. */
  readonly code: number;
  readonly key: string;
  readonly request: unknown;
  readonly reuse: boolean;
  /** Whether the controller was restarted before it. */
  readonly isRestarted: boolean;
}

const ask: fc.Arbitrary<Ask> = fc.record({
  place: fc.record({
    experiment: fc.constantFrom("a", "b"),
    stage: fc.constantFrom("trial", "topic"),
    rootSeed: fc.constantFrom(1, 2),
    condition: fc.constantFrom({ model: "x" }, { model: "y" }, null),
    replicate: fc.constantFrom("replicate 0", "replicate 1", null),
  }),
  code: fc.constantFrom(0, 1),
  key: fc.constantFrom("agent-1/round-1", "agent-2/round-1"),
  request: fc.constantFrom({ prompt: "one" }, { prompt: "two" }),
  reuse: fc.boolean(),
  isRestarted: fc.boolean(),
});

const placeParts = ["experiment", "stage", "rootSeed", "condition", "replicate"] as const;
const askParts = ["code", "key", "request", "reuse"] as const;

/** `base` with one part of another, so that most asks meet some that differ from them in little. */
function withPart(base: Ask, other: Ask, part: number): Ask {
  const inPlace = placeParts[part];
  if (inPlace !== undefined)
    return {
      ...base,
      place: { ...base.place, [inPlace]: other.place[inPlace] },
      isRestarted: other.isRestarted,
    };
  const name = askParts[part - placeParts.length]!;
  return { ...base, [name]: other[name], isRestarted: other.isRestarted };
}

const part = fc.nat({ max: placeParts.length + askParts.length - 1 });
const asks = fc
  .tuple(ask, fc.array(fc.tuple(ask, part, part), { maxLength: 30 }))
  .map(([base, others]) =>
    others.flatMap(([other, one, two]) => [base, withPart(withPart(base, other, one), other, two)]),
  );

const identityOf = ({ place, key, request }: Ask): string => JSON.stringify([place, key, request]);
const trialOf = ({ place, code }: Ask): string => JSON.stringify([place, code]);

/** One trial that asks, and what all of its requests are alike in. */
const caller = {
  trial: "t",
  place: { experiment: "a", stage: "trial", rootSeed: 1, condition: null, replicate: null },
  tell: () => undefined,
};
const asked = {
  type: "effect-request",
  lease: 1,
  unit: 0,
  call: 1,
  attempt: 1,
  kind: "ask",
  request: {},
  isOwn: false,
  inDoubt: "fail",
  reuse: false,
} as const;

/** What the desk answers, and the number of calls that the performer has had by then. */
async function answered(desk: EffectDesk, of: Ask): Promise<{ readonly number: number } | "departed"> {
  const { key, request, reuse } = of;
  const reply = await desk.request(
    { ...caller, trial: trialOf(of), place: of.place },
    { ...asked, key, request, reuse, inDoubt: "resend" },
  );
  const said = reply?.type === "effect-reply" ? reply.reply : null;
  if (said?.kind === "refused" && said.cause === "departed") return "departed";
  assert.ok(said?.kind === "response", JSON.stringify(said));
  return said.response as { number: number }; // What the performer below answers with.
}

test("an answer is handed out for its own experiment, stage, seed, condition, replicate, key and request alone, and its trial gets it again", () =>
  fc.assert(
    fc.asyncProperty(asks, async (all) => {
      const folder = mkdtempSync(join(tmpdir(), "lab-desk-"));
      let journal: OpenEffectJournal | null = null;
      let calls = 0;
      const opened = (): EffectDesk => {
        journal = openEffectJournal({ folder, read: [folder] });
        const performer = async () => ({ response: { number: ++calls } });
        return effectDeskOf({
          journal,
          performersOf: () => ({ ask: performer }),
          onBudget: () => undefined,
          redact: (text) => text,
          isOffline: false,
        });
      };
      /** Whose each answer is, by its number; what each trial has under a key; whether a place has an answer. */
      const owners = new Map<number, string>();
      const had = new Map<string, { readonly identity: string; readonly number: number }>();
      let desk = opened();
      for (const of of all) {
        if (of.isRestarted) {
          await journal!.close();
          desk = opened();
        }
        const identity = identityOf(of);
        const own = `${trialOf(of)} ${of.key}`;
        const before = had.get(own);
        const isKnown = before !== undefined || (of.reuse && [...owners.values()].includes(identity));
        const callsBefore = calls;
        const got = await answered(desk, of);
        if (before !== undefined && before.identity !== identity) {
          assert.is(got, "departed", "another request under a key that has one");
          assert.is(calls, callsBefore);
          continue;
        }
        assert.ok(got !== "departed");
        if (calls > callsBefore) owners.set(got.number, identity);
        assert.is(
          calls - callsBefore,
          isKnown ? 0 : 1,
          "a kept answer is not asked for again, and no other one will do",
        );
        assert.is(owners.get(got.number), identity, "an answer of somebody else");
        if (before !== undefined) assert.is(got.number, before.number);
        had.set(own, { identity, number: got.number });
      }
      await journal!.close();
      rmSync(folder, { recursive: true, force: true });
    }),
    { numRuns: 60 },
  ));

test("while a run is to end a call that waits for its turn is given up, once its trial has what is on its way, and is not in doubt", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lab-desk-"));
  const journal = openEffectJournal({ folder, read: [folder] });
  let answerFirst = (): void => undefined;
  let isLeft = false;
  let isOpen = false;
  const keys: string[] = [];
  const desk = effectDeskOf({
    journal,
    performersOf: () => ({
      async ask(_request, { key, queued, signal, idempotencyKey }) {
        keys.push(idempotencyKey);
        if (key === "first")
          await new Promise<void>((resolve) => {
            answerFirst = resolve;
          });
        else if (!isOpen)
          await queued(
            new Promise((_resolve, reject) => {
              const give = (): void => reject(isLeft ? new LeftUnderWay("it goes on") : signal.reason);
              signal.addEventListener("abort", give);
              if (signal.aborted) give();
            }),
          );
        return { response: key };
      },
    }),
    onBudget: () => undefined,
    redact: (text) => text,
    isOffline: false,
  });
  const first = desk.request(caller, { ...asked, call: 1, key: "first" });
  const second = desk.request(caller, { ...asked, call: 2, key: "second" });
  let isGivenUp = false;
  void second.then(() => {
    isGivenUp = true;
  });
  desk.drain(0);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.is(isGivenUp, false, "the first is still on its way");
  answerFirst();
  assert.match(JSON.stringify(await first), /"response":"first"/);
  assert.match(JSON.stringify(await second), /"cause":"stopping"/);
  // From then on, too.
  const third = desk.request({ ...caller, trial: "other" }, { ...asked, lease: 2, call: 3, key: "third" });
  assert.match(JSON.stringify(await third), /"cause":"stopping"/);
  isOpen = true;
  const again = JSON.stringify(await desk.request(caller, { ...asked, call: 4, key: "second" }));
  assert.match(again, /"response":"second".*"isResent":false/);
  assert.is(keys[3], keys[1], "under the key that it had");
  // What the other side may still be at stays in doubt, as does what was in doubt before.
  isOpen = false;
  isLeft = true;
  const fourth = { ...asked, lease: 3, call: 5, key: "fourth", inDoubt: "resend" } as const;
  assert.match(JSON.stringify(await desk.request(caller, fourth)), /"cause":"stopping"/);
  isLeft = false;
  assert.match(JSON.stringify(await desk.request(caller, fourth)), /"cause":"stopping"/);
  isOpen = true;
  assert.match(JSON.stringify(await desk.request(caller, fourth)), /"response":"fourth".*"isResent":true/);
  await journal.close();
  rmSync(folder, { recursive: true });
});

test("a call that is abandoned in the turn in which it comes asks nobody and leaves nothing in doubt", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lab-desk-"));
  const journal = openEffectJournal({ folder, read: [folder] });
  let calls = 0;
  const desk = effectDeskOf({
    journal,
    performersOf: () => ({ ask: async () => ({ response: ++calls }) }),
    onBudget: () => undefined,
    redact: (text) => text,
    isOffline: false,
  });
  const request = { ...asked, key: "one", inDoubt: "resend" } as const;
  const abandoned = desk.request(caller, request);
  desk.abandon(1, 1, "the trial is over");
  assert.is(await abandoned, null);
  assert.equal([calls, journal.lookup("t", "one").kind], [0, "new"]);
  const kept = desk.request(caller, { ...request, call: 2 });
  desk.abandon(1, 1, "the trial is over");
  assert.is((await kept)?.type, "effect-reply");
  assert.is(calls, 1);
  await journal.close();
  rmSync(folder, { recursive: true });
});

test.run();
