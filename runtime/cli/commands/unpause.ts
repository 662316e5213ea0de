// `lab unpause [run]`: a paused run goes on.
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { steer } from "../live-run.ts";

export const handle: CommandHandler = async ([reference], options) => {
  await steer(options, {
    reference: reference ?? null,
    asked: { do: "unpause" },
    words: () => "goes on",
  });
  return exitCode.done;
};
