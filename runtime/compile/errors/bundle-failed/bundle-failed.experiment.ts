import { defineExperiment, metric, replicate, sweep } from "labwright";
import { demand } from "./demand.ts";

export default defineExperiment({
  name: "bundle-failed",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: demand(parameters.size) };
  },
});
