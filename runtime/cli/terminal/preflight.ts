// Before a run that asks services: what it will take is said, it may pay, and keys, addresses and models are there. What is wrong is told before
// the first trial, not after a thousand.
import { UserError } from "../../diagnostic/user-error.ts";
import { type Checked, failed } from "../../doctor/check.ts";
import { checkPorts } from "../../doctor/ports.ts";
import { checkPrograms } from "../../doctor/programs.ts";
import type { LabelNeed } from "../../execute/engine/engine.ts";
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

/**
 * Throws UserError with the remedies of what is wrong on the machines of an engine, for what `prepared` leaves to run; where that is this
 * machine, also of programs that are not on it.
 */
export async function assertEngineReady(asked: AskedEngine, prepared: Prepared | null): Promise<void> {
  const needs = prepared === null ? [] : labelNeedsOf(prepared);
  assertNoneFailed(await engineChecks(asked, needs), asked.doctor);
  if (prepared === null || asked.engine.isHere !== true) return;
  assertNoneFailed(checkPrograms(prepared.surveys.filter(({ fresh }) => fresh > 0).map(({ job }) => job)));
}

/** What an engine says of itself and of what is to run. */
export async function engineChecks(
  { engine, setting }: AskedEngine,
  needs: readonly LabelNeed[],
): Promise<readonly Checked[]> {
  const checks = await engine.check(setting, needs);
  if (engine.hasLabels === true) return checks;
  return [
    ...checks,
    ...needs.map(({ experiment, at, labels }) =>
      failed(
        `machines for ${experiment}`,
        `${at}: it needs ${labels.join(", ")}, and machines of engine ${engine.name} have no labels`,
        "Engines threads, ssh and bullmq choose machines by their labels (docs/engines.md).",
      ),
    ),
  ];
}

/** The labels that experiments with something to run need. */
export function labelNeedsOf({ surveys, build, steering }: Prepared): readonly LabelNeed[] {
  const running = new Set(
    surveys
      .filter(({ fresh, index }) => fresh > 0 || steering.mostOf(index) !== null)
      .map(({ job }) => job.experiment),
  );
  return build.plan.experiments.flatMap(({ name, file, line, labels }) =>
    labels === undefined || !running.has(name) ? [] : [{ experiment: name, at: `${file}:${line}`, labels }],
  );
}

/** `doctor` is the command that looks again. */
function assertNoneFailed(checks: readonly Checked[], doctor = "lab doctor"): void {
  const wrong = checks.filter(({ status }) => status === "failed");
  if (wrong.length > 0)
    throw new UserError(
      `nothing was run: ${wrong.map(({ check, found }) => `${check}: ${found.replace(/\.$/, "")}`).join("; ")}.`,
      // A line each: some end in a command.
      {
        hint: [...new Set(wrong.map(({ remedy }) => remedy ?? "")), `To look again: ${doctor}`].join("\n  "),
      },
    );
}
