// Before a run that asks services: what it will take is said, it may pay, and keys, addresses and models are there. What is wrong is told before
// the first trial, not after a thousand.
import { UserError } from "../../diagnostic/user-error.ts";
import type { Checked } from "../../doctor/check.ts";
import { checkPorts } from "../../doctor/ports.ts";
import type { RunBudget } from "../../run/budget.ts";
import type { AskedPort } from "../../run/payment.ts";
import type { Prepared } from "../../run/prepare.ts";
import type { AskedEngine } from "../asked-engine.ts";
import { assertMayPay } from "./payment-words.ts";

/** Throws UserError with the remedies of what is wrong. */
export async function assertReady(
  prepared: Prepared,
  of: {
    readonly asked: readonly AskedPort[];
    readonly budget: RunBudget;
    readonly yes: boolean;
    readonly quiet: boolean;
  },
): Promise<void> {
  if (of.asked.length === 0) return;
  await assertMayPay(prepared, of);
  assertNoneFailed(await checkPorts(of.asked));
}

/** Throws UserError with the remedies of what is wrong on the machines of an engine. */
export async function assertEngineReady({ engine, setting }: AskedEngine): Promise<void> {
  assertNoneFailed(await engine.check(setting));
}

function assertNoneFailed(checks: readonly Checked[]): void {
  const wrong = checks.filter(({ status }) => status === "failed");
  if (wrong.length > 0)
    throw new UserError(
      `nothing was run: ${wrong.map(({ check, found }) => `${check}: ${found}`).join("; ")}.`,
      { hint: `${[...new Set(wrong.map(({ remedy }) => remedy ?? ""))].join(" ")} lab doctor looks again.` },
    );
}
