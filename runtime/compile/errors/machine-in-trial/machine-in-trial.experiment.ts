import { defineExperiment, metric, replicate, sweep } from "labwright";
import { cpus } from "node:os";

export default defineExperiment({
  name: "machine-in-trial",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size * cpus().length };
  },
});
