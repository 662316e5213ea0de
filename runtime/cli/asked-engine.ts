// Which engine a command runs its trials on: as typed, else that of lab.config.ts, else the threads of this machine.
import { shellLine } from "../diagnostic/shell-line.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { bullmq } from "../execute/bullmq/bullmq.ts";
import {
  addressProblems,
  defaultPool,
  type RedisAddress,
  redisVariables,
  typedSecret,
} from "../execute/bullmq/redis-address.ts";
import type { Engine, EngineSetting } from "../execute/engine/engine.ts";
import { threads } from "../execute/engine/threads.ts";
import type { Executor } from "../execute/protocol/executor.ts";
import { type Labels, labelTexts } from "../execute/protocol/labels.ts";
import { slurm } from "../execute/slurm/slurm.ts";
import type { SlurmOptions } from "../execute/slurm/slurm-options.ts";
import { ssh } from "../execute/ssh/ssh.ts";
import type { OptionValues } from "./command.ts";
import { number, text } from "./options.ts";
import type { EngineName } from "./shared-options.ts";

/** An engine and what was said of it: what preflight looks at, and where trials run. */
export interface AskedEngine {
  readonly engine: Engine;
  readonly setting: EngineSetting;
  /** The command that looks at this engine again. */
  readonly doctor: string;
  /** Worker threads that a run of so many trials would have on it; null where only its machines know. */
  threads(trials: number): Promise<number | null>;
  executor(): Executor;
}

/** Throws UserError for options of another engine, and for an engine without what it needs. */
export function askedEngine(options: OptionValues, configured: Engine | null): AskedEngine {
  const engine = chosen(options, configured);
  const [problem] = engine.problems;
  if (problem !== undefined)
    throw new UserError(`engine ${engine.name}: ${problem.found}`, { hint: `Expected ${problem.expected}.` });
  const setting = { threads: number(options, "jobs") };
  return {
    engine,
    setting,
    doctor: doctorCommand(options),
    threads: (trials) => engine.threads(setting, trials),
    executor: () => engine.executor(setting),
  };
}

/** With all that was typed of the engine. */
function doctorCommand(options: OptionValues): string {
  const labels = options.labels as Labels | undefined; // As option-values.ts has parsed them.
  const typed = [
    ...["project", "jobs", "engine", "hosts", "redis", "pool"],
    ...["account", "partition", "time", "mem", "arrayChunk", "elements"],
  ].flatMap((name) => {
    const value = options[name];
    return typeof value === "string" || typeof value === "number"
      ? [`--${name.replace("arrayChunk", "array-chunk")}`, `${value}`]
      : [];
  });
  const labelled = labels === undefined ? [] : ["--labels", labelTexts(labels).join(",")];
  return shellLine(["lab", "doctor", ...typed, ...labelled]);
}

function chosen(options: OptionValues, configured: Engine | null): Engine {
  const hosts = text(options, "hosts");
  const redis = typedRedis(options);
  const labels = options.labels as Labels | undefined; // As option-values.ts has parsed them.
  const array = typedArray(options);
  const told = [
    hosts === null ? null : "ssh",
    redis?.isTyped === true ? "bullmq" : null,
    array === null ? null : "slurm",
  ].find((each) => each !== null);
  const name = text(options, "engine") ?? told ?? configured?.name ?? "threads";
  if (hosts !== null && name !== "ssh")
    throw new UserError(`--hosts says nothing to engine ${name}`, { hint: "Give --engine ssh with it." });
  if (labels !== undefined && name !== "threads")
    throw new UserError(`--labels says what this machine has, and engine ${name} runs on others`, {
      hint: "Machines of ssh have theirs in lab.config.ts, workers of bullmq from lab worker --labels.",
    });
  if (labels !== undefined) return threads({ labels: labelTexts(labels) });
  if (name === "bullmq" && redis?.isTyped === true) return bullmq({ redis: redis.redis, pool: redis.pool });
  if (array !== null && name !== "slurm")
    throw new UserError(`--${array.typed[0]} says nothing to engine ${name}`, {
      hint: "Give --engine slurm with it.",
    });
  if (hosts !== null) return typedOver(configured, ssh, { hosts: hosts.split(",") });
  if (array !== null) return typedOver(configured, slurm, array.options);
  if (configured?.name === name) return configured;
  if (name === "bullmq" && redis !== null) return bullmq({ redis: redis.redis, pool: redis.pool });
  return madeBy[name as EngineName](); // One of the choices, or the engine of lab.config.ts, which is dealt with above.
}

/** What is typed stands in place of what lab.config.ts says of the same; the rest of that stands. */
function typedOver<Options extends object>(
  configured: Engine | null,
  make: (options: Options) => Engine,
  typed: Options,
): Engine {
  const engine = make(typed);
  return configured?.name === engine.name ? (configured.with?.(typed) ?? engine) : engine;
}

const madeBy: Readonly<Record<EngineName, () => Engine>> = {
  threads: () => threads(),
  ssh() {
    throw new UserError("engine ssh has no machines", {
      hint: "Name them: --hosts big-box:8,user@other, or engine: ssh({ hosts: [...] }) in lab.config.ts.",
    });
  },
  bullmq() {
    throw new UserError("engine bullmq has no Redis", {
      hint: "Name it: --redis redis://host:6379, LAB_REDIS in the environment or .env, or engine: bullmq({ redis: ... }) in lab.config.ts.",
    });
  },
  slurm,
};

/** What was typed of an array; null where nothing was. */
function typedArray(
  options: OptionValues,
): { readonly options: SlurmOptions; readonly typed: readonly string[] } | null {
  const texts = ["account", "partition", "time", "mem"].flatMap((name) => {
    const value = text(options, name);
    return value === null ? [] : [[name, value] as const];
  });
  const numbers = ["arrayChunk", "elements"].flatMap((name) => {
    const value = number(options, name);
    return value === null ? [] : [[name, value] as const];
  });
  const all = [...texts, ...numbers];
  if (all.length === 0) return null;
  const typed = all.map(([name]) => name.replace("arrayChunk", "array-chunk"));
  return { options: Object.fromEntries(all), typed };
}

/**
 * The server of a farm: as typed, else LAB_REDIS of the environment or of `.env`, which alone chooses no engine. Throws UserError for an address that
 * was typed with its password.
 */
function typedRedis(
  options: OptionValues,
): { readonly redis: string; readonly pool: string; readonly isTyped: boolean } | null {
  const typed = text(options, "redis");
  const redis = typed ?? process.env[redisVariables.address] ?? null;
  if (redis === null || redis === "") return null;
  const secret = typed === null ? null : typedSecret(typed);
  if (secret !== null)
    throw new UserError(`--redis: ${secret}`, {
      hint: "Leave it out, and set LAB_REDIS_USER and LAB_REDIS_PASSWORD in the environment or in .env; or set LAB_REDIS to the whole address.",
    });
  return { redis, pool: text(options, "pool") ?? defaultPool, isTyped: typed !== null };
}

/** The farm that `lab worker` and `lab workers` speak of; null where none is named. Throws UserError for an address that is none. */
export function askedFarm(options: OptionValues): RedisAddress | null {
  const typed = typedRedis(options);
  if (typed === null) return null;
  const address = { url: typed.redis, pool: typed.pool };
  const [problem] = addressProblems(address);
  if (problem !== undefined)
    throw new UserError(`${problem.found} cannot be`, { hint: `Expected ${problem.expected}.` });
  return address;
}
