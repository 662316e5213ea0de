// `npx tsx experiments/pricing/scripted-firms.ts [command ...]`: a server whose firms follow a rule, for llm-pricing without a language model.
// With a command it runs that with LLM_URL set, and ends when it does; without one it stays on port 8089.
import { type FakeRequest, serveScripted } from "labwright/testing/fake-llm";

/** Half way from the cheapest rival to a mark-up over cost that falls with each rival; what it is told decides alone. */
export function scriptedFirm({ messages }: Pick<FakeRequest, "messages">): string {
  // A mended answer is the first one again: the question stands in the second message.
  const told = messages[1]?.content ?? "";
  const cost = Number(/cost of a unit is ([\d.]+)\. /.exec(told)?.[1] ?? 1);
  const last = told.slice(told.lastIndexOf("rivals' prices"));
  const rivals = /^rivals' prices ([\d., ]+);/.exec(last)?.[1]?.split(", ").map(Number) ?? [];
  const anchor = cost * (1.45 + 0.3 / Math.max(1, rivals.length));
  const price = rivals.length === 0 ? anchor : (anchor + Math.min(...rivals)) / 2;
  return JSON.stringify({
    reasoning: "half way between the cheapest rival and a mark-up",
    notes: `rivals asked ${rivals.join(", ") || "nothing yet"}`,
    price: Number(price.toFixed(4)),
  });
}

if (import.meta.url === `file://${process.argv[1]}`)
  await serveScripted({ answer: scriptedFirm, models: ["scripted"], command: process.argv.slice(2) });
