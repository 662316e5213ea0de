import { defineExperiment, metric, replicate, sweep } from "labwright";

const table: readonly number[] = [];
if (table.length === 0) throw new Error("the table is empty");

export default defineExperiment({
  name: "load-failed",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size };
  },
});
