import { defineExperiment, metric, replicate, sweep } from "labwright";

async function settle(size: number): Promise<void> {
  await Promise.resolve(size);
}

export default defineExperiment({
  name: "unawaited-promise",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  async trial({ parameters, checkpoint }) {
    for (let round = 0; round < 10; round++) checkpoint({ round });
    [1, 2, 3].forEach(async (size) => settle(size));
    settle(parameters.size);
    return { score: parameters.size };
  },
});
