import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "unreturned-metric",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number(), periods: metric.integer({ optional: true }) },
  trial({ parameters }) {
    return { score: parameters.size } as { score: number; periods: number | null };
  },
});
