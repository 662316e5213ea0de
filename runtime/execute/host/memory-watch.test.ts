// Who is ended for the memory of a host: never a thread that may be innocent.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { FreedMemory, memoryVerdict } from "./memory-watch.ts";

const idle = { running: 0, silentMs: 60_000, heldMb: 0 };
const waits = { running: 1, silentMs: 40, heldMb: 20 };
const spins = { running: 1, silentMs: 900, heldMb: 0 };
const holds = { running: 1, silentMs: 40, heldMb: 300 };

const cases = [
  {
    name: "a host within its limits is left alone",
    residentMb: 500,
    threads: [spins, spins],
    kind: "within",
  },
  {
    name: "what was asked for and not touched is no memory",
    residentMb: 200,
    threads: [holds, waits],
    kind: "within",
  },
  {
    name: "who says that it holds too much is ended",
    residentMb: 500,
    threads: [waits, holds],
    kind: "guilty",
    at: 1,
  },
  {
    name: "the largest goes first",
    residentMb: 2000,
    threads: [{ ...holds, heldMb: 290 }, holds],
    kind: "guilty",
    at: 1,
  },
  {
    name: "one that cannot say is ended when all others say that they live",
    residentMb: 2000,
    threads: [waits, spins, idle],
    kind: "guilty",
    at: 1,
  },
  {
    name: "of two that cannot say neither is blamed",
    residentMb: 2000,
    threads: [spins, spins],
    kind: "unknown",
  },
  {
    name: "nobody is blamed for what no thread has",
    residentMb: 2000,
    threads: [waits, idle],
    kind: "within",
  },
];

for (const { name, residentMb, threads, kind, at } of cases)
  test(name, () => {
    const verdict = memoryVerdict({ residentMb, baseMb: 100, limitMb: 256, threads });
    assert.is(verdict.kind, kind);
    if (verdict.kind === "guilty") assert.is(verdict.thread, threads[at ?? -1]);
  });

test("what ended threads held counts for nobody until it has come back, and others are looked at meanwhile", () => {
  const freed = new FreedMemory(2000);
  assert.is(freed.at(0), 0);
  freed.add(300, 1000);
  const greedy = { running: 1, silentMs: 900, heldMb: 0 };
  const of = (residentMb: number, nowMs: number) =>
    memoryVerdict({
      residentMb: residentMb - freed.at(nowMs),
      baseMb: 100,
      limitMb: 256,
      threads: [greedy, { ...idle }],
    }).kind;
  assert.is(of(1000, 1500), "within");
  assert.is(of(1300, 1500), "guilty");
  freed.add(500, 2000);
  assert.is(freed.at(3999), 800);
  assert.is(freed.at(4000), 0);
});

test.run();
