import { defineExperiment, metric, replicate, sweep } from "labwright";
import { readFileSync } from "node:fs";

export default defineExperiment({
  name: "file-in-trial",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    const rows = readFileSync("demand.parquet", "utf8").split("\n");
    return { score: rows.length * parameters.size };
  },
});
