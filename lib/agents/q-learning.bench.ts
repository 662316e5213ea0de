// Periods a second of the baseline cell on one core: the textbook loop, the readable reference, plain TypeScript, the
// WebAssembly kernel, and where gcc is present the C program beside this file. All play the same sessions.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { payoffTable, priceGrid } from "../environments/price-grid.ts";
import { logitMarket } from "../environments/pricing.ts";
import { type Engine, expectedValues, type LearningProblem, qLearning } from "./q-learning.ts";
import { nextUniform, xoshiroStream } from "./uniform-stream.ts";

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

function timeC(sessions: number): Timing | null {
  const folder = mkdtempSync(join(tmpdir(), "labwright-bench-"));
  try {
    const source = fileURLToPath(new URL("q-learning/learner-bench.c", import.meta.url));
    const program = join(folder, "learner-bench");
    const flags = ["-O3", "-march=native", "-ffp-contract=off"];
    if (spawnSync("gcc", [...flags, source, "-o", program, "-lm"]).status !== 0) return null;
    const printed = spawnSync(program, [String(sessions)], { encoding: "utf8" }).stdout;
    const [periods, seconds] = printed.trim().split(" ").map(Number);
    return { periods: periods!, seconds: seconds! };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const sessions = 30;
// A first session each, so that compiled code is measured.
play("kernel", 1);
play("duopoly", 1);
const timings: Record<string, Timing | null> = {
  textbook: timed(() => playTextbook(1, 300_000)),
  reference: timed(() => play("reference", 1, 500_000)),
  "plain TypeScript": timed(() => play("duopoly", sessions)),
  WebAssembly: timed(() => play("kernel", sessions)),
  C: timeC(sessions),
};
const rate = (timing: Timing) => timing.periods / timing.seconds / 1e6;
const c = timings.C;
const results = Object.entries(timings).flatMap(([name, timing]) =>
  timing === null
    ? []
    : [
        {
          name,
          millionPeriodsPerSecond: rate(timing),
          ofTextbook: rate(timing) / rate(timings.textbook!),
          ofC: c ? rate(timing) / rate(c) : null,
          periods: timing.periods,
        },
      ],
);
if (c && c.periods !== timings.WebAssembly!.periods) {
  throw new Error(
    `C played ${c.periods} periods, WebAssembly ${timings.WebAssembly!.periods}: not the same work`,
  );
}
for (const { name, millionPeriodsPerSecond, ofTextbook, ofC } of results) {
  const share = ofC === null ? "no gcc" : `${ofC.toFixed(2)} of C`;
  console.log(
    `${name.padEnd(17)} ${millionPeriodsPerSecond.toFixed(2).padStart(7)} M periods/s  ` +
      `${ofTextbook.toFixed(1).padStart(6)} x textbook  ${share}`,
  );
}
if (process.env.BENCH_OUT !== undefined) {
  writeFileSync(
    process.env.BENCH_OUT,
    `${JSON.stringify({ benchmark: "q-learning", sessions, results }, null, 2)}\n`,
  );
}
