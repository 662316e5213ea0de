// Which engine a command runs its trials on: as typed, else that of lab.config.ts, else the threads of this machine.
import { UserError } from "../diagnostic/user-error.ts";
import type { Engine, EngineSetting } from "../execute/engine/engine.ts";
import { threads } from "../execute/engine/threads.ts";
import type { Executor } from "../execute/protocol/executor.ts";
import { ssh } from "../execute/ssh/ssh.ts";
import type { OptionValues } from "./command.ts";
import { number, text } from "./options.ts";
import type { EngineName } from "./shared-options.ts";

/** An engine and what was said of it: what preflight looks at, and where trials run. */
export interface AskedEngine {
  readonly engine: Engine;
  readonly setting: EngineSetting;
  executor(): Executor;
}

/** Throws UserError for options of another engine, and for an engine without what it needs. */
export function askedEngine(options: OptionValues, configured: Engine | null): AskedEngine {
  const engine = chosen(options, configured);
  const [problem] = engine.problems;
  if (problem !== undefined)
    throw new UserError(`engine ${engine.name}: ${problem.found}`, { hint: `Expected ${problem.expected}.` });
  const setting = { threads: number(options, "jobs") };
  return { engine, setting, executor: () => engine.executor(setting) };
}

function chosen(options: OptionValues, configured: Engine | null): Engine {
  const hosts = text(options, "hosts");
  const typed = text(options, "engine") ?? (hosts === null ? null : "ssh");
  const name = typed ?? configured?.name ?? "threads";
  if (hosts !== null && name !== "ssh")
    throw new UserError(`--hosts says nothing to engine ${name}`, { hint: "Give --engine ssh with it." });
  if (hosts !== null) return ssh({ hosts: hosts.split(",") });
  if (configured?.name === name) return configured;
  return madeBy[name as EngineName](); // One of the choices, or the engine of lab.config.ts, which is dealt with above.
}

const madeBy: Readonly<Record<EngineName, () => Engine>> = {
  threads,
  ssh() {
    throw new UserError("engine ssh has no machines", {
      hint: "Name them: --hosts big-box:8,user@other, or engine: ssh({ hosts: [...] }) in lab.config.ts.",
    });
  },
};
