// Law: whoever waits for a worker is let in as the orchestrator reports them free, never more at a time, and nobody after a refusal until one
// ends or it reports again: an orchestrator that is full is not asked over and over.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { FreeWorkers, type WorkerPlace } from "./free-workers.ts";

const acts = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("enter" as const) }),
    fc.record({ do: fc.constantFrom("leave" as const, "refuse" as const), which: fc.nat() }),
    fc.record({ do: fc.constant("report" as const), free: fc.nat({ max: 5 }) }),
  ),
  { maxLength: 60 },
);

test("after a refusal nobody is let in until another simulation has ended or the orchestrator reports workers free", () =>
  fc.assert(
    fc.asyncProperty(acts, fc.integer({ min: 1, max: 4 }), async (all, most) => {
      const workers = new FreeWorkers(most);
      const { signal } = new AbortController();
      const places: WorkerPlace[] = [];
      let isFull = false;
      for (const act of all) {
        const before = workers.running;
        if (act.do === "enter") void workers.enter(signal).then((place) => places.push(place));
        else if (act.do === "report") workers.report(act.free, before);
        else {
          const [place] = places.splice(act.which % Math.max(1, places.length), 1);
          if (place === undefined) continue;
          if (act.do === "refuse") workers.refuse(place);
          else place.leave();
        }
        if (act.do === "refuse") isFull = true;
        if (act.do === "report" || act.do === "leave") isFull = false;
        await Promise.resolve();
        assert.ok(workers.running <= most);
        if (act.do === "refuse") assert.is(workers.running, before - 1);
        if (isFull && act.do === "enter") assert.is(workers.running, before);
      }
    }),
  ));

test.run();
