// `lab workers <n>`: threads of a run are started or given no more work, at once. Without a number: the workers of a farm, and `drain` for one of them.
import { loadConfig } from "../../config/load-config.ts";
import { workersMax } from "../../control/request.ts";
import { nearestOrAll } from "../../diagnostic/nearest.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import type { WorkerCard } from "../../execute/bullmq/farm-keys.ts";
import { askToDrain, workersAt } from "../../execute/bullmq/farm-workers.ts";
import { labelTexts } from "../../execute/protocol/labels.ts";
import { typedRedis } from "../asked-engine.ts";
import type { CommandHandler, OptionValues } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { steer } from "../live-run.ts";
import { flag, projectRoot, text } from "../options.ts";
import { say } from "../terminal/say.ts";
import { plural, rateWords } from "../terminal/words.ts";

export const handle: CommandHandler = async ([typed = "", name = ""], options) => {
  if (typed === "" || typed === "drain") return ofFarm(options, typed === "" ? null : name);
  const workers = /^\d+$/.test(typed) ? Number(typed) : Number.NaN;
  if (!(workers >= 1 && workers <= workersMax))
    throw new UserError(`lab workers takes a whole number from 1 to ${workersMax}, not "${typed}"`, {
      hint: "To start nothing more: lab pause. The workers of a farm: lab workers, lab workers drain NAME.",
    });
  await steer(options, {
    reference: text(options, "run"),
    asked: { do: "workers", workers },
    words: () => `${workers} ${workers === 1 ? "worker" : "workers"} from now on`,
  });
  return exitCode.done;
};

/** Lists the workers of a farm, or lets one finish and leave. */
async function ofFarm(options: OptionValues, drained: string | null): Promise<number> {
  await loadConfig(projectRoot(options));
  const typed = typedRedis(options);
  if (typed === null)
    throw new UserError("lab workers takes the number of threads of a run, or the Redis of a farm", {
      hint: "lab workers 4, or lab workers --redis redis://host:6379 (LAB_REDIS).",
    });
  const address = { url: typed.redis, pool: typed.pool };
  const workers = await workersAt(address);
  if (drained !== null) {
    const asked = workers.filter((worker) => worker.name === drained || worker.id === drained);
    if (asked.length === 0)
      throw new UserError(`there is no worker "${drained}"`, {
        hint:
          nearestOrAll(
            drained,
            workers.map((worker) => worker.name),
            "worker",
          ) ?? "There is none at all.",
      });
    await askToDrain(address, asked);
    say(process.stderr, `${drained} finishes what it runs and leaves`);
    return exitCode.done;
  }
  if (flag(options, "json")) process.stdout.write(`${JSON.stringify(workers, null, 2)}\n`);
  else if (workers.length === 0)
    say(process.stderr, `no worker in pool ${typed.pool}; start one: lab worker --redis ...`);
  else for (const worker of workers) say(process.stdout, lineOf(worker));
  return exitCode.done;
}

function lineOf(worker: WorkerCard): string {
  const { name, machine, threads, labels, state, session, leases, finished, perSecond } = worker;
  const does =
    session === null
      ? state
      : `${state} for ${session}, ${rateWords(perSecond)}, ${plural(leases, "lease")} under way`;
  const is = [plural(threads, "thread"), ...labelTexts(labels)].join(", ");
  return `${name} on ${machine}: ${is}; ${does}, ${finished} done`;
}
