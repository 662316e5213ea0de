import { defineExperiment, metric, replicate, sweep } from "labwright";
import { z } from "zod";

export default defineExperiment({
  name: "unknown-column",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  series: { rounds: z.object({ round: z.int(), price: z.number() }) },
  trial({ parameters, record }) {
    record("rounds", { round: 1, price: 2 });
    return { score: parameters.size };
  },
  analyses: ({ curve }) => [curve("rounds", { x: "round", y: "prize" })],
});
