// What a notifier may never do: break a service's limits whatever a run has to say, tell the same thing twice, or hold up its run.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ArmCount, RunEvent } from "../event/event.ts";
import type { Notification } from "./notification.ts";
import { type Notifier, notifierOf, type Sent } from "./notifier.ts";
import { outboxOf } from "./outbox.ts";
import { RunWatch } from "./run-watch.ts";
import { discord, discordMessage } from "./services/discord.ts";
import { slackMessage } from "./services/slack.ts";

/** Short texts of every alphabet, and long ones: a limit is met by few texts that are drawn short. */
const words = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc
    .tuple(fc.constantFrom("x", "é ", "🙂", "<@1>&"), fc.integer({ min: 1, max: 3000 }))
    .map(([part, times]) => part.repeat(times)),
);
const many = fc.array(words, { maxLength: 60 });
const metric = fc.record({
  experiment: words,
  metric: words,
  condition: words,
  mean: fc.double({ noNaN: true }),
  interval: fc.option(fc.tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true }))),
  n: fc.nat(),
});
const notification: fc.Arbitrary<Notification> = fc.record({
  occasion: fc.constantFrom("start", "finish", "failures", "budget", "arm", "stalled"),
  level: fc.constantFrom("info", "success", "warning", "failure"),
  title: words,
  lines: many,
  run: fc.record({ id: words, experiments: many, project: words, machine: words }),
  status: fc.constantFrom("running", "complete", "stopped", "budget", "aborted"),
  trials: fc.record({ done: fc.nat(), total: fc.nat(), unmeasured: fc.nat(), failed: fc.nat() }),
  durationMs: fc.nat(),
  metrics: fc.array(metric, { maxLength: 30 }),
  findings: many,
  failures: fc.array(fc.record({ message: words, count: fc.nat() }), { maxLength: 20 }),
  links: fc.array(fc.record({ label: words, path: words }), { maxLength: 5 }),
  chart: fc.constant(null),
});

interface Embed {
  readonly title: string;
  readonly description?: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  readonly footer: { readonly text: string };
}

test("no message breaks a limit of Discord's, whatever a run has to say", () => {
  fc.assert(
    fc.property(notification, (told) => {
      const { embeds } = discordMessage(told) as { readonly embeds: readonly Embed[] };
      const [{ title, description = "", fields, footer }] = embeds as readonly [Embed];
      assert.ok(title.length <= 256 && description.length <= 4096 && footer.text.length <= 2048);
      assert.ok(fields.length <= 25);
      for (const { name, value } of fields) {
        assert.ok(name.length > 0 && name.length <= 256);
        assert.ok(value.trim().length > 0 && value.length <= 1024);
      }
      const all = fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
      assert.ok(title.length + description.length + footer.text.length + all <= 6000);
    }),
    { numRuns: 300 },
  );
});

test("no message breaks a limit of Slack's, and none of its text is a mention or a link", () => {
  fc.assert(
    fc.property(notification, (told) => {
      const { blocks } = slackMessage(told) as {
        readonly blocks: readonly { readonly type: string; readonly text?: { readonly text: string } }[];
      };
      assert.ok(blocks.length <= 50);
      for (const { type, text } of blocks) {
        if (text === undefined) continue;
        assert.ok(text.text.length <= (type === "header" ? 150 : 3000));
        if (type === "section") assert.not.match(text.text, /[<>]/);
      }
    }),
    { numRuns: 300 },
  );
});

const told = (occasion: Notification["occasion"], line: string): Notification => ({
  occasion,
  level: "info",
  title: occasion,
  lines: [line],
  run: { id: "r", experiments: ["e"], project: "p", machine: "m" },
  status: "running",
  trials: { done: 1, total: 2, unmeasured: 0, failed: 0 },
  durationMs: 1,
  metrics: [],
  findings: [],
  failures: [],
  links: [],
  chart: null,
});

function notifierThat(answers: () => Promise<Sent>): { notifier: Notifier; heard: Notification[] } {
  const heard: Notification[] = [];
  const notifier = notifierOf({
    name: "fake",
    options: {},
    variables: [],
    send(each) {
      heard.push(each);
      return answers();
    },
  });
  return { notifier, heard };
}

test("a message is tried again until it arrives; those that wait meanwhile become one of each occasion, with all their lines", async () => {
  let attempts = 0;
  let letFirstGo = (): void => {};
  const first = new Promise<void>((resolve) => {
    letFirstGo = resolve;
  });
  const { notifier, heard } = notifierThat(async () => {
    attempts += 1;
    if (attempts === 1) await first;
    return attempts < 3 ? { again: "busy", waitMs: 0 } : "sent";
  });
  const problems: string[] = [];
  const outbox = outboxOf({ notifier, environment: {}, onProblem: (each) => problems.push(each) });
  outbox.put(told("start", "a"));
  for (const line of ["b", "c", "d"]) outbox.put(told("arm", line));
  outbox.put(told("finish", "z"));
  letFirstGo();
  await outbox.close(60_000);
  assert.equal(problems, []);
  assert.equal(
    heard.map(({ lines }) => lines.join("")),
    ["a", "a", "a", "bcd", "z"],
  );
});

test("closing takes a bounded time whatever a service does, and says what was not delivered", async () => {
  const services: Readonly<Record<string, () => Promise<Sent>>> = {
    busy: async () => ({ again: "busy", waitMs: 3_600_000 }),
    thrown: () => Promise.reject(new Error("socket hang up")),
    refused: async () => ({ failed: "no such webhook" }),
  };
  for (const [name, answers] of Object.entries(services)) {
    const problems: string[] = [];
    const { notifier } = notifierThat(answers);
    const outbox = outboxOf({
      notifier,
      environment: {},
      onProblem: (each) => problems.push(each),
      firstWaitMs: 1,
    });
    outbox.put(told("finish", "z"));
    await outbox.close(300);
    assert.is(problems.length, 1, name);
    assert.match(problems[0]!, /^fake: "finish" was not delivered: (busy|socket hang up|no such webhook)/);
  }
});

test("an address that is not set is one sentence, and is not tried again", async () => {
  const problems: string[] = [];
  const outbox = outboxOf({ notifier: discord(), environment: {}, onProblem: (each) => problems.push(each) });
  outbox.put(told("finish", "z"));
  await outbox.close(10_000);
  assert.equal(problems, [
    'discord: "finish" was not delivered: the environment variable DISCORD_WEBHOOK_URL is not set',
  ]);
});

const progress = (done: number, failed: number, arms: readonly ArmCount[] = []): RunEvent => ({
  type: "progress",
  experiment: "e",
  stage: "trial",
  done,
  total: 100,
  failed,
  perSecond: 1,
  arms,
});
const all = notifierOf({
  name: "fake",
  options: { on: ["start", "failures", "arm", "stalled"], failureShare: 0.2, stalledMinutes: 1 },
  variables: [],
  send: async () => "sent",
});
const began: RunEvent = {
  type: "run-started",
  run: "r",
  build: "b",
  experiments: ["e"],
  trials: { total: 100, reused: 0 },
  stageUnits: { total: 0, reused: 0 },
  workers: 1,
};

test("failures are told once, when their share is reached and enough trials have ended", () => {
  const watch = new RunWatch(all, 0);
  const occasions = [
    ...watch.heed(began, 0),
    ...watch.heed(progress(10, 9), 1),
    ...watch.heed(progress(40, 7), 2),
    ...watch.heed(progress(41, 9), 3),
    ...watch.heed(progress(80, 70), 4),
  ].map(({ occasion, words: said }) => `${occasion}: ${said}`);
  assert.equal(occasions, ["start: started, 100 trials", "failures: 9 of 41 trials failed"]);
});

test("each arm is told once, when its last trial has ended; one that was complete before is not", () => {
  const watch = new RunWatch(all, 0);
  watch.heed(began, 0);
  const arm = (label: string, done: number, reused = 0): ArmCount => ({
    label,
    total: 4,
    done,
    reused,
    failed: 0,
  });
  const lines = [
    ...watch.heed(progress(4, 0, [arm("a", 4), arm("b", 0), arm("c", 4, 4)]), 1),
    ...watch.heed(progress(6, 0, [arm("a", 4), arm("b", 2), arm("c", 4, 4)]), 2),
    ...watch.heed(progress(8, 0, [arm("a", 4), arm("b", 4), arm("c", 4, 4)]), 3),
  ].flatMap((each) => each.lines);
  assert.equal(lines, ["e: a, 4 trials", "e: b, 4 trials"]);
});

const act = (what: "pause" | "unpause"): RunEvent => ({
  type: "act",
  act: { do: what },
  origin: "terminal",
  by: "ada",
  at: "2026-11-28T10:00:00.000Z",
  key: what,
  number: 1,
});

test("a stall is told once until something ends, and never of a run that is paused or over", () => {
  const watch = new RunWatch(all, 0);
  watch.heed(began, 0);
  assert.is(watch.tick(59_999).length, 0);
  assert.is(watch.tick(60_000).length, 1);
  assert.is(watch.tick(120_000).length, 0);
  watch.heed(progress(1, 0), 130_000);
  assert.is(watch.tick(189_999).length, 0);
  assert.is(watch.tick(190_000).length, 1);
  watch.heed(progress(2, 0), 200_000);
  watch.heed(act("pause"), 200_000);
  assert.is(watch.tick(900_000).length, 0);
  watch.heed(act("unpause"), 900_000);
  assert.is(watch.tick(959_999).length, 0);
  assert.is(watch.tick(960_000).length, 1);
});

test("an occasion that there is not, and limits that can never be met, are refused where they are written", () => {
  // @ts-expect-error: there is no such occasion
  assert.throws(() => discord({ on: ["finsh"] }), /there is no occasion "finsh"/);
  assert.throws(() => discord({ failureShare: 10 }), /expected a share between 0 and 1/);
  assert.throws(() => discord({ stalledMinutes: 0 }), /expected minutes above 0/);
});

test.run();
