import { defineExperiment, grpc, metric, parameter, sweep, trialSeed } from "labwright";
import { z } from "zod";

export default defineExperiment({
  name: "unknown-field",
  parameters: { degrees: sweep([24, 28]) },
  metrics: { biomass: metric.number(), survivers: metric.count() },
  series: { growth: z.object({ day: z.int(), biomas: z.number() }), rounds: z.object({ day: z.int() }) },
  primary: "biomass",
  trial: grpc({
    proto: "orchestrator.proto",
    address: "127.0.0.1:50051",
    configuration: { set: { "tank.temprature": parameter("degrees"), seed: trialSeed } },
    series: { growth: "days", rounds: "round" },
  }),
});
