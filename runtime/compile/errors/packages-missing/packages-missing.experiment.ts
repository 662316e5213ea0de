import { defineExperiment, metric, replicate } from "labwright";
import { drag } from "wind-tunnel";
import { flow } from "wind-tunnel/flow";

export default defineExperiment({
  name: "packages-missing",
  parameters: {},
  replicates: replicate(3, { seed: 1 }),
  metrics: { drag: metric.number() },
  trial: ({ random }) => ({ drag: drag(flow(random.float())).map((value) => value) }),
});
