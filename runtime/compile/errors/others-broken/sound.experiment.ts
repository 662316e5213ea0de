import { defineExperiment, metric } from "labwright";

export default defineExperiment({
  name: "others-broken-sound",
  parameters: { scale: 1 },
  metrics: { score: metric.number() },
  trial: ({ parameters, random }) => ({ score: parameters.scale * random.float() }),
});
