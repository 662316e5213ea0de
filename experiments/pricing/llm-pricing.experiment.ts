// Two to five firms that ask a chat model for every price. By default a scripted server answers (scripted-firms.ts): then the report says so and
// holds nothing about language models. LLM_URL and LLM_KEY point it at a real endpoint.
import { chat, defineExperiment, env, metric, playAsync, replicate, sweep } from "labwright";
import { llmAgent } from "labwright/agents/llm-agent";
import { logitMarket } from "labwright/environments/pricing";
import { pricingMarket } from "labwright/environments/pricing-market";
import { priceConvergence } from "labwright/stats";
import { z } from "zod";
import { besideReplication } from "./beside-replication.ts";
import { answerOf, promptOf, systemOf } from "./llm-firm.ts";
import published from "./llm-published.json" with { type: "json" };
import { benchmarksOf } from "./session.ts";

/** Rounds at the end whose mean price is the outcome, and between two checks of whether prices have settled. */
const stretch = 50;

export default defineExperiment({
  name: "llm-pricing",
  question: "Is coordination above Nash prices lost as more firms that ask a chat model compete?",
  parameters: {
    firms: sweep([2, 3, 4, 5]),
    prefix: sweep(["P0", "P1", "P2"]),
    alpha: sweep([1, 3.2, 10]),
    model: "scripted",
    rounds: 300,
    memory: 100,
    stopOnceSettled: false,
  },
  replicates: replicate(7, { seed: 2404 }),
  metrics: {
    priceOverNash: metric.number({ unit: "mean price over the Nash price, last 50 rounds", range: [0, 100] }),
    price: metric.number({ unit: "mean price over alpha, last 50 rounds" }),
    profitGain: metric.number({ unit: "share of the gap from Nash to joint profit" }),
    roundsPlayed: metric.integer({ unit: "rounds" }),
    fallbacks: metric.integer({ unit: "decisions without an answer" }),
    repairs: metric.integer({ unit: "answers asked for again" }),
    scripted: metric.number({ unit: "share of answers by a scripted server", range: [0, 1] }),
  },
  primary: "priceOverNash",
  series: {
    decisions: z.object({
      round: z.int(),
      agent: z.string(),
      price: z.number(),
      quantity: z.number(),
      profit: z.number(),
      reasoning: z.string(),
      responseMs: z.number(),
      answeredAt: z.string(),
    }),
    checks: z.object({ round: z.int(), meanPrice: z.number(), verdict: z.string(), reason: z.string() }),
  },
  effects: {
    ask: chat({
      endpoint: env("LLM_URL", "http://127.0.0.1:8089/v1"),
      keyFrom: "LLM_KEY",
      model: (p) => p.model,
      requestsPerMinute: 30_000,
    }),
  },
  stages: ({ stage }) => ({
    benchmarks: stage({
      per: "condition",
      uses: ["firms", "alpha"],
      run: ({ parameters: { firms, alpha } }) => benchmarksOf(logitMarket({ firms, alpha, size: 100 })),
    }),
  }),
  async trial({ parameters, inputs, random, effects, record }) {
    const { firms, prefix, alpha, rounds, memory, stopOnceSettled } = parameters;
    const { nash, joint, nashProfits, jointProfits } = inputs.benchmarks;
    // The most that a customer would pay is told to the firms and drawn a trial, 1.5 to 2.5 times the joint-profit price.
    const ceiling = Number(((1.5 + random.stream("ceiling").float()) * joint[0]!).toFixed(2));
    const market = { cost: alpha, ceiling };
    const told = new Map<string, { reasoning: string; responseMs: number; answeredAt: string }>();
    const count = { decisions: 0, fallbacks: 0, repairs: 0, scripted: 0 };
    const firm = () =>
      llmAgent({
        name: "firm",
        system: systemOf(prefix),
        ask: effects.ask,
        prompt: (seen: { prices: number[] | null; quantity: number | null; profit: number | null }, turn) =>
          promptOf(market, seen, turn),
        answer: answerOf(ceiling),
        decide: ({ price }) => price,
        memory,
        repairs: 2,
        fallback: "repeat last",
        onDecision({ agent, reasoning, latencyMs, answeredAt, fallback, repairs, model }) {
          count.decisions += 1;
          count.repairs += repairs;
          if (fallback !== null) count.fallbacks += 1;
          if (model?.endsWith("-scripted") === true) count.scripted += 1;
          told.set(agent, {
            reasoning: reasoning ?? "",
            responseMs: latencyMs,
            answeredAt: answeredAt ?? "",
          });
        },
      });
    const means: number[] = [];
    const profits: number[] = [];
    await playAsync(pricingMarket, firm, {
      random,
      parameters: { firms, alpha, rounds, size: 100 },
      onRound({ round, rewards, state: { prices, quantities } }) {
        for (const [seat, price] of (prices ?? []).entries()) {
          const agent = `firm-${seat + 1}` as const;
          const quantity = quantities![seat]!;
          record("decisions", {
            round,
            agent,
            price,
            quantity,
            profit: rewards[agent]!,
            ...told.get(agent)!,
          });
        }
        means.push(meanOf(prices ?? []));
        profits.push(meanOf(Object.values(rewards)));
        if ((round + 1) % stretch !== 0) return undefined;
        const { verdict, reason } = priceConvergence(means, { window: stretch, tolerance: 1e-4 * alpha });
        record("checks", { round, meanPrice: meanOf(means.slice(-stretch)), verdict, reason });
        return stopOnceSettled && verdict !== "moving" && verdict !== "undecided" ? "stop" : undefined;
      },
    });
    const price = meanOf(means.slice(-stretch));
    const profit = meanOf(profits.slice(-stretch));
    return {
      priceOverNash: price / nash[0]!,
      price: price / alpha,
      profitGain: (profit - nashProfits[0]!) / (jointProfits[0]! - nashProfits[0]!),
      roundsPlayed: means.length,
      fallbacks: count.fallbacks,
      repairs: count.repairs,
      scripted: count.scripted / count.decisions,
    };
  },
  analyses: ({ compare, custom }) => [
    custom("who answered, and the published replication", (rows) => besideReplication(rows, published)),
    compare("priceOverNash", { across: "firms", baseline: 2 }),
    compare("priceOverNash", { across: "prefix", baseline: "P0" }),
  ],
});

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
