// A long run: a market maker that learns for a million steps with ten megabytes of state, saved every 10,000 steps, watched while it
// goes on, and taken up again wherever it was killed.
import { defineExperiment, metric, replicate, sweep } from "labwright";
import { z } from "zod";
import { inventoryMax, learnedSpread, newMaker, spreads, tradeOnce } from "./market-maker.ts";

export default defineExperiment({
  name: "market-maker",
  question: "Does a market maker that learns quote wider where the price moves more?",
  description: "Q-learning with a replay memory; the reward is the change in worth less a cost of holding.",
  parameters: {
    volatility: sweep([0.02, 0.1]),
    steps: 1_000_000,
    checkpointEvery: 10_000,
    memoryMb: 9.9,
    exploration: 0.05,
  },
  replicates: replicate(3, { seed: 1988 }),
  metrics: {
    reward: metric.number({ unit: "a step", direction: "maximize", description: "mean over all steps" }),
    spread: metric.number({ range: [0, 0.4], description: "quoted with nothing in hand, as learned" }),
    trades: metric.integer({ range: [0, Infinity] }),
  },
  primary: "spread",
  series: { learning: z.object({ step: z.int(), reward: z.number(), inventory: z.number() }) },
  async trial({ parameters, random, record, artifact, steps }) {
    const maker = await steps({
      total: parameters.steps,
      checkpoint: parameters.checkpointEvery,
      initial: () => newMaker(parameters.memoryMb),
      step(now, index) {
        const reward = tradeOnce(now, index, parameters, random);
        if ((index + 1) % (parameters.steps / 100) === 0)
          record("learning", { step: index + 1, reward, inventory: now.inventory / inventoryMax });
      },
    });
    await artifact("values.json", JSON.stringify({ spreads, value: [...maker.value] }));
    return {
      reward: maker.rewardSum / parameters.steps,
      spread: learnedSpread(maker),
      trades: maker.trades,
    };
  },
  analyses: ({ compare }) => [compare("spread", { across: "volatility", baseline: 0.02 })],
});
