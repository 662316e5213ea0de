// Promise: that a service does not answer, or has no room, is told once, and again when that changes; a moment without room is told nobody.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ServiceReading } from "../event/services.ts";
import { serviceNotices } from "./service-notices.ts";

const reading = (of: {
  most: number;
  waiting: number;
  isDown?: boolean;
  count?: number;
}): ServiceReading => ({
  service: "tank:50051",
  windowMs: 60_000,
  requests: null,
  tokens: null,
  calls: { taken: 0, most: of.most },
  waiting: of.waiting,
  share: 1,
  closedMs: 0,
  outage: { isDown: of.isDown ?? false, count: of.count ?? 0, words: "refused." },
});

test("no free worker is told once it has lasted, and its end once", () => {
  const noticesOf = serviceNotices();
  const told: string[] = [];
  let now = 0;
  const seconds = (count: number, of: Parameters<typeof reading>[0]): void => {
    for (let second = 0; second < count; second += 1) {
      now += 1000;
      told.push(...noticesOf([reading(of)], now).map(({ text }) => text));
    }
  };
  seconds(2, { most: 0, waiting: 5 });
  seconds(9, { most: 1, waiting: 4 });
  assert.equal(told, [], "a moment");
  seconds(9, { most: 0, waiting: 4 });
  assert.equal(told.splice(0), [
    "tank:50051 has no worker free: 4 simulations of this run wait until it has",
  ]);
  seconds(9, { most: 2, waiting: 0 });
  assert.equal(told.splice(0), ["tank:50051 has a worker free again"]);
  seconds(9, { most: 0, waiting: 1 });
  assert.equal(told.splice(0), [
    "tank:50051 has no worker free: 1 simulation of this run waits until it has",
  ]);
  seconds(9, { most: 0, waiting: 0 });
  assert.equal(told, [], "nobody waits any more");
});

test("an outage is told with its cause, and not as want of room", () => {
  const noticesOf = serviceNotices();
  const at = (nowMs: number, of: Parameters<typeof reading>[0]) =>
    noticesOf([reading(of)], nowMs).map(({ level, text }) => `${level}: ${text}`);
  assert.equal(at(0, { most: 0, waiting: 3, isDown: true, count: 1 }), [
    "warning: tank:50051 does not answer: refused.",
  ]);
  assert.equal(at(9000, { most: 0, waiting: 3, isDown: true, count: 1 }), []);
  assert.equal(at(10_000, { most: 1, waiting: 2, count: 1 }), ["info: tank:50051 answers again"]);
  assert.equal(
    at(11_000, { most: 1, waiting: 2, count: 2 }),
    ["warning: tank:50051 does not answer: refused.", "info: tank:50051 answers again"],
    "it was away and back between two looks",
  );
});

test.run();
