import { defineExperiment, metric, replicate, sweep } from "labwright";
import baseline from "./baseline.ts";

export default defineExperiment({
  name: "patience",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  needs: { baseline },
  metrics: { score: metric.number() },
  trial: ({ parameters, inputs }) => ({ score: parameters.size + inputs.baseline.length }),
});
