// Experiments whose trials ask the controller's performers, for the contract of effects.
import { defineExperiment, metric, replicate, sweep } from "../../../lib/index.ts";

/** One question a trial. */
export const asking = defineExperiment({
  name: "asking",
  parameters: { scale: sweep([1, 10]) },
  replicates: replicate(4, { seed: 31 }),
  metrics: { got: metric.number() },
  async trial({ parameters, replicate: { index }, effect }) {
    return { got: parameters.scale * (await effect<number>("call", { index }, { kind: "ask" })) };
  },
});

/** Five hundred trials that work a little and then wait for one answer each: more work in all than a lease is to take. */
export const crowd = defineExperiment({
  name: "crowd",
  parameters: {},
  replicates: replicate(500, { seed: 32 }),
  metrics: { got: metric.number() },
  async trial({ replicate: { index }, effect }) {
    const until = performance.now() + 0.3;
    while (performance.now() < until);
    return { got: await effect<number>("call", { index }, { kind: "ask" }) };
  },
});

/** A trial that makes do without an answer: what the run may not take for a measurement. */
export const stubborn = defineExperiment({
  name: "stubborn",
  parameters: {},
  replicates: replicate(12, { seed: 33 }),
  metrics: { got: metric.number() },
  async trial({ replicate: { index }, effect }) {
    const answer = effect<number>("call", { index }, { kind: "ask" });
    return { got: await answer.catch(() => -1) };
  },
});

/** Asks something else at every attempt, which no trial may. */
export const fickle = defineExperiment({
  name: "fickle",
  parameters: {},
  metrics: { got: metric.number() },
  async trial({ effect }) {
    const bid = performance.now();
    return { got: await effect<number>("call", { round: 1, bids: [2, bid] }, { kind: "ask" }) };
  },
});

/** Two questions at once, then one of the trial's own. */
export const counted = defineExperiment({
  name: "counted",
  parameters: {},
  replicates: replicate(3, { seed: 34 }),
  metrics: { sum: metric.number() },
  async trial({ replicate: { index }, effect }) {
    const ask = (key: string): Promise<number> => effect<number>(key, { index }, { kind: "ask" });
    const [a, b] = await Promise.all([ask("a"), ask("b")]);
    const own = await effect<number>("own", index, {
      perform: async (_, { usage, trial, attempt, key }) => {
        usage({ tokens: trial === "" || attempt !== 1 || key !== "own" ? 1 : 100 });
        return 1;
      },
    });
    return { sum: a + b + own };
  },
});
