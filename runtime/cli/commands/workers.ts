// `lab workers <n>`: threads of a run are started or given no more work, at once. Without a number: the workers of a farm, and `drain` for one of them.
import { workersMax } from "../../control/request.ts";
import { nearest, nearestOrAll } from "../../diagnostic/nearest.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import type { WorkerCard } from "../../execute/bullmq/farm-keys.ts";
import { askToDrain, startCommand, workersAt } from "../../execute/bullmq/farm-workers.ts";
import type { RedisAddress } from "../../execute/bullmq/redis-address.ts";
import { labelTexts } from "../../execute/protocol/labels.ts";
import { askedFarm } from "../asked-engine.ts";
import type { CommandHandler, OptionValues } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { steer } from "../live-run.ts";
import { loadedConfig } from "../loaded-config.ts";
import { flag, projectRoot, text } from "../options.ts";
import { say } from "../terminal/say.ts";
import { textTable } from "../terminal/text-table.ts";
import { countWords, rateWords } from "../terminal/words.ts";

export const handle: CommandHandler = async ([typed = "", name = ""], options) => {
  if (typed === "" || typed === "drain") return ofFarm(options, typed === "" ? null : name);
  const workers = /^\d+$/.test(typed) ? Number(typed) : Number.NaN;
  if (!(workers >= 1 && workers <= workersMax))
    throw new UserError(`lab workers takes a whole number from 1 to ${workersMax}, not "${typed}"`, {
      hint: `${nearest(typed, ["drain"]) === null ? "" : 'Did you mean "drain"? '}To start nothing more: lab pause. The workers of a farm: lab workers, lab workers drain NAME.`,
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
  await loadedConfig(projectRoot(options));
  const address = askedFarm(options);
  if (address === null)
    throw new UserError("lab workers takes the number of threads of a run, or the Redis of a farm", {
      hint: "lab workers 4, or lab workers --redis redis://host:6379 (LAB_REDIS).",
    });
  const workers = await workersAt(address);
  if (drained !== null) return await drain(address, workers, drained);
  if (flag(options, "json")) process.stdout.write(`${JSON.stringify(workers, null, 2)}\n`);
  else if (workers.length === 0)
    say(process.stdout, `no worker in pool ${address.pool}; start one: ${startCommand(address, [])}`);
  else process.stdout.write(`${listed(workers)}\n`);
  return exitCode.done;
}

async function drain(address: RedisAddress, workers: readonly WorkerCard[], name: string): Promise<number> {
  const asked = workers.filter((worker) => worker.name === name || worker.id === name);
  const names = [...new Set(workers.map((worker) => worker.name))];
  if (asked.length === 0)
    throw new UserError(
      name === "" ? "lab workers drain takes the name of a worker" : `there is no worker "${name}"`,
      { hint: nearestOrAll(name, names, "worker") ?? `There is none in pool ${address.pool}.` },
    );
  await askToDrain(address, asked);
  const words =
    asked.length === 1
      ? `${name} finishes what it runs and leaves`
      : `${asked.length} workers called ${name} finish what they run and leave`;
  say(process.stdout, words);
  return exitCode.done;
}

/** A line a worker; those that share a name go by their ids. */
function listed(workers: readonly WorkerCard[]): string {
  const heading = ["worker", "machine", "threads", "labels", "does", "rate", "leases", "done"];
  const rows = workers.map(({ id, name, ...worker }) => [
    workers.filter((other) => other.name === name).length > 1 ? id : name,
    worker.machine,
    worker.threads,
    labelTexts(worker.labels).join(", "),
    doesWords(worker),
    worker.perSecond === 0 ? "" : rateWords(worker.perSecond),
    worker.leases,
    countWords(worker.done),
  ]);
  return textTable(heading, rows, [2, 5, 6, 7]);
}

function doesWords({ state, session }: Pick<WorkerCard, "state" | "session">): string {
  if (session === null) return state;
  const run = session.slice(0, session.lastIndexOf("/"));
  return state === "draining" ? `finishing for ${run}` : `working for ${run}`;
}
