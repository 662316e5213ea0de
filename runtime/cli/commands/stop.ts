// `lab stop [run]`: what runs ends and is kept, then the run ends; `--now` cuts off what runs.
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { steer } from "../live-run.ts";
import { flag } from "../options.ts";

export const handle: CommandHandler = async ([reference], options) => {
  const now = flag(options, "now");
  await steer(options, {
    reference: reference ?? null,
    asked: { do: now ? "stop" : "drain" },
    words: ({ provenance }) =>
      `${now ? "stopping at once" : "finishing what runs"}; go on later with: ${provenance.command}`,
  });
  return exitCode.done;
};
