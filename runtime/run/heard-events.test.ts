// Promise: a loop over events hears all of them in order, is told how many it missed, and ends as the run does.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RunEvent } from "../event/event.ts";
import { type HeardEvent, HeardEvents, waitingMost } from "./heard-events.ts";

const note = (text: string): RunEvent => ({ type: "notice", level: "info", text });

async function heard(events: HeardEvents): Promise<HeardEvent[]> {
  const all: HeardEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

test("a loop that waits is handed each event, and ends with the run", async () => {
  const events = new HeardEvents(() => undefined);
  const loop = heard(events);
  events.hear(note("one"));
  await Promise.resolve();
  events.hear(note("two"));
  events.end(null);
  assert.equal(await loop, [note("one"), note("two")]);
});

test("what a slow loop could not be handed is counted, where it is missing", async () => {
  const events = new HeardEvents(() => undefined);
  for (let index = 0; index < waitingMost + 5; index += 1) events.hear(note(String(index)));
  await events.next();
  events.hear(note("later"));
  events.end(null);
  const rest = await heard(events);
  assert.is(rest.length, waitingMost + 1);
  assert.equal(rest.slice(-2), [{ type: "missed", count: 5 }, note("later")]);
});

test("a run that goes wrong throws in its loop, after what was heard", async () => {
  const events = new HeardEvents(() => undefined);
  events.hear(note("one"));
  events.end({ error: new Error("no room") });
  assert.equal(await events.next(), { done: false, value: note("one") });
  let thrown = "";
  await events.next().catch((error: Error) => {
    thrown = error.message;
  });
  assert.is(thrown, "no room");
  assert.is((await events.next()).done, true);
});

test("a loop that is left is told to nobody any more", async () => {
  let isLeft = false;
  const events = new HeardEvents(() => {
    isLeft = true;
  });
  events.hear(note("one"));
  for await (const _ of events) break;
  assert.is(isLeft, true);
});

test.run();
