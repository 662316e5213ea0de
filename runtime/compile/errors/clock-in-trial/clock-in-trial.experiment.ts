import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "clock-in-trial",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    const started = Date.now();
    let score = 0;
    for (let i = 0; i < parameters.size; i++) score += i;
    return { score: score / (new Date().getTime() - started) };
  },
});
