// Three harvest rules over a fish stock with random growth: a simulation in R, whose settings are words of its command line.
import {
  command,
  configFlags,
  defineExperiment,
  metric,
  parameter,
  replicate,
  sweep,
  trialSeed,
} from "labwright";
import { z } from "zod";

export default defineExperiment({
  name: "harvest-rules",
  question: "Which rule takes most of a stock whose growth varies, and which lets it collapse?",
  parameters: { rule: sweep(["quota", "effort", "escapement"]), rate: 0.9, years: 60 },
  replicates: replicate(10, { seed: 7, pairing: "common-random-numbers" }),
  metrics: {
    yield: metric.number({ unit: "tonnes a year", range: [0, 1000], direction: "maximize" }),
    collapsed: metric.boolean({ direction: "minimize" }),
  },
  primary: "yield",
  series: { years: z.object({ year: z.int(), stock: z.number().min(0), harvest: z.number().min(0) }) },
  trial: command({
    run: ["Rscript", "--vanilla", "fishery.R", configFlags],
    config: {
      set: { rule: parameter("rule"), rate: parameter("rate"), years: parameter("years"), seed: trialSeed },
    },
    metrics: { output: { yield: "^yield (.*)$", collapsed: "^collapsed (.*)$" } },
    series: { years: { csv: "years.csv" } },
  }),
  analyses: ({ compare, curve }) => [
    compare("yield", { across: "rule", baseline: "escapement" }),
    compare("collapsed", { across: "rule", baseline: "escapement" }),
    curve("years", { x: "year", y: "stock", across: "rule" }),
  ],
});
