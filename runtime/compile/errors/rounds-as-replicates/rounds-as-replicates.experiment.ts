import { defineExperiment, metric, replicate, sweep } from "labwright";
import { z } from "zod";

export default defineExperiment({
  name: "rounds-as-replicates",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  series: { rounds: z.object({ round: z.int() }) },
  trial({ parameters, record }) {
    record("rounds", { round: 1 });
    return { score: parameters.size };
  },
  analyses: ({ compare }) => [compare("score", { across: "size", unit: "rounds" as never })],
});
