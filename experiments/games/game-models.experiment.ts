// Games x models x personas as one sweep, each combination an arm. By default a scripted server answers (scripted-players.ts): then the report says so
// and holds nothing about language models. LLM_URL and LLM_KEY point it at a real endpoint.
import { chat, defineExperiment, env, metric, replicate, sweep } from "labwright";
import { llmAgent } from "labwright/agents/llm-agent";
import { z } from "zod";
import { modelGames } from "./model-games.ts";
import { whoAnswered } from "./who-answered.ts";

/** The first player's; the second has none. */
const personas = {
  none: "",
  happy: "You are in a happy mood: somebody has just been kind to you.",
  angry: "You are angry: somebody has just wronged you.",
};

export default defineExperiment({
  name: "game-models",
  question: "Does a persona change how often a chat model cooperates, and does that depend on the model?",
  parameters: {
    game: sweep([
      "Prisoners_Dilemma",
      "Stag_Hunt",
      "Battle_of_the_Sexes",
      "Escalation_Game",
      "Ultimatum_Game",
      "Centipede",
      "Trust_Game",
    ]),
    model: sweep(["scripted/kind", "scripted/hard"]),
    persona: sweep(["none", "happy", "angry"]),
    rounds: 10,
    memory: 10,
  },
  replicates: replicate(10, { seed: 1982 }),
  metrics: {
    cooperation: metric.number({ unit: "share of the first player's moves", range: [0, 1] }),
    points: metric.number({ unit: "points a round of the first player" }),
    otherPoints: metric.number({ unit: "points a round of the second player" }),
    fallbacks: metric.integer({ unit: "decisions without an answer" }),
    repairs: metric.integer({ unit: "answers asked for again" }),
    tokens: metric.integer({ unit: "tokens of all answers and questions" }),
    scripted: metric.number({ unit: "share of answers by a scripted server", range: [0, 1] }),
  },
  primary: "cooperation",
  series: {
    decisions: z.object({
      round: z.int(),
      agent: z.string(),
      action: z.string(),
      reasoning: z.string(),
      repairs: z.int(),
      fallback: z.string(),
      promptTokens: z.int(),
      completionTokens: z.int(),
      responseMs: z.number(),
      answeredAt: z.string(),
      model: z.string(),
      finishReason: z.string(),
    }),
  },
  effects: {
    ask: chat({
      endpoint: env("LLM_URL", "http://127.0.0.1:8089/v1"),
      keyFrom: "LLM_KEY",
      model: (p) => p.model,
      requestsPerMinute: 30_000,
    }),
  },
  async trial({ parameters: { game, persona, rounds, memory }, random, effects, record }) {
    const { rules, isCooperative, play } = modelGames[game];
    const count = { decisions: 0, fallbacks: 0, repairs: 0, scripted: 0, tokens: 0, own: 0, cooperative: 0 };
    const [points, otherPoints] = await play(
      (seat, { actions, told }) =>
        llmAgent({
          name: seat === 0 ? "first" : "second",
          system: [
            `You play a game for points. You are the ${seat === 0 ? "first" : "second"} player.`,
            seat === 0 ? personas[persona] : "",
            "Answer with JSON alone.",
          ]
            .filter((part) => part !== "")
            .join(" "),
          ask: effects.ask,
          prompt: (seen, { notes, history, legal }) =>
            [
              `Game: ${game}. ${rules}`,
              `Your notes: ${notes || "none"}`,
              `Earlier moves of yours: ${history.map(({ action }) => action).join(", ") || "none"}`,
              told(seen),
              `Choose your move from: ${(legal ?? actions).join(" | ")}`,
            ].join("\n\n"),
          answer: ({ legal }) =>
            z.object({
              reasoning: z.string(),
              notes: z.string(),
              action: z.enum((legal ?? actions).map(String)),
            }),
          decide: ({ action }) => action,
          actions,
          memory,
          repairs: 2,
          fallback: "random legal",
          onDecision(decision) {
            const { round, agent, action, fallback, repairs, model, promptTokens, completionTokens } =
              decision;
            count.decisions += 1;
            count.repairs += repairs;
            count.tokens += promptTokens + completionTokens;
            if (fallback !== null) count.fallbacks += 1;
            if (model?.endsWith("-scripted") === true) count.scripted += 1;
            if (seat === 0) count.own += 1;
            if (seat === 0 && isCooperative(seat, action)) count.cooperative += 1;
            record("decisions", {
              round,
              agent,
              action,
              reasoning: decision.reasoning ?? "",
              repairs,
              fallback: fallback ?? "",
              promptTokens,
              completionTokens,
              responseMs: decision.latencyMs,
              answeredAt: decision.answeredAt ?? "",
              model: model ?? "",
              finishReason: decision.finishReason ?? "",
            });
          },
        }),
      { random, rounds },
    );
    const { fallbacks, repairs, tokens } = count;
    return {
      cooperation: count.cooperative / count.own,
      points,
      otherPoints,
      fallbacks,
      repairs,
      tokens,
      scripted: count.scripted / count.decisions,
    };
  },
  analyses: ({ compare, interaction, custom }) => [
    custom("who answered", whoAnswered),
    compare("cooperation", { across: "model", baseline: "scripted/kind" }),
    compare("cooperation", { across: "persona", baseline: "none" }),
    compare("points", { across: "persona", baseline: "none", by: ["game"] }),
    interaction(["model", "persona"]),
  ],
});
