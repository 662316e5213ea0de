import { command, defineExperiment, metric, sweep } from "labwright";

export default defineExperiment({
  name: "bad-command",
  parameters: { size: sweep([1, 2]) },
  metrics: { score: metric.number() },
  trial: command({ run: ["python3", "trian.py"], metrics: { json: "metrics.json" } }),
});
