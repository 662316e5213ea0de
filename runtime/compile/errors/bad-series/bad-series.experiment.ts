import { defineExperiment, metric, replicate, sweep } from "labwright";
import { z } from "zod";

export default defineExperiment({
  name: "bad-series",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  series: { rounds: z.object({ at: z.map(z.string(), z.number()) }) },
  trial({ parameters, record }) {
    record("rounds", { at: new Map() });
    return { score: parameters.size };
  },
});
