// `lab retry [arm|trial]`: runs failed trials of a run under way again.
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { steer } from "../live-run.ts";
import { text } from "../options.ts";

export const handle: CommandHandler = async ([what], options) => {
  const isArm = what?.includes("=") === true;
  await steer(options, {
    reference: text(options, "run"),
    asked: {
      do: "retry",
      experiment: text(options, "experiment"),
      arm: isArm ? what : null,
      trial: isArm ? null : (what ?? null),
      cause: text(options, "cause"),
    },
    words: (_, answer) => {
      // As run-control.ts answers.
      const { trials } = (answer as { readonly act: { readonly trials: number } }).act;
      return `${trials} failed ${trials === 1 ? "trial runs" : "trials run"} again`;
    },
  });
  return exitCode.done;
};
