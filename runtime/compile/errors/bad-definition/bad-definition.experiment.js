import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "bad-definition",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  tags: ["pilot", "two words"],
  needs: { labels: ["two words"] },
  stages: 3,
  trail: ({ parameters }) => ({ score: parameters.size }),
  trial: ({ parameters }) => ({ score: parameters.size }),
});
