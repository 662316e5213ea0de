import { defineExperiment, metric, replicate, sweep } from "labwright";
import pilot from "./pilot.experiment.ts";

export default defineExperiment({
  name: "patience",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  needs: { pilot },
  metrics: { score: metric.number() },
  trial: ({ parameters, inputs }) => ({ score: parameters.size + inputs.pilot.length }),
});
