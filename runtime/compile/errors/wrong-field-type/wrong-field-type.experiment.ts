import { defineExperiment, grpc, metric, sweep } from "labwright";
import { z } from "zod";

export default defineExperiment({
  name: "wrong-field-type",
  parameters: { days: sweep([30, 0.5]) },
  metrics: { biomass: metric.integer() },
  series: { growth: z.object({ day: z.int() }) },
  trial: grpc({ proto: "orchestrator.proto", address: "127.0.0.1:50051", series: { growth: "message" } }),
});
