// `npx tsx experiments/games/scripted-players.ts [command ...]`: a server whose players follow a rule, for game-models without a language model.
import { createHash } from "node:crypto";
import { type FakeRequest, serveScripted } from "labwright/testing/fake-llm";
import { type ModelGame, modelGames } from "./model-games.ts";

/** How likely a cooperative move is, by model; a mood adds to it. */
const kindness: Readonly<Record<string, number>> = { "scripted/kind": 0.7, "scripted/hard": 0.3 };

/** Cooperates with a probability; the draw is a function of the request. */
export function scriptedPlayer({ key, model, messages }: FakeRequest): string {
  // A mended answer is the first one again: the question stands in the second message.
  const [system = "", told = ""] = messages.map(({ content }) => content);
  const game = /^Game: (\w+)\./.exec(told)?.[1] ?? "";
  const moves = (/Choose your move from: (.*)$/.exec(told)?.[1] ?? "").split(" | ");
  const mood = system.includes("happy") ? 0.2 : system.includes("angry") ? -0.2 : 0;
  const share = (kindness[model] ?? 0.5) + mood;
  const games: Readonly<Record<string, ModelGame>> = modelGames;
  const seat = system.includes("the first player") ? 0 : 1;
  const draws = createHash("sha256")
    .update(key.replace(/\/repair-\d+$/, ""))
    .digest();
  const isKind = draws.readUInt32LE(0) / 2 ** 32 < share;
  const wanted = moves.filter((move) => games[game]?.isCooperative(seat, move) === isKind);
  const choice = wanted.length > 0 ? wanted : moves;
  const action = choice[draws.readUInt32LE(4) % choice.length] ?? "";
  return JSON.stringify({ reasoning: isKind ? "be kind" : "be hard", notes: `played ${action}`, action });
}

if (import.meta.url === `file://${process.argv[1]}`)
  await serveScripted({
    answer: scriptedPlayer,
    models: Object.keys(kindness),
    command: process.argv.slice(2),
  });
