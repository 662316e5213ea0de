import { defineExperiment, metric, replicate, sweep } from "labwright";

const noise = (scale: number) => scale * Math.random();

export default defineExperiment({
  name: "random-in-trial",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    const shock = noise(0.1);
    return { score: parameters.size + shock };
  },
});
