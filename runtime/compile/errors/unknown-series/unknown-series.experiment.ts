import { defineExperiment, metric, replicate, sweep } from "labwright";
import { z } from "zod";

export default defineExperiment({
  name: "unknown-series",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  series: { rounds: z.object({ round: z.int() }) },
  trial({ parameters, record }) {
    record("rounds", { round: 1 });
    return { score: parameters.size };
  },
  analyses: ({ curve }) => [curve("round", { x: "round", y: "round" })],
});
