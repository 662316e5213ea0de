// Three input representations by seven seeds of a training script in Python: 21 runs of a program that knows nothing of labwright.
import {
  checkpointFolder,
  command,
  configFile,
  defineExperiment,
  metric,
  parameter,
  replicate,
  sweep,
  trialSeed,
} from "labwright";
import { z } from "zod";

export default defineExperiment({
  name: "input-types",
  question: "Which representation of the pile learns Nim best in 20 rounds?",
  parameters: { networkType: sweep(["boolean", "embedding", "multi_encoder"]), rounds: 20 },
  replicates: replicate(7, { seed: 42 }),
  metrics: {
    winRate: metric.number({ unit: "share of games", range: [0, 1], direction: "maximize" }),
    episodes: metric.integer(),
  },
  primary: "winRate",
  series: { rounds: z.object({ round: z.int(), winRate: z.number().min(0).max(1) }) },
  trial: command({
    run: ["python3", "train.py", "--config", configFile, "--checkpoint", checkpointFolder],
    config: {
      base: "hyperparams_config.json",
      set: {
        network_type: parameter("networkType"),
        "training.rounds": parameter("rounds"),
        random_seed: trialSeed,
      },
    },
    metrics: { json: "metrics.json", names: { winRate: "win_rate" } },
    series: { rounds: { jsonLines: "rounds.jsonl" } },
    artifacts: ["models/*.json", "action_logs/*.jsonl"],
  }),
  analyses: ({ compare, curve }) => [
    compare("winRate", { across: "networkType" }),
    curve("rounds", { x: "round", y: "winRate", across: "networkType" }),
  ],
});
