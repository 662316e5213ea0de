import { defineExperiment, metric, replicate, sweep } from "labwright";
import { z } from "zod";

export default defineExperiment({
  name: "unrecorded-series",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  series: { rounds: z.object({ round: z.int() }) },
  trial({ parameters }) {
    return { score: parameters.size };
  },
});
