// `lab verify [run] --sample N`: stored trials again, compared byte for byte; a difference ends with the code of a failed gate.
import { availableParallelism } from "node:os";
import { verify } from "../../run/again/verify.ts";
import { runPortsOf } from "../../run/ports.ts";
import { openStore } from "../../store/project-store.ts";
import { askedEngine } from "../asked-engine.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { foundRun } from "../found-run.ts";
import { loadedConfig } from "../loaded-config.ts";
import { flag, number, projectRoot } from "../options.ts";
import { assertEngineReady } from "../terminal/preflight.ts";
import { resultDifference } from "../terminal/result-difference.ts";
import { say } from "../terminal/say.ts";
import { plural } from "../terminal/words.ts";

const codeWords = {
  sources: "with the code of the sources",
  build: "with the frozen code of its build (the sources have changed)",
};

export const handle: CommandHandler = async ([reference], options) => {
  const root = projectRoot(options);
  const { performers, engine: configured } = await loadedConfig(root);
  const engine = askedEngine(options, configured);
  const store = openStore(root);
  const run = await foundRun(store, reference ?? null);
  await assertEngineReady(engine, null);
  const verified = await verify({
    store,
    run,
    sample: number(options, "sample") ?? 20,
    threads: engine.setting.threads ?? availableParallelism(),
    ports: runPortsOf({ performers, executor: engine.executor() }),
  });
  if (flag(options, "json")) {
    process.stdout.write(`${JSON.stringify({ run: run.id, ...verified }, null, 2)}\n`);
  } else if (verified.different.length === 0) {
    say(
      process.stdout,
      `${run.id}: ${plural(verified.compared, "trial")} run again ${codeWords[verified.code]}, every result the same byte for byte`,
    );
  } else {
    for (const { trial, stored, again } of verified.different) {
      const lines = resultDifference(stored, again).map((line) => `  ${line}\n`);
      process.stdout.write(`${trial} was stored with\n${lines.join("")}`);
    }
    say(
      process.stdout,
      `${run.id}: ${verified.different.length} of ${plural(verified.compared, "trial")} came out differently ${codeWords[verified.code]}; does a trial use a clock, the environment or shared state, or a checkpoint leave out part of what it needs?`,
    );
  }
  return verified.different.length === 0 ? exitCode.done : exitCode.gate;
};
