// Large files through every host of this machine: nothing large in a message, and nothing kept by halves.
import { createHash } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { memoryStore } from "../../testing/memory-store.ts";
import { runContract } from "../testing/contract-run.ts";
import { megabytesOf } from "../testing/leaving-experiment.ts";
import { mapMessages, watch } from "../testing/watched-executor.ts";
import { inlineExecutor } from "./inline.ts";
import { localExecutor } from "./local-host.ts";

const hashOf = (count: number, mark: number): string => {
  const hash = createHash("sha256");
  for (const part of megabytesOf(count, mark)) hash.update(part);
  return hash.digest("hex");
};

for (const executorOf of [inlineExecutor, localExecutor])
  test(`${executorOf().name}: files of 64 MB come in messages of 1 MB, are what was left, and a trial ends after them`, async () => {
    let largest = 0;
    const executor = mapMessages(executorOf(), (message) => {
      if (message.type === "artifact") largest = Math.max(largest, message.bytes.length);
      return [message];
    });
    const { trials, summary, store } = await runContract({ executor, experiments: ["leaving"], threads: 1 });
    assert.is(summary.remaining, 0);
    assert.is(largest, 2 ** 20);
    const [large, small] = [hashOf(64, 0), hashOf(3, 1)];
    for (const { unit, result } of trials("leaving")) {
      const [how, index] = [unit % 5, Math.floor(unit / 5)];
      const named = result.artifacts.map(({ name, hash, bytes }) => [name, hash, bytes]);
      const all = ["all", index === 0 ? large : small, (index === 0 ? 64 : 3) * 2 ** 20];
      if (how === 3) assert.equal(named, []);
      else assert.equal(named[0], all);
      assert.is(named.length, how === 2 ? 2 : how === 3 ? 0 : 1);
      for (const [, hash] of named) assert.ok(store.artifacts.bytes.has(String(hash)));
      const { outcome } = result;
      const words = outcome.kind === "failed" ? outcome.message : outcome.kind;
      const expected = ["measured", "measured", "measured", "the source is gone", "left a file and failed"];
      assert.is(words, expected[how]);
    }
  });

test("a kill in the middle of a file leaves no part of it, and the file is left again", async () => {
  const store = memoryStore();
  const watched = watch(localExecutor());
  let chunks = 0;
  const executor = mapMessages(watched.executor, (message) => {
    if (message.type === "artifact") chunks += 1;
    if (chunks === 30) {
      chunks += 1;
      watched.killAll();
    }
    return [message];
  });
  let open = 0;
  const counted: typeof store = {
    ...store,
    artifacts: {
      ...store.artifacts,
      async draft() {
        const draft = await store.artifacts.draft();
        open += 1;
        const closing = <T>(done: Promise<T>): Promise<T> => {
          open -= 1;
          return done;
        };
        return { ...draft, keep: (hash) => closing(draft.keep(hash)), drop: () => closing(draft.drop()) };
      },
    },
  };
  const { trials, summary } = await runContract({
    executor,
    experiments: ["leaving"],
    store: counted,
    threads: 1,
  });
  assert.is(summary.remaining, 0);
  assert.is(open, 0, "every draft was kept or dropped");
  const named = new Set(trials("leaving").flatMap(({ result }) => result.artifacts.map(({ hash }) => hash)));
  assert.equal(new Set(store.artifacts.bytes.keys()), named);
  assert.ok(trials("leaving").some(({ telemetry }) => telemetry.attempt === 2));
});

test.run();
