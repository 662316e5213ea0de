import { defineExperiment, metric, replicate, space, sweep } from "labwright";

function isAllowed(size: number): boolean {
  if (size === 2) throw new Error("2 was not foreseen");
  return true;
}

export default defineExperiment({
  name: "condition-threw",
  parameters: space.where({ size: sweep([1, 2]) }, (p) => isAllowed(p.size)),
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size };
  },
});
