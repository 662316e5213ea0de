import { command, configFile, defineExperiment, metric, parameter, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "unread-program",
  parameters: { size: sweep([1, 2]), discount: sweep([0, 0.95]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial: command({
    run: ["sh", "-c", "cat", configFile],
    config: { set: { size: parameter("size") } },
    metrics: { json: "score.json" },
  }),
});
