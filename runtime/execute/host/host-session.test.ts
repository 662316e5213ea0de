// Promise: a host works for the controller that greeted it last; a lease of another is not run, and what it still runs for another is
// not said.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { FromHost, LeaseMessage, Session } from "../protocol/protocol.ts";
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
        queue: nothing,
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
  greet("r1/1");
  greet("r1/2");
  session.receive(lease("r1/1"));
  session.receive(lease("r1/2"));
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
    ["log r1/2", "lease-ended r1/2"],
  );
});

test.run();
