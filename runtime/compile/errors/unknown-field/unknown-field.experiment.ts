import { defineExperiment, grpc, metric, parameter, sweep, trialSeed } from "labwright";

export default defineExperiment({
  name: "unknown-field",
  parameters: { degrees: sweep([24, 28]) },
  metrics: { biomass: metric.number(), survivers: metric.count() },
  primary: "biomass",
  trial: grpc({
    proto: "orchestrator.proto",
    address: "127.0.0.1:50051",
    configuration: { set: { "tank.temprature": parameter("degrees"), seed: trialSeed } },
  }),
});
