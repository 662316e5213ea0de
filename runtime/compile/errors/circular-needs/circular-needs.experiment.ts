import { defineExperiment, metric, replicate, sweep } from "labwright";

const shared = { parameters: { size: sweep([1, 2]) }, replicates: replicate(5), metrics: { score: metric.number() } };

const earlierPilot = defineExperiment({
  ...shared,
  name: "pilot",
  trial: ({ parameters }) => ({ score: parameters.size }),
});

export const patience = defineExperiment({
  ...shared,
  name: "patience",
  needs: { pilot: earlierPilot },
  trial: ({ parameters, inputs }) => ({ score: parameters.size + inputs.pilot.length }),
});

export const pilot = defineExperiment({
  ...shared,
  name: "pilot",
  needs: { patience },
  trial: ({ parameters, inputs }) => ({ score: parameters.size + inputs.patience.length }),
});
