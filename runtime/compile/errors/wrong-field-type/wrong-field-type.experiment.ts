import { defineExperiment, grpc, metric, sweep } from "labwright";

export default defineExperiment({
  name: "wrong-field-type",
  parameters: { days: sweep([30, 0.5]) },
  metrics: { biomass: metric.integer() },
  trial: grpc({ proto: "orchestrator.proto", address: "127.0.0.1:50051" }),
});
