// Periods a second of the baseline cell on one core: the textbook loop, the readable reference, plain TypeScript, the
// WebAssembly kernel, and where gcc is present the C program beside this file. These three play the same sessions.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { payoffTable, priceGrid } from "../environments/price-grid.ts";
import { logitMarket } from "../environments/pricing.ts";
import { type Engine, expectedValues, type LearningProblem, qLearning } from "./q-learning.ts";
import { nextUniform, ran2Stream, xoshiroStream } from "./uniform-stream.ts";

const grid = priceGrid({ nash: 1.47293, joint: 1.92498 });
const payoffs = payoffTable(logitMarket({ firms: 2 }), [grid, grid]);
const initialValues = expectedValues({ agents: 2, actions: 15, payoffs, discount: 0.95 });

/** The words that the C program begins session `seed` with. */
function wordsOf(seed: number): number[] {
  let state = BigInt(seed);
  return [0, 1, 2, 3].map(() => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    return Number(state >> 32n);
  });
}

function problemOf(seed: number): LearningProblem {
  return {
    agents: 2,
    actions: 15,
    memory: 1,
    payoffs,
    learningRate: 0.15,
    discount: 0.95,
    explorationDecay: 4e-6,
    initialValues,
    initialActions: [7, 3],
    exploration: xoshiroStream(wordsOf(seed)),
    ties: xoshiroStream([1, 2, 3, 4]),
  };
}

interface Timing {
  readonly periods: number;
  readonly seconds: number;
}

function timed(run: () => number): Timing {
  const start = process.cpuUsage();
  const periods = run();
  const { user, system } = process.cpuUsage(start);
  return { periods, seconds: (user + system) / 1e6 };
}

function play(engine: Engine, sessions: number, limit = 1e9): number {
  let periods = 0;
  for (let seed = 1; seed <= sessions; seed++) {
    const learner = qLearning(problemOf(seed), { engine });
    learner.run(limit);
    periods += learner.periods;
  }
  return periods;
}

/** Q-learning as a textbook writes it: no kept maxima, the row scanned for every maximum and every greedy action. */
function playTextbook(seed: number, periods: number): number {
  const { exploration } = problemOf(seed);
  const tables = [0, 1].map((agent) =>
    Array.from({ length: 225 }, () => [...initialValues.subarray(agent * 15, agent * 15 + 15)]),
  );
  let state = 7 * 15 + 3;
  for (let t = 0; t < periods; t++) {
    const chosen = tables.map((table) => {
      const row = table[state]!;
      if (nextUniform(exploration) < Math.exp(-4e-6 * t)) return Math.floor(15 * nextUniform(exploration));
      return row.indexOf(Math.max(...row));
    });
    const next = chosen[0]! * 15 + chosen[1]!;
    for (const [agent, table] of tables.entries()) {
      const row = table[state]!;
      const action = chosen[agent]!;
      const target = payoffs[next * 2 + agent]! + 0.95 * Math.max(...table[next]!);
      row[action] = (1 - 0.15) * row[action]! + 0.15 * target;
    }
    state = next;
  }
  return periods;
}

/** The C program compiled into `folder`: a function that runs it, or null where there is no gcc. */
function compiledC(folder: string): ((sessions: number) => Timing) | null {
  const source = fileURLToPath(new URL("q-learning/learner-bench.c", import.meta.url));
  const program = join(folder, "learner-bench");
  const flags = ["-O3", "-march=native", "-ffp-contract=off"];
  if (spawnSync("gcc", [...flags, source, "-o", program, "-lm"]).status !== 0) return null;
  return (sessions) => {
    const printed = spawnSync(program, [String(sessions)], { encoding: "utf8" }).stdout;
    const [periods, seconds] = printed.trim().split(" ").map(Number);
    return { periods: periods!, seconds: seconds! };
  };
}

/** The authors' own random stream, which the kernel plays too. */
function playRan2(sessions: number): number {
  let periods = 0;
  for (let seed = 1; seed <= sessions; seed++) {
    const learner = qLearning({
      ...problemOf(seed),
      exploration: ran2Stream({ seed }),
      ties: ran2Stream({ seed }),
    });
    learner.run(1e9);
    periods += learner.periods;
  }
  return periods;
}

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;

const rounds = 7;
const sessions = 10;
const folder = mkdtempSync(join(tmpdir(), "labwright-bench-"));
const runC = compiledC(folder);
const contestants: Record<string, () => Timing> = {
  textbook: () => timed(() => playTextbook(1, 300_000)),
  reference: () => timed(() => play("reference", 1, 500_000)),
  "plain TypeScript": () => timed(() => play("duopoly", sessions)),
  WebAssembly: () => timed(() => play("kernel", sessions)),
  "WebAssembly, ran2": () => timed(() => playRan2(sessions)),
  ...(runC && { C: () => runC(sessions) }),
};
// A first session each, so that compiled code is measured.
play("kernel", 1);
play("duopoly", 1);
playRan2(1);
// In turns, so that what else the machine does slows all alike; a ratio is within a round, and its median is told.
const timings = Object.fromEntries(Object.keys(contestants).map((name) => [name, [] as Timing[]]));
for (let round = 0; round < rounds; round++) {
  for (const [name, run] of Object.entries(contestants)) timings[name]!.push(run());
}
rmSync(folder, { recursive: true, force: true });

const rates = (name: string) => timings[name]!.map(({ periods, seconds }) => periods / seconds / 1e6);
const ratio = (name: string, to: string) =>
  timings[to] ? median(rates(name).map((rate, round) => rate / rates(to)[round]!)) : null;
const results = Object.keys(timings).map((name) => ({
  name,
  millionPeriodsPerSecond: median(rates(name)),
  ofTextbook: ratio(name, "textbook"),
  ofC: ratio(name, "C"),
  periods: timings[name]![0]!.periods,
}));
for (const name of ["plain TypeScript", "C"]) {
  for (const { periods } of timings[name] ?? []) {
    const expected = timings.WebAssembly![0]!.periods;
    if (periods !== expected) {
      throw new Error(`${name} played ${periods} periods, WebAssembly ${expected}: not the same work`);
    }
  }
}
for (const { name, millionPeriodsPerSecond, ofTextbook, ofC } of results) {
  const share = ofC === null ? "no gcc" : `${ofC.toFixed(2)} of C`;
  console.log(
    `${name.padEnd(17)} ${millionPeriodsPerSecond.toFixed(2).padStart(7)} M periods/s  ` +
      `${ofTextbook!.toFixed(1).padStart(6)} x textbook  ${share}`,
  );
}
if (process.env.BENCH_OUT !== undefined) {
  writeFileSync(
    process.env.BENCH_OUT,
    `${JSON.stringify({ benchmark: "q-learning", sessions, rounds, results }, null, 2)}\n`,
  );
}
