import { defineExperiment, metric, replicate, sweep } from "labwright";

let plays = 0;
const prices = new Map<number, number>();

function priceOf(size: number): number {
  plays += 1;
  prices.set(size, size * 2);
  return prices.get(size) ?? 0;
}

export default defineExperiment({
  name: "mutable-module-state",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: priceOf(parameters.size) };
  },
});
