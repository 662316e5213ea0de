// What a run will ask of services, in lines for the terminal, and the question whether it may pay for it.
import { UserError } from "../../diagnostic/user-error.ts";
import type { RunBudget } from "../../run/budget.ts";
import type { Range } from "../../run/estimate.ts";
import { type AskedPort, type UsageEstimate, usageEstimateOf } from "../../run/payment.ts";
import type { Prepared } from "../../run/prepare.ts";
import { confirmed } from "./confirm.ts";
import { say } from "./say.ts";
import { countWords, plural } from "./words.ts";

/** Of each experiment that asks services and has trials left. */
export async function usageEstimates(
  { surveys }: Prepared,
  asked: readonly AskedPort[],
): Promise<readonly UsageEstimate[]> {
  const names = new Set(asked.map(({ experiment }) => experiment));
  return Promise.all(
    surveys
      .filter(({ job, fresh }) => job.stage === "trial" && fresh > 0 && names.has(job.experiment))
      .map(usageEstimateOf),
  );
}

/** "persuasion asks small-model at https://...: 200 to 260 calls, 1.2M to 1.5M tokens, 3.10 to 4.00 USD (from 12 measured trials)". */
export function paymentLines(
  asked: readonly AskedPort[],
  estimates: readonly UsageEstimate[],
): readonly string[] {
  const ports = asked.map(({ experiment, name, port, endpoint, cost, unpriced }) => {
    const models = port.models === null ? "" : ` (${port.models.join(", ")})`;
    const price =
      cost === "paid"
        ? ""
        : cost === "free"
          ? ", free"
          : `, price unknown${unpriced.length > 0 ? ` of ${unpriced.join(", ")}` : ""}`;
    return `${experiment} asks ${name}${models} at ${endpoint ?? "an address that the environment does not give"}${price}`;
  });
  const takes = estimates.map(({ experiment, measured, calls, tokens, costUsd }) => {
    if (calls === undefined)
      return `${experiment}: what it will take is unknown; a pilot says: lab run ${experiment} --limit 3`;
    const parts = [
      `${rangeWords(calls)} calls`,
      ...(tokens === undefined ? [] : [`${rangeWords(tokens)} tokens`]),
      ...(costUsd === undefined || costUsd.high === 0
        ? []
        : [`${dollars(costUsd.low)} to ${dollars(costUsd.high)} USD`]),
    ];
    return `${experiment}: ${parts.join(", ")} (from ${plural(measured, "measured trial")})`;
  });
  return [...ports, ...takes];
}

function rangeWords({ low, high }: Range): string {
  return `${countWords(Math.floor(low))} to ${countWords(Math.ceil(high))}`;
}

function dollars(amount: number): string {
  return amount >= 1 ? amount.toFixed(2) : amount.toPrecision(2);
}

/**
 * Throws UserError unless the run may pay: `--budget` says how much, budgets in US dollars of all its ports do, a yes on the terminal or `--yes` does;
 * where nobody looks on (CI), only a budget does.
 */
export async function assertMayPay(
  prepared: Prepared,
  of: {
    readonly asked: readonly AskedPort[];
    readonly budget: RunBudget;
    readonly yes: boolean;
    readonly quiet: boolean;
  },
): Promise<void> {
  const lines = paymentLines(of.asked, await usageEstimates(prepared, of.asked));
  if (!of.quiet) for (const line of lines) say(process.stderr, line);
  const paid = of.asked.filter(({ cost }) => cost !== "free");
  const isBounded =
    of.budget.usd !== undefined || paid.every(({ port }) => port.settings.budget?.usd !== undefined);
  if (of.budget.usd !== undefined || paid.some(({ port }) => port.settings.budget?.usd !== undefined))
    assertPriced(paid, of.budget);
  if (paid.length === 0 || isBounded) return;
  const hint = "Give --budget usd=5, or a port in the definition a budget: usd(5).";
  const isCi = !["", "0", "false"].includes(process.env.CI ?? "");
  if (isCi || (!process.stdin.isTTY && !of.yes))
    throw new UserError(`nothing was run: it costs money, and nothing says how much it may.`, {
      hint: isCi ? hint : `${hint} --yes goes on without a limit.`,
    });
  if (of.yes || (await confirmed("It costs money. Run?"))) return;
  throw new UserError("nothing was run", { hint });
}

/** A budget in US dollars needs the price of every model. */
function assertPriced(paid: readonly AskedPort[], budget: RunBudget): void {
  for (const { port, unpriced } of paid) {
    const holds = budget.usd !== undefined || port.settings.budget?.usd !== undefined;
    if (!holds || unpriced.length === 0) continue;
    throw new UserError(`a budget in usd holds, and no price is known of ${unpriced.join(", ")}.`, {
      hint: 'Add it to prices.json of the project: { "date": "2026-01-31", "models": { "name": { "prompt": 0.15, "completion": 0.6 } } }, or give the port a price.',
    });
  }
}
