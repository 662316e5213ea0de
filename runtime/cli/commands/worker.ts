// `lab worker`: a machine of a farm, until Ctrl-C or `lab workers drain`.
import { availableParallelism, hostname } from "node:os";
import { loadEnvironment } from "../../config/load-environment.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import { FarmWorker } from "../../execute/bullmq/farm-worker.ts";
import { usable } from "../../execute/bullmq/farm-workers.ts";
import { withoutSecret } from "../../execute/bullmq/redis-address.ts";
import { askedFarm } from "../asked-engine.ts";
import type { CommandHandler, OptionValues } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { codeFolder } from "../host-folder.ts";
import { number, text } from "../options.ts";
import { say } from "../terminal/say.ts";
import { plural } from "../terminal/words.ts";

export const handle: CommandHandler = async (_, options) => {
  loadEnvironment(process.cwd());
  const address = askedFarm(options);
  if (address === null)
    throw new UserError("lab worker needs the Redis of its farm", {
      hint: "Give --redis redis://host:6379, or set LAB_REDIS.",
    });
  const name = nameOf(options);
  const threads = number(options, "jobs") ?? availableParallelism();
  const tell = (words: string): void => say(process.stderr, `${name}: ${words}`);
  const host = {
    threads,
    memoryMb: number(options, "memory"),
    // As option-values.ts has parsed them.
    labels: (options.labels ?? {}) as Readonly<Record<string, string>>,
    code: codeFolder(text(options, "folder")),
  };
  const worker = await usable(address, FarmWorker.start({ address, name, tell, host }));
  tell(
    `${plural(threads, "thread")} for runs of pool ${address.pool} at ${withoutSecret(address.url)}; Ctrl-C leaves once what runs has ended`,
  );
  await untilLeft(worker, tell);
  return exitCode.done;
};

function nameOf(options: OptionValues): string {
  const name = text(options, "name") ?? hostname().replaceAll(/[^\w.-]/g, "-");
  if (!/^[\w][\w.-]{0,63}$/.test(name))
    throw new UserError(`--name: "${name}" is no name of a worker`, {
      hint: "Expected letters, digits, - . and _, at most 64.",
    });
  return name;
}

/** Resolves when the worker has left: told to by a signal, or from elsewhere. */
function untilLeft(worker: FarmWorker, tell: (words: string) => void): Promise<void> {
  return new Promise((resolve) => {
    let isAsked = false;
    const ask = (): void => {
      if (isAsked) {
        void worker.leave().then(resolve);
        return;
      }
      isAsked = true;
      tell("finishes what runs and leaves; again to leave at once");
      void worker.drain().then(resolve);
    };
    process.on("SIGINT", ask);
    process.on("SIGTERM", ask);
    const look = setInterval(() => {
      if (!worker.isDraining) return;
      clearInterval(look);
      if (!isAsked) ask();
    }, 200);
    look.unref();
  });
}
