// `npm start`: the main job. Builds and runs the reproduction of "Artificial Intelligence, Algorithmic Pricing, and Collusion" (AER
// 2020) session by session through the real pipeline, prints ours beside the published figures, and writes the report.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const lab = join(root, "dist/runtime/cli/lab.js");

function step(...args) {
  const { status, signal } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (signal !== null) process.kill(process.pid, signal);
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(lab)) step(".ci/build.mjs");
step(lab, "run", "calvano-baseline", ...process.argv.slice(2));
step("--import", "tsx", "experiments/pricing/against-published.ts");
step(lab, "report");
