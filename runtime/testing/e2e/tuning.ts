// A search over one parameter for the tests of growing spaces: the experiment, a toy proposer (random local search, a round of four points
// around the best), and a program of its own that runs it and kills itself at a moment of the run.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { localExecutor } from "../../execute/host/local-host.ts";
import type { Executor } from "../../execute/protocol/executor.ts";
import type { ToHost } from "../../execute/protocol/protocol.ts";
import { type Proposer, proposing, run, type SteeringOf, type Tried } from "../../run.ts";

export const tune = `import { between, defineExperiment, metric, replicate, space, sweep } from "labwright";
import { spin } from "./spin.ts";

export default defineExperiment({
  name: "tune",
  parameters: space.cross(space.proposed({ alpha: between(0, 1) }, { capacity: 22 }), { world: sweep(["calm", "wild"]) }),
  replicates: replicate(3, { seed: 11 }),
  metrics: { loss: metric.number() },
  primary: "loss",
  stages: ({ stage }) => {
    const shift = stage({ per: "replicate", uses: ["world"], run: ({ random }) => 0.1 * random.float() });
    return { shift };
  },
  trial({ parameters, random, inputs, replicate, refuse }) {
    if (parameters.world === "wild" && replicate.index === 2 && parameters.alpha > 0.9) return refuse("too wild");
    // Conditions take different times, so that trials end out of order.
    spin(1 + (replicate.index % 3), random.float());
    return { loss: (parameters.alpha - 0.3) ** 2 + 0.01 * inputs.shift + 0.001 * random.normal() };
  },
});
`;

/** Mean loss over what was measured. */
function lossOf({ trials }: Tried): number {
  const losses = trials.filter(({ outcome }) => outcome === "measured").map(({ metrics }) => metrics.loss!);
  return losses.length === 0
    ? Number.POSITIVE_INFINITY
    : losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/** A number in [0, 1) that follows from a whole number (the golden ratio's multiples). */
const spread = (index: number): number => (index * 0.6180339887498949) % 1;

/** Four points of the whole range, then four a round around the best so far, ever closer. */
export const localSearch: Proposer = {
  name: "local search",
  propose(tried, room) {
    const [best] = [...tried].sort((a, b) => lossOf(a) - lossOf(b) || a.slot - b.slot);
    const width = 0.5 ** (tried.length / 4);
    return Array.from({ length: Math.min(4, room) }, (_, index) => {
      const step = spread(1 + tried.length + index);
      if (best === undefined) return { alpha: step };
      const alpha = (best.condition.alpha as number) + width * (step - 0.5);
      return { alpha: Math.min(0.999, Math.max(0.001, alpha)) };
    });
  },
};

/** Kills this process at the n-th time that something happens. */
function fuse(moment: string): (name: string) => void {
  const [wanted, count] = moment.split(":");
  let left = Number(count);
  return (name) => {
    if (name !== wanted) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, "SIGKILL");
  };
}

/** Hosts whose every lease is held against the run's proposals on the disk before it is sent. */
function watched(root: string, happens: (name: string) => void): Executor {
  const inner = localExecutor();
  return {
    ...inner,
    open: (demand, door) =>
      inner.open(demand, {
        ...door,
        onHost(host) {
          const listener = door.onHost({
            name: host.name,
            kill: () => host.kill(),
            send(message) {
              if (message.type === "lease") {
                happens("lease");
                assertDurable(root, message);
              }
              host.send(message);
            },
          });
          return {
            onExit: (exit) => listener.onExit(exit),
            onMessage(message) {
              if (message.type === "records") happens("records");
              listener.onMessage(message);
              if (message.type === "records") happens("kept");
            },
          };
        },
      }),
  };
}

function assertDurable(root: string, message: Extract<ToHost, { readonly type: "lease" }>): void {
  const run = message.session.split("/")[0]!;
  const path = join(root, ".lab/runs", run, "proposals.jsonl");
  const onDisk = new Set(
    readFileSync(path, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { condition: { alpha: number } }).condition.alpha),
  );
  for (const { parameters } of message.conditions)
    if (!onDisk.has(parameters.alpha as number)) {
      process.stderr.write(
        `a lease speaks of ${JSON.stringify(parameters)}, which no proposal on the disk names\n`,
      );
      process.exit(9);
    }
}

/** The search, with a moment between a proposal's line on the disk and the first lease that could speak of it. */
function watchedSteering(happens: (name: string) => void): SteeringOf {
  const proposer: Proposer = {
    name: localSearch.name,
    propose(tried, room) {
      happens("propose");
      return localSearch.propose(tried, room);
    },
  };
  return (options) => {
    const { proposals } = options;
    return proposing({ tune: proposer })({
      ...options,
      proposals: {
        of: (experiment) => proposals.of(experiment),
        roomOf: (experiment) => proposals.roomOf(experiment),
        parametersOf: (experiment) => proposals.parametersOf(experiment),
        add(experiment, of) {
          proposals.add(experiment, of);
          happens("added");
        },
      },
    });
  };
}

/** Runs the search in the project at `root`; `moment`, such as "lease:3", is when this process kills itself. */
export async function runTuning(root: string, threads: number, moment = ""): Promise<void> {
  const happens = fuse(moment);
  const { done, reused, remaining, status } = await run({
    root,
    experiments: ["tune"],
    threads,
    executor: watched(root, happens),
    steering: watchedSteering(happens),
  });
  process.stdout.write(`${JSON.stringify({ done, reused, remaining, status })}\n`);
}

const [, file, root, threads, moment] = process.argv;
if (file?.endsWith("tuning.ts") === true && root !== undefined)
  await runTuning(root, Number(threads), moment);
