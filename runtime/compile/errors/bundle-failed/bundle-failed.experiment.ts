/// <reference path="./parquet.d.ts" />
import { defineExperiment, metric, replicate, sweep } from "labwright";
import rows from "./demand.parquet";

export default defineExperiment({
  name: "bundle-failed",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: rows.length * parameters.size };
  },
});
