// `lab build` against the compilers themselves on the same files: cold, warm, 1 to 100 experiments. Prints ratios of medians of
// interleaved rounds and writes them as JSON to $BENCH_OUT.
import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type TemporaryProject, temporaryProject } from "../testing/temporary-project.ts";

// Benchmarks run transpiled in a folder of their own; the runner says where the checkout is.
const checkout = process.env.BENCH_ROOT ?? fileURLToPath(new URL("../../..", import.meta.url));
const dist = path.join(checkout, "dist/runtime/cli/lab.js");
const isInstalled = existsSync(dist);
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
/** BENCH_SIZES=300,1000 asks for others: a build grows with its files, in time and in memory. */
const sizes = (process.env.BENCH_SIZES ?? "1,20,100").split(",").map(Number);

/** One experiment of about forty lines, as `lab init` writes them, with a helper of its own. */
function bandit(index: number): string {
  return `import { defineExperiment, metric, replicate, sweep } from "labwright";
import { z } from "zod";

const offset = ${index};
function worthOf(arms: number, draws: readonly number[]): number[] {
  return Array.from({ length: arms }, (_, arm) => (draws[arm] ?? 0) + offset);
}

export default defineExperiment({
  name: "bandit-${index}",
  question: "How much exploration earns the most on a ten-armed bandit?",
  parameters: { epsilon: sweep([0, 0.01, 0.1]), arms: 10, steps: 1000 },
  replicates: replicate(50, { seed: ${index}, pairing: "common-random-numbers" }),
  metrics: {
    reward: metric.number({ unit: "mean reward a step", direction: "maximize" }),
    optimal: metric.number({ unit: "share of steps on the best arm", range: [0, 1] }),
  },
  primary: "reward",
  series: { curve: z.object({ step: z.int(), reward: z.number() }) },
  trial({ parameters: { epsilon, arms, steps }, random, record }) {
    const worth = worthOf(arms, Array.from({ length: arms }, () => random.normal()));
    const best = worth.indexOf(Math.max(...worth));
    const pulls = worth.map(() => 0);
    const estimates = worth.map(() => 0);
    let total = 0;
    for (let step = 1; step <= steps; step += 1) {
      const explore = random.float() < epsilon;
      const arm = explore ? random.integer(0, arms - 1) : estimates.indexOf(Math.max(...estimates));
      const reward = worth[arm]! + random.normal();
      pulls[arm]! += 1;
      estimates[arm]! += (reward - estimates[arm]!) / pulls[arm]!;
      total += reward;
      if (step % 100 === 0) record("curve", { step, reward: total / step });
    }
    return { reward: total / steps, optimal: pulls[best]! / steps };
  },
  analyses: ({ compare }) => [compare("reward", { across: "epsilon", baseline: 0 })],
});
`;
}

interface Command {
  readonly name: string;
  readonly args: readonly string[];
  /** Removes what an earlier run left. */
  readonly isCold?: boolean;
}

const lab = isInstalled ? [dist] : ["--import", "tsx", path.join(checkout, "runtime/cli/lab.ts")];
const commands: readonly Command[] = [
  { name: "tsc 7.0.2", args: [path.join(checkout, "node_modules/ts7/bin/tsc"), "--noEmit"] },
  { name: "tsc 6.0.3", args: [path.join(checkout, "node_modules/typescript/bin/tsc"), "--noEmit"] },
  { name: "lab build, cold", args: [...lab, "build"], isCold: true },
  { name: "lab build, unchanged", args: [...lab, "build"] },
  { name: "lab --help", args: [...lab, "--help"] },
];

function secondsOf(project: TemporaryProject, { args, isCold = false }: Command): number {
  if (isCold) rmSync(path.join(project.root, ".lab"), { recursive: true, force: true });
  const started = process.hrtime.bigint();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: project.root,
    encoding: "utf8",
  });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
  return seconds;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

const figures: { experiments: number; seconds: Record<string, number>; ratios: Record<string, number> }[] =
  [];
for (const size of sizes) {
  const files = Object.fromEntries(
    Array.from({ length: size }, (_, index) => [`e${index}.experiment.ts`, bandit(index)]),
  );
  const project = temporaryProject(files, { types: isInstalled ? "declarations" : "sources" });
  try {
    const seconds = new Map<string, number[]>(commands.map(({ name }) => [name, []]));
    for (let round = 0; round <= rounds; round++) {
      for (const command of commands) {
        const taken = secondsOf(project, command);
        // The first round fills the caches of disk and compilers.
        if (round > 0) seconds.get(command.name)?.push(taken);
      }
    }
    const medians = Object.fromEntries([...seconds].map(([name, values]) => [name, median(values)]));
    const [native = 0, classic = 0, cold = 0] = commands.map(({ name }) => medians[name] ?? 0);
    const ratios = { "cold / tsc 7": cold / native, "cold / tsc 6": cold / classic };
    figures.push({ experiments: size, seconds: medians, ratios });
    console.log(
      `${size} experiment${size === 1 ? "" : "s"} (${isInstalled ? "dist" : "sources through tsx"}, ${rounds} rounds)`,
    );
    for (const [name, value] of Object.entries(medians))
      console.log(`  ${name.padEnd(22)} ${value.toFixed(3)} s`);
    for (const [name, value] of Object.entries(ratios))
      console.log(`  ${name.padEnd(22)} ${value.toFixed(2)}`);
  } finally {
    project.remove();
  }
}
if (process.env.BENCH_OUT !== undefined) {
  writeFileSync(
    process.env.BENCH_OUT,
    `${JSON.stringify({ bench: "build", node: process.version, isInstalled, rounds, figures }, null, 2)}\n`,
  );
}
