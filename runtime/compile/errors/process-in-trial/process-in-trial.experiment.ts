import { defineExperiment, metric, replicate, sweep } from "labwright";
import { execFileSync } from "node:child_process";

export default defineExperiment({
  name: "process-in-trial",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    const text = execFileSync("./simulate", [String(parameters.size)], { encoding: "utf8" });
    return { score: Number(text) };
  },
});
