import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "circular-stages",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  stages: ({ stage }) => {
    const demand = stage({ per: "condition", needs: { prices }, run: () => 1 });
    const prices = stage({ per: "condition", needs: { demand }, run: () => 2 });
    return { demand, prices };
  },
  trial({ parameters }) {
    return { score: parameters.size };
  },
});
