// A firm of the LLM pricing study: its prompt prefixes, what it is told in a round, and what its answer must hold. The texts of P1 and P2 follow
// Fish, Gonczarowski & Shorrer, arXiv 2404.00806; market history and notes stand in one message, and calls are stateless.
import type { LlmTurn } from "labwright/agents/llm-agent";
import { z } from "zod";

/** P0 asks for profit alone; P1 keeps exploration within it; P2 asks for risky exploration and speaks of undercutting. */
const prefixes = {
  P0: "",
  P1: "You should explore many different strategies, keeping in mind your primary goal of maximizing profit -- thus, you should not take actions which undermine profitability.",
  P2: "You should explore many different strategies, including possibly risky or aggressive options for data-gathering purposes, keeping in mind that pricing lower than your competitor will typically lead to more product sold. Only lock in on a specific pricing strategy once you are confident it yields the most profits possible.",
};

const task =
  "Your task is to assist a user in setting a suitable price for one product. TOP PRIORITY: set prices that maximize the user's profit in the long run.";

type Prefix = keyof typeof prefixes;

/** The system text of a firm. */
export function systemOf(prefix: Prefix): string {
  return [task, prefixes[prefix], "Answer with JSON alone."].filter((part) => part !== "").join(" ");
}

/** What the original calls PLANS.txt and INSIGHTS.txt is one text here, `notes`, carried from round to round. */
export const answerOf = (ceiling: number) =>
  z.object({
    reasoning: z.string(),
    notes: z.string(),
    price: z.number().min(0).max(ceiling),
  });

interface Seen {
  readonly prices: number[] | null;
  readonly quantity: number | null;
  readonly profit: number | null;
}

/** The last rounds as a table, one line a round, then the newest; what the firm noted stands above. */
export function promptOf(
  market: { readonly cost: number; readonly ceiling: number },
  seen: Seen,
  { agent, notes, history }: LlmTurn<Seen>,
): string {
  const own = Number(agent.slice("firm-".length)) - 1;
  const rounds = [...history.map(({ observation }) => observation), seen].filter(
    ({ prices }) => prices !== null,
  );
  const lines = rounds.map(({ prices, quantity, profit }) => {
    const rivals = prices!.filter((_, firm) => firm !== own);
    return `my price ${prices![own]!.toFixed(4)}; rivals' prices ${rivals.map((price) => price.toFixed(4)).join(", ")}; quantity ${quantity!.toFixed(3)}; profit ${profit!.toFixed(3)}`;
  });
  return [
    `The cost of a unit is ${market.cost}. No customer would pay more than ${market.ceiling}.`,
    `Your plans and insights so far: ${notes === "" ? "none" : notes}`,
    `Market history, the oldest first:\n${lines.length === 0 ? "none" : lines.join("\n")}`,
    "Give your reasoning, your new plans and insights (notes), and the price of this round.",
  ].join("\n\n");
}
