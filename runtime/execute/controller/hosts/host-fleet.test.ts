// A host is given up for silence, and never because the machine slept or a clock jumped.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Executor, HostListener } from "../../protocol/executor.ts";
import { protocolVersion } from "../../protocol/protocol.ts";
import { HostFleet } from "./host-fleet.ts";

interface Watched {
  readonly listener: HostListener;
  readonly killed: string[];
  /** Moves the clock on and waits until the fleet has looked. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** A fleet with one host that is ready, under a clock of ours; it looks every millisecond. */
async function watched(): Promise<Watched> {
  let now = 0;
  let looked: () => void = () => undefined;
  let listener: HostListener | null = null;
  const killed: string[] = [];
  const host = {
    name: "h",
    send: () => undefined,
    kill: () => {
      killed.push("h");
      listener?.onExit({ reason: "was killed" });
    },
  };
  const patience = { heartbeatMs: 1, silentMs: 20, startingMs: 100, fruitlessMax: null };
  const executor: Executor = {
    name: "test",
    patience,
    open(_, door) {
      listener = door.onHost(host);
      return { close: () => undefined };
    },
  };
  const fleet = new HostFleet({
    executor,
    demand: { hosts: 1, threads: 1, memoryMb: null, code: "/", session: "r1/1", labels: [[]] },
    session: "r1/1",
    now: () => {
      queueMicrotask(looked);
      return now;
    },
    onReady: () => undefined,
    onMessage: () => undefined,
    onLost: () => undefined,
    onTold: assert.unreachable,
    onHopeless: assert.unreachable,
  });
  const capacity = { memoryMb: 1, gpus: 0 };
  // Assigned by the door above, which the compiler does not follow.
  const heard = listener as unknown as HostListener;
  heard.onMessage({
    type: "ready",
    protocol: protocolVersion,
    host: "h",
    pid: 1,
    threads: 1,
    memoryMb: null,
    capacity,
    labels: {},
    underWay: [],
  });
  return {
    listener: heard,
    killed,
    async pass(ms) {
      now += ms;
      await new Promise<void>((resolve) => {
        looked = resolve;
      });
    },
    async close() {
      heard.onExit({ reason: "ended" });
      await fleet.close({ graceMs: 10 });
    },
  };
}

test("a host that gives no sign of life for long is ended", async () => {
  const { pass, killed, close } = await watched();
  try {
    for (let look = 0; look < 30; look++) await pass(1);
    assert.equal(killed, ["h"]);
  } finally {
    await close();
  }
});

test("an hour of sleep, and a clock that is set back, end no host", async () => {
  const { pass, killed, close } = await watched();
  try {
    for (let look = 0; look < 10; look++) await pass(1);
    await pass(3_600_000);
    await pass(-3_600_000);
    await pass(3_600_000);
    for (let look = 0; look < 5; look++) await pass(1);
    assert.equal(killed, []);
    for (let look = 0; look < 30; look++) await pass(1);
    assert.equal(killed, ["h"]);
  } finally {
    await close();
  }
});

test("more threads are asked of an executor that brings them, beyond those that it is bringing; of another they are not", async () => {
  const demanded = async (executor: Partial<Executor>, brings?: number): Promise<readonly number[]> => {
    const asked: number[] = [];
    const patience = { heartbeatMs: 1000, silentMs: 2000, startingMs: 2000, fruitlessMax: null };
    const fleet = new HostFleet({
      executor: {
        name: "test",
        patience,
        open({ threads }) {
          asked.push(threads);
          return { close: () => undefined, ...(brings !== undefined && { threads: brings }) };
        },
        ...executor,
      },
      demand: { hosts: 1, threads: 2, memoryMb: null, code: "/", session: "r1/1", labels: [[]] },
      session: "r1/1",
      onReady: () => undefined,
      onMessage: () => undefined,
      onLost: () => undefined,
      onTold: assert.unreachable,
      onHopeless: assert.unreachable,
    });
    for (const threads of [1, 9, null]) fleet.resize(threads);
    await fleet.close({ graceMs: 10 });
    return asked;
  };
  assert.equal(await demanded({}), [2, 7]);
  assert.equal(await demanded({}, 8), [2, 1]);
  assert.equal(await demanded({ moreBy: "start another" }), [2]);
});

test.run();
