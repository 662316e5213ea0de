import { defineExperiment, metric, replicate, sweep } from "labwright";

function make(name: string) {
  return defineExperiment({
    name,
    parameters: { size: sweep([1, 2]) },
    replicates: replicate(5),
    metrics: { score: metric.number() },
    trial: ({ parameters }) => ({ score: parameters.size }),
  });
}

export default make("definition-not-literal");
