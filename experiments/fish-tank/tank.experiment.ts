// A fish tank that an orchestrator simulates: does feeding make up for water that is too warm? See README.md.
import { defineExperiment, env, grpc, metric, parameter, replicate, sweep, trialSeed } from "labwright";
import { z } from "zod";

export default defineExperiment({
  name: "fish-tank",
  question: "Does more feed make up for water that is too warm?",
  parameters: { temperature: sweep([24, 28, 32]), feed: sweep([0.5, 1]) },
  replicates: replicate(10, { seed: 4 }),
  metrics: {
    biomass: metric.number({ unit: "g", range: [0, Number.POSITIVE_INFINITY], direction: "maximize" }),
    survivors: metric.count(),
  },
  series: { growth: z.object({ day: z.int(), biomass: z.number(), survivors: z.int() }) },
  primary: "biomass",
  trial: grpc({
    proto: "orchestrator.proto",
    address: env("ORCHESTRATOR", "127.0.0.1:50051"),
    configuration: {
      base: "tank.yaml",
      set: {
        "tank.temperature": parameter("temperature"),
        "tank.feed": parameter("feed"),
        seed: trialSeed,
      },
    },
    series: { growth: "days" },
  }),
  analyses: ({ mainEffect }) => [mainEffect("temperature"), mainEffect("feed")],
});
