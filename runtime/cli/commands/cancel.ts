// `lab cancel <arm|trial>`: leaves out what has not ended, and keeps who decided that and when.
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { steer } from "../live-run.ts";
import { text } from "../options.ts";

export const handle: CommandHandler = async ([what = ""], options) => {
  const isArm = what.includes("=");
  await steer(options, {
    reference: text(options, "run"),
    asked: {
      do: "cancel",
      experiment: text(options, "experiment"),
      arm: isArm ? what : null,
      trial: isArm ? null : what,
    },
    words: (_, answer) => `cancelled: ${leftWords(answer)}; lab run --cancelled runs it after all`,
  });
  return exitCode.done;
};

function leftWords(answer: unknown): string {
  // As run-control.ts answers.
  const { act } = answer as { readonly act: { readonly trials: number; readonly replicates: number } };
  return `${act.trials} ${act.trials === 1 ? "trial" : "trials"} left out after ${act.replicates} replicates`;
}
