import { defineExperiment, metric, replicate, sweep } from "labwright";
import { z } from "zod";

// Options that stand apart are not checked for what does not belong to them.
const options = { across: "size", unit: "rounds" } as const;

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
  analyses: ({ compare }) => [compare("score", options)],
});
