// What the editor must refuse, and what it must infer, of labels that machines must have.
import { defineExperiment } from "./define-experiment.ts";
import { metric } from "./metric.ts";

const hill = defineExperiment({
  name: "hill",
  parameters: {},
  metrics: { height: metric.number() },
  trial: () => ({ height: 1 }),
});

defineExperiment({
  name: "labels",
  parameters: {},
  metrics: { sum: metric.number() },
  needs: { hill, labels: ["gpu", "site=north"] },
  trial: ({ inputs }) => {
    // @ts-expect-error labels choose machines and hand over nothing
    inputs.labels;
    return { sum: inputs.hill.length };
  },
});
defineExperiment({
  name: "labels",
  parameters: {},
  metrics: { sum: metric.number() },
  // @ts-expect-error only labels are a list
  needs: { machines: ["gpu"] },
  trial: () => ({ sum: 1 }),
});
