// Promise: a host works for the controller that greeted it last; a lease of another is not run, and what it still runs for another is
// not said.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { FromHost, FromUnits, LeaseMessage, Session, ToHost } from "../protocol/protocol.ts";
import { protocolVersion } from "../protocol/protocol.ts";
import { HostSession } from "./host-session.ts";
import type { RunnerOptions } from "./lease-runner.ts";

const lease = (session: Session): LeaseMessage => ({
  type: "lease",
  session,
  lease: 1,
  job: 0,
  units: [[0, 1]],
  attempt: 1,
  conditions: [],
  inputs: [],
  budgetMs: null,
  waits: false,
});

test("leases of another session are not run, and nothing is said for one that is over", async () => {
  const said: FromHost[] = [];
  const runners: RunnerOptions[] = [];
  const nothing = (): void => undefined;
  const session = new HostSession({
    host: { threads: 3, memoryMb: 256, labels: { site: "here" }, code: "/nowhere" },
    send: (message) => said.push(message),
    runnerOf: (options) => {
      runners.push(options);
      const run = async (): Promise<never> => {
        throw new Error("a lease of an unopened job was run");
      };
      return {
        run,
        open: nothing,
        reply: nothing,
        hear: nothing,
        cancel: nothing,
        close: async () => {},
        readings: () => [],
        watch: nothing,
      };
    },
    onDrained: nothing,
  });
  const greet = (name: Session): void =>
    session.receive({
      type: "hello",
      protocol: protocolVersion,
      session: name,
      host: "h",
      heartbeatMs: 60_000,
    });
  greet("r1/2");
  greet("r2/1");
  session.receive(lease("r1/2"));
  session.receive(lease("r2/1"));
  const line = { type: "log", lease: 1, unit: 0, level: "info" } as const;
  runners[0]!.say({ ...line, text: "of the first" });
  runners[1]!.say({ ...line, text: "of the second" });
  await new Promise(setImmediate);
  await session.close();
  const [ready] = said;
  assert.ok(ready?.type === "ready");
  assert.equal([ready.threads, ready.memoryMb, ready.labels.site], [3, 256, "here"]);
  assert.equal(
    said.flatMap((message) =>
      message.type === "log" || message.type === "lease-ended" ? `${message.type} ${message.session}` : [],
    ),
    ["log r2/1", "lease-ended r2/1"],
  );
});

/** A host whose runner does nothing by itself; `end` ends a lease, by the host's own number. */
function idleHost() {
  const said: FromHost[] = [];
  const ends = new Map<number, () => void>();
  const cancelled: number[] = [];
  const answered: number[] = [];
  let say: RunnerOptions["say"] = () => undefined;
  const nothing = (): void => undefined;
  const session = new HostSession({
    host: { threads: 1, memoryMb: null, labels: {}, code: "/nowhere" },
    send: (message) => said.push(message),
    onDrained: nothing,
    runnerOf: (options) => {
      say = options.say;
      return {
        run: ({ lease: own }) =>
          new Promise((resolve) => {
            ends.set(own, () => resolve({ busyMs: 7, guilty: null, broken: null, unloadable: null }));
          }),
        open: nothing,
        reply: ({ call }) => answered.push(call),
        hear: nothing,
        cancel: (own) => cancelled.push(own),
        close: async () => {},
        readings: () => [],
        watch: nothing,
      };
    },
  });
  const receive = (...messages: ToHost[]): void => {
    for (const message of messages) session.receive(message);
  };
  return {
    receive,
    cancelled,
    answered,
    close: () => session.close(),
    say: (message: FromUnits) => say(message),
    async end(own: number) {
      ends.get(own)?.();
      await new Promise(setImmediate);
    },
    /** What was said since the last look, as text; heartbeats apart. */
    heard: () =>
      said.splice(0).map((message) => {
        if (message.type === "ready")
          return `ready ${JSON.stringify(message.underWay.map(({ lease, units }) => [lease, units]))}`;
        const of = "lease" in message ? ` ${message.session} ${message.lease}` : "";
        return `${message.type}${of}${"call" in message ? ` call ${message.call}` : ""}`;
      }),
  };
}

const hello = (name: Session): ToHost => ({
  type: "hello",
  protocol: protocolVersion,
  session: name,
  host: "h",
  heartbeatMs: 60_000,
});

test("the next controller of a run takes over what is under way: what ended meanwhile, what waits, and what goes on", async () => {
  const host = idleHost();
  const opening = { index: 0, code: { build: "b", bundle: "x", exportName: "x", files: [] } };
  // The host looks at nothing else of an opening.
  const open = { type: "open", opening } as unknown as ToHost;
  const taken = (number: number, first: number): ToHost => ({
    ...lease("r1/1"),
    lease: number,
    units: [[first, 2]],
  });
  host.receive(hello("r1/1"), open, taken(41, 0), taken(42, 2), taken(43, 4), taken(44, 6));
  await new Promise(setImmediate);
  const restore = (own: number, call: number): FromUnits => ({ type: "restore", lease: own, unit: 0, call });
  const part = { type: "artifact", unit: 6, name: "big", bytes: new Uint8Array(1), whole: null } as const;
  host.say(restore(2, 7));
  host.say(restore(3, 8));
  host.say({ ...part, lease: 4, call: 9 });
  host.receive(
    { type: "restore-reply", call: 8, state: null },
    { type: "artifact-taken", call: 9, error: null },
  );
  assert.equal(host.heard(), [
    "ready []",
    "restore r1/1 42 call 7",
    "restore r1/1 43 call 8",
    "artifact r1/1 44 call 9",
  ]);

  // The controller dies: nothing is said of leases, and nothing of it lost.
  host.receive({ type: "hold" });
  host.say({ type: "records", lease: 1, batch: new Uint8Array(8) });
  await host.end(1);
  host.say(restore(3, 10));
  assert.equal(host.heard(), ["held"]);

  // The next one is offered all but the lease of which the last one has part of a file; it does not want the third.
  host.receive(hello("r1/2"));
  assert.equal(host.heard(), ["ready [[1,[[0,2]]],[2,[[2,2]]],[3,[[4,2]]]]"]);
  const leases = [
    { was: 1, lease: 1 },
    { was: 2, lease: 2 },
  ];
  host.receive({ type: "adopt", leases });
  assert.equal(host.heard(), ["records r1/2 1", "lease-ended r1/2 1", "restore r1/2 2 call 7"]);
  assert.equal(host.cancelled, [3, 4]);
  host.receive({ type: "restore-reply", call: 7, state: null }, { type: "cancel", leases: [2] });
  assert.equal(
    [host.answered, host.cancelled],
    [
      [8, 9, 7],
      [3, 4, 2],
    ],
  );
  for (const own of [2, 3, 4]) await host.end(own);
  assert.equal(host.heard(), ["lease-ended r1/2 2"]);
  await host.close();
});

test.run();
