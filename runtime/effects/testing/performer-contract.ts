// What every performer promises, whatever it asks: answers that are read as such, an end when nobody waits, failures in words, budgets as
// values. A performer's test is this suite and whatever is its own.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PerformContext, Performed, Performer } from "../performer.ts";
import { readPerformed } from "../read-performed.ts";

/** A performer and the service behind it, which the suite drives. */
export interface PerformerCase {
  readonly performer: Performer;
  /** The n-th of any number of unlike requests, and the response that it gets. */
  requestOf(n: number): unknown;
  responseOf(n: number): unknown;
  readonly service: {
    /** Requests so far, by their idempotency keys; null for one that came without. */
    readonly keys: readonly (string | null)[];
    /** From now on: "answers", never answers, fails for a reason of its own, or says that the budget is spent. */
    behave(how: "answers" | "hangs" | "fails" | "is spent"): void;
    close(): Promise<void>;
  };
}

/** Longest time in ms for a call to end after its signal has aborted. */
const heedMs = 10_000;

/** Registers the tests with uvu; the caller runs them. `open` makes a case with a service of its own. */
export function performerContract(name: string, open: () => Promise<PerformerCase>): void {
  const promise = (what: string, check: (of: PerformerCase) => Promise<void>): void =>
    test(`${name}: ${what}`, async () => {
      const opened = await open();
      try {
        await check(opened);
      } finally {
        await opened.service.close();
      }
    });

  promise("an answer is JSON data with what it took", async ({ performer, requestOf, responseOf }) => {
    const performed = readPerformed(name, await performer(requestOf(1), contextOf().context));
    assert.ok("response" in performed);
    assert.equal(performed.response, responseOf(1));
  });

  promise("calls at the same time get their own answers", async ({ performer, requestOf, responseOf }) => {
    const numbers = Array.from({ length: 20 }, (_, n) => n);
    const answers = await Promise.all(numbers.map((n) => performer(requestOf(n), contextOf().context)));
    assert.equal(answers.map(responseIn), numbers.map(responseOf));
  });

  promise("a request carries its idempotency key, and the same one when it is sent again", async (of) => {
    const { performer, requestOf, service } = of;
    for (const idempotencyKey of ["k-1", "k-2", "k-1"])
      await performer(requestOf(1), contextOf({ idempotencyKey }).context);
    assert.equal(service.keys, ["k-1", "k-2", "k-1"]);
  });

  promise("a call ends once its signal aborts, and so does its wait for a turn", async (of) => {
    const { performer, requestOf, service } = of;
    service.behave("hangs");
    const call = contextOf();
    const ended = settled(performer(requestOf(1), call.context));
    await until(() => service.keys.length === 1);
    const from = performance.now();
    call.abort();
    assert.is((await ended).kind, "rejected");
    assert.ok(performance.now() - from < heedMs, "it ends soon");
    assert.is(call.queued(), 0);
  });

  promise(
    "a call that nobody waits for any more asks for nothing",
    async ({ performer, requestOf, service }) => {
      const call = contextOf();
      call.abort();
      assert.is((await settled(performer(requestOf(1), call.context))).kind, "rejected");
      assert.equal(service.keys, []);
    },
  );

  promise("a failure is an error in words, and the next call may work", async (of) => {
    const { performer, requestOf, service } = of;
    service.behave("fails");
    const ended = await settled(performer(requestOf(1), contextOf().context));
    assert.ok(ended.kind === "rejected" && ended.reason instanceof Error && ended.reason.message.length > 3);
    service.behave("answers");
    assert.ok("response" in (await performer(requestOf(1), contextOf().context)), "it works again after");
  });

  promise(
    "a spent budget is a value, and asks for nothing that costs",
    async ({ performer, requestOf, service }) => {
      service.behave("is spent");
      const performed = readPerformed(name, await performer(requestOf(1), contextOf().context));
      assert.ok("budget" in performed && performed.budget.length > 3);
    },
  );
}

function responseIn(performed: Performed): unknown {
  return "response" in performed ? performed.response : null;
}

interface Call {
  readonly context: PerformContext;
  abort(): void;
  /** Turns that are waited for now. */
  queued(): number;
}

function contextOf(of: { readonly idempotencyKey?: string } = {}): Call {
  const controller = new AbortController();
  let queued = 0;
  return {
    context: {
      signal: controller.signal,
      attempt: 1,
      trial: "0123456789abcdef",
      condition: "e",
      key: "call",
      idempotencyKey: of.idempotencyKey ?? "k-0",
      isResent: false,
      async queued(turn) {
        queued += 1;
        try {
          return await turn;
        } finally {
          queued -= 1;
        }
      },
      rowsSoFar: () => undefined,
    },
    abort: () => controller.abort(new Error("nobody waits")),
    queued: () => queued,
  };
}

type Settled = { readonly kind: "resolved" } | { readonly kind: "rejected"; readonly reason: unknown };

async function settled(promise: Promise<unknown>): Promise<Settled> {
  return promise.then(
    () => ({ kind: "resolved" }),
    (reason: unknown) => ({ kind: "rejected", reason }),
  );
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
