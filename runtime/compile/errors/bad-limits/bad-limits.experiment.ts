import { defineExperiment, metric, sweep } from "labwright";

export default defineExperiment({
  name: "bad-limits",
  parameters: { size: sweep([1, 2]) },
  metrics: { score: metric.number() },
  limits: { timeout: "0m", retry: { on: ["time-out"], max: 200 }, resources: { cpu: 0.5 } },
  trial({ parameters }) {
    return { score: parameters.size };
  },
});
