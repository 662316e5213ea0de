import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "network-in-trial",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  async trial({ parameters }) {
    const answer = await fetch(`http://localhost:8000/score?size=${parameters.size}`);
    return { score: Number(await answer.text()) };
  },
});
