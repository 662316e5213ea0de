// Three networks that see a card game through different input representations, seven training runs each: the design and the
// analysis of the study's own document. The runs are synthetic (synthetic-run.ts) until the real training replaces them.
import { defineExperiment, metric, replicate, sweep } from "labwright";
import { z } from "zod";
import { networkTypes, syntheticRun } from "./synthetic-run.ts";

export default defineExperiment({
  name: "input-representation",
  question: "Does the way that a network sees the cards change how often it wins?",
  description:
    "SYNTHETIC: the learning curves are drawn from a formula with invented plateaus; no network was trained.",
  parameters: {
    networkType: sweep(networkTypes),
    rounds: 20,
    episodesPerRound: 250,
    validationShare: 0.5,
  },
  replicates: replicate(7, { seed: 42 }),
  metrics: {
    winRate: metric.number({
      unit: "share of validation games",
      range: [0, 1],
      direction: "maximize",
      description: "Win rate after the last round of training (synthetic)",
    }),
  },
  primary: "winRate",
  series: { training: z.object({ round: z.int(), winRate: z.number() }) },
  trial({ parameters, random, record }) {
    const { networkType, rounds, episodesPerRound, validationShare } = parameters;
    const games = Math.round(episodesPerRound * validationShare);
    const winRates = syntheticRun({ networkType, rounds, games }, random);
    winRates.forEach((winRate, index) => {
      record("training", { round: index + 1, winRate });
    });
    return { winRate: winRates[rounds - 1]! };
  },
  analyses: ({ compare, curve }) => [
    compare("winRate", { across: "networkType", tests: "classical" }),
    curve("training", { x: "round", y: "winRate", across: "networkType", band: "standard-deviation" }),
  ],
});
