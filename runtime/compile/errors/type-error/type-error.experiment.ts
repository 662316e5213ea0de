import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "type-error",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters, random }) {
    const shock: string = random.float();
    return { score: parameters.sise + shock.length };
  },
});
