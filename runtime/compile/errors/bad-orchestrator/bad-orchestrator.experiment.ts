import { defineExperiment, grpc, metric, sweep } from "labwright";

export default defineExperiment({
  name: "bad-orchestrator",
  parameters: { days: sweep([30, 60]) },
  metrics: { biomass: metric.number() },
  trial: grpc({ proto: "orchestrator.proto", address: "127.0.0.1:50051", method: "RunSimulation" }),
});
