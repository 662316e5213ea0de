// The authors' own sessions, one a level of `session`, from their own random stream: equal to the last price.
// Calvano, Calzolari, Denicolo, Pastorello, AER 110(10), 2020: baseline cell of Table 1.
import { defineExperiment, metric, sweep } from "labwright";
import { nextUniform, ran2Stream } from "labwright/agents/uniform-stream";
import { logitMarket, profitsOf } from "labwright/environments/pricing";
import { z } from "zod";
import { besidePublished } from "./beside-published.ts";
import { besideSessions } from "./beside-sessions.ts";
import published from "./published.json" with { type: "json" };
import reference from "./reference/calvano-baseline-sessions.json" with { type: "json" };
import { benchmarksOf, gameOf, playSession } from "./session.ts";

export default defineExperiment({
  name: "calvano-baseline",
  question: "Do two Q-learning algorithms learn to collude, session by session as published?",
  parameters: {
    session: sweep.range(1, 101),
    firms: 2,
    prices: 15,
    memory: 1,
    learningRate: 0.15,
    discount: 0.95,
    // Per period: the authors state 0.1 for an episode of 25,000.
    explorationDecay: 0.1 / 25_000,
  },
  metrics: {
    profitGain: metric.number({
      unit: "share of the gap to monopoly",
      range: [-10, 10],
      direction: "maximize",
      description: "Delta of the paper: average profit on the limit cycle, 0 at Nash and 1 at joint profit",
    }),
    episodes: metric.number({
      unit: "episodes of 25,000 periods",
      range: [0, 40_000],
      description: "Time to convergence: until the last change of strategy, not rounded",
    }),
    cycleLength: metric.integer({
      unit: "periods",
      range: [1, 1_000_000],
      description: "Length of the limit cycle",
    }),
  },
  primary: "profitGain",
  series: {
    cycle: z.object({
      firm: z.int().min(1),
      position: z.int().min(1),
      priceIndex: z.int().min(1),
      profit: z.number(),
    }),
  },
  stages: ({ stage }) => ({
    // The authors' inputs were their solutions to five decimals; full precision changes every trajectory.
    benchmarks: stage({
      per: "condition",
      uses: ["firms"],
      run: ({ parameters }) => benchmarksOf(logitMarket({ firms: parameters.firms }), 5),
    }),
  }),
  async trial({ parameters, inputs, record, checkpoint, restore, signal }) {
    const { session, firms, prices, memory } = parameters;
    const market = logitMarket({ firms });
    const { benchmarks } = inputs;
    // First prices of all sessions come from one stream: session by session, firm by firm.
    const first = ran2Stream({ seed: 1, skip: firms * memory * (session - 1) });
    const streams = {
      exploration: ran2Stream({ seed: session }),
      ties: ran2Stream({ seed: session }),
      initialActions: Array.from({ length: firms * memory }, () => Math.floor(prices * nextUniform(first))),
    };
    const played = await playSession(
      { market, benchmarks, rules: parameters, streams },
      { checkpoint, restore, signal },
    );
    const { grids } = gameOf(market, benchmarks, parameters);
    played.cycle.forEach(({ actions }, at) => {
      const profits = profitsOf(
        market,
        actions.map((action, firm) => grids[firm]![action]!),
      );
      actions.forEach((action, firm) => {
        record("cycle", { firm: firm + 1, position: at + 1, priceIndex: action + 1, profit: profits[firm]! });
      });
    });
    return {
      profitGain: played.profitGain,
      episodes: (played.periods - 100_000) / 25_000,
      cycleLength: played.cycle.length,
    };
  },
  analyses: ({ custom }) => [
    custom("sessions beside the authors' own", (rows) => besideSessions(rows, reference.sessions)),
    custom("profit gain beside Table 1", (rows) =>
      besidePublished(rows, {
        metric: "profitGain",
        published: [{ where: {}, value: published.baseline.profitGain.mean }],
      }),
    ),
    custom("time to convergence beside the authors' files", (rows) =>
      besidePublished(rows, {
        metric: "episodes",
        published: [{ where: {}, value: published.baseline.episodes.mean }],
      }),
    ),
  ],
});
