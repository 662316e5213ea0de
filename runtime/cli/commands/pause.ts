// `lab pause [run]`: what runs ends and is kept, nothing more starts until `lab unpause`.
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { steer } from "../live-run.ts";

export const handle: CommandHandler = async ([reference], options) => {
  await steer(options, {
    reference: reference ?? null,
    asked: { do: "pause" },
    words: ({ id }) => `pausing: what runs ends, nothing more starts; go on with lab unpause ${id}`,
  });
  return exitCode.done;
};
