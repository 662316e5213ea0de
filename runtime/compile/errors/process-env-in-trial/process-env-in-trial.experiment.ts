import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "process-env-in-trial",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    const scale = Number(process.env.SCALE ?? 1);
    return { score: parameters.size * scale };
  },
});
