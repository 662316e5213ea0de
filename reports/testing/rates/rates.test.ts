// Every simulated rate with a few hundred fixed seeds: none breaks its promise beyond what chance explains.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { problemOf, type Rate, tallyOf } from "./rate.ts";
import { readTopics } from "./topics.ts";

const topics = await readTopics();

for (const topic of topics) {
  test(`rates of ${topic.name} keep their promises`, async () => {
    const problems: string[] = [];
    for (const rate of topic.rates) {
      const tally = await tallyOf(rate, { first: 1, last: rate.testSeeds ?? 200 });
      const problem = problemOf(rate, tally, 0.001);
      if (problem !== null) problems.push(problem);
    }
    assert.equal(problems, []);
  });
}

test("a rate has one name within its topic", () => {
  for (const { rates, name } of topics) {
    assert.is(new Set(rates.map((rate) => rate.name)).size, rates.length, name);
    assert.ok(rates.length > 0, name);
  }
});

test("a broken promise is told from chance by the exact binomial tail", () => {
  const rate: Rate = { name: "coin", nominal: 5, limit: 5, least: 1, experiment: () => null };
  const tally = (erred: number, refused = 0) => ({ experiments: 200, erred, refused });
  // SciPy 1.17.1: binom.sf(20, 200, .05) = 0.00116, binom.sf(21, ...) = 0.00048; binom.cdf(0, 200, .01) = 0.134.
  assert.is(problemOf(rate, tally(21), 0.001), null);
  assert.is(problemOf(rate, tally(22), 0.001), "coin: 11.00% of 200 erred, at most 5% is tolerated");
  assert.is(problemOf(rate, tally(0), 0.001), null);
  assert.is(problemOf(rate, tally(0)), "coin: 0.00% of 200 erred, at least 1% was expected");
  assert.is(problemOf(rate, tally(11)), "coin: 5.50% of 200 erred, at most 5% is tolerated");
  assert.is(problemOf(rate, tally(10)), null);
  assert.is(problemOf(rate, tally(0, 200)), null);
});

test("a tally counts errors among answers and refusals apart", async () => {
  const rate: Rate = {
    name: "thirds",
    nominal: 50,
    limit: null,
    experiment: (seed) => (seed % 3 === 0 ? null : seed % 3 === 1),
  };
  assert.equal(await tallyOf(rate, { first: 1, last: 9 }), { experiments: 9, erred: 3, refused: 3 });
});

test.run();
