import { defineExperiment, metric, replicate, space, sweep } from "labwright";

export default defineExperiment({
  name: "space-as-value",
  parameters: {
    size: sweep([1, 2]),
    kind: space.oneOf("kind", { a: {}, b: {} }) as never,
  },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size + Number(parameters.kind) };
  },
});
