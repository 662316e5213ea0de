import { defineExperiment, metric, replicate, sweep } from "labwright";
import patience from "./patience.experiment.ts";

export default defineExperiment({
  name: "pilot",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  needs: { patience },
  metrics: { score: metric.number() },
  trial: ({ parameters, inputs }) => ({ score: parameters.size + inputs.patience.length }),
});
