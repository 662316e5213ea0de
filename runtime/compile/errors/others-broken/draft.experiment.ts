import { defineExperiment, metric } from "labwright";

export default defineExperiment({
  name: "others-broken-draft",
  parameters: { scale: 1 },
  metrics: { score: metric.number() },
  trial: ({ parameters, random }) => ({ skore: parameters.scale * random.float() }),
});
