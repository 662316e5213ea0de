// Speed against SciPy's ordinary calls, in the same run: the five jobs that a report does most. Needs python3 with scipy for
// the ratios; without it only our own times are printed. Figures go to BENCH_OUT as JSON.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { welch } from "./means/t-test.ts";
import { bootstrap } from "./resampling/bootstrap.ts";
import { permutationTest } from "./resampling/permutation.ts";
import { resamplingRandom } from "./resampling/resampling-random.ts";
import { stratifiedBootstrap } from "./rliable.ts";
import { shapiroWilk } from "./shapiro-wilk.ts";

const random = resamplingRandom(2026);
const normals = (n: number, shift = 0) => Array.from({ length: n }, () => random.normal() + shift);
const fifty = normals(50);
const pair = { x: normals(30), y: normals(30, 0.3) };
const pairs = Array.from({ length: 1000 }, () => ({ x: normals(30), y: normals(30, 0.3) }));
const large = normals(5000);
const scores = Array.from({ length: 5 }, () => Array.from({ length: 10 }, () => normals(26)));
const resamples = 50_000;

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 1]!;
}

function timeMs(job: () => unknown, repeats: number): number {
  job();
  return median(
    Array.from({ length: repeats }, () => {
      const start = performance.now();
      job();
      return performance.now() - start;
    }),
  );
}

const ours: Record<string, number> = {
  "BCa bootstrap of a mean, n = 50, 10,000 resamples": timeMs(() => bootstrap(fifty, { method: "bca" }), 9),
  "permutation test, 2 x 30, 10,000 permutations": timeMs(
    () => permutationTest({ ...pair, variant: "monte-carlo" }),
    9,
  ),
  "1,000 Welch t tests, 2 x 30": timeMs(() => pairs.map((samples) => welch(samples)), 9),
  "Shapiro-Wilk, n = 5000": timeMs(() => shapiroWilk(large), 301),
  "stratified IQM, 5 x 26 x 10, 50,000 resamples": timeMs(
    () => scores.map((table) => stratifiedBootstrap(table, { statistic: "interquartileMean", resamples })),
    3,
  ),
};

// SciPy has no stratified bootstrap: the loop is what rliable does (arch's resampling by index, scipy.stats.trim_mean), 500
// resamples scaled to 50,000.
const python = `
import json, sys, time
import numpy as np, scipy
from scipy import stats
data = json.load(sys.stdin)
def ms(job, repeats):
    job()
    times = []
    for _ in range(repeats):
        start = time.perf_counter(); job(); times.append((time.perf_counter() - start) * 1e3)
    return sorted(times)[len(times) // 2]
fifty = np.array(data["fifty"]); x = np.array(data["x"]); y = np.array(data["y"]); large = np.array(data["large"])
pairs = [(np.array(p["x"]), np.array(p["y"])) for p in data["pairs"]]
scores = [np.array(table) for table in data["scores"]]
rng = np.random.default_rng(1)
mean_difference = lambda a, b, axis: np.mean(a, axis=axis) - np.mean(b, axis=axis)
def iqm(table):
    index = rng.integers(0, table.shape[0], size=table.shape)
    return stats.trim_mean(np.take_along_axis(table, index, axis=0), proportiontocut=0.25, axis=None)
def stratified():
    for table in scores:
        np.quantile([iqm(table) for _ in range(500)], [0.025, 0.975])
names = data["names"]
times = [
    ms(lambda: stats.bootstrap((fifty,), np.mean, n_resamples=10000, method="BCa", vectorized=True, random_state=1), 5),
    ms(lambda: stats.permutation_test((x, y), mean_difference, vectorized=True, n_resamples=10000, random_state=1), 5),
    ms(lambda: [stats.ttest_ind(a, b, equal_var=False) for a, b in pairs], 3),
    ms(lambda: stats.shapiro(large), 301),
    ms(stratified, 1) * ${resamples} / 500,
]
print(json.dumps({"scipy": scipy.__version__, "times": dict(zip(names, times))}))
`;

interface Peer {
  readonly scipy: string;
  readonly times: Readonly<Record<string, number>>;
}

function measurePeer(): Peer | undefined {
  const input = JSON.stringify({ names: Object.keys(ours), fifty, ...pair, pairs, large, scores });
  for (const command of ["python3", "/usr/bin/python3"]) {
    const { status, stdout } = spawnSync(command, ["-c", python], {
      input,
      encoding: "utf8",
      maxBuffer: 1e8,
    });
    if (status === 0) return JSON.parse(stdout) as Peer;
  }
  return undefined;
}

const peer = measurePeer();
if (peer === undefined) console.log("no python3 with scipy: times without ratios");
const rows = Object.entries(ours).map(([job, ms]) => {
  const scipyMs = peer?.times[job];
  return { job, ms, ...(scipyMs !== undefined && { scipyMs, ratio: scipyMs / ms }) };
});
for (const { job, ms, scipyMs, ratio } of rows as {
  job: string;
  ms: number;
  scipyMs?: number;
  ratio?: number;
}[]) {
  const against =
    scipyMs === undefined
      ? ""
      : `  SciPy ${scipyMs.toFixed(2).padStart(9)} ms  ${ratio!.toFixed(1)} times as fast`;
  console.log(`${job.padEnd(52)}${ms.toFixed(2).padStart(9)} ms${against}`);
}
if (process.env.BENCH_OUT !== undefined)
  writeFileSync(process.env.BENCH_OUT, `${JSON.stringify({ scipy: peer?.scipy ?? null, rows }, null, 2)}\n`);
if (rows.some((row) => "ratio" in row && Number(row.ratio) < 1)) process.exitCode = 1;
