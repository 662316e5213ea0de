// Kills a scaling run again and again and compares what it ends with to an undisturbed one: `npm run show:scaling [steps] [kills]`.
// A million steps and 20 kills unless told, with 10 MB of state that is saved every 10,000 steps. Needs dist/; not a part of the gate.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const checkout = fileURLToPath(new URL("..", import.meta.url));
const lab = join(checkout, "dist/runtime/cli/lab.js");
const [steps = 1_000_000, kills = 20] = process.argv.slice(2).map(Number);
const wanted = ["-S", `steps=${steps}`, "-S", `checkpointEvery=${Math.max(1, steps / 100)}`];
const run = ["run", "market-maker", ...wanted, "--limit", "2", "-j", "2", "--json"];

function project() {
  const root = mkdtempSync(join(tmpdir(), "labwright-scaling-"));
  mkdirSync(join(root, "node_modules"));
  symlinkSync(checkout, join(root, "node_modules/labwright"), "dir");
  for (const name of ["zod", "@types"])
    symlinkSync(join(checkout, "node_modules", name), join(root, "node_modules", name), "dir");
  writeFileSync(join(root, "package.json"), '{ "name": "scaling", "private": true, "type": "module" }\n');
  cpSync(join(checkout, "runtime/testing/e2e/tsconfig.template.json"), join(root, "tsconfig.json"));
  cpSync(join(checkout, "experiments/scaling"), join(root, "experiments/scaling"), { recursive: true });
  return root;
}

/** Runs to the end, or until a trial has gone so many steps beyond where it was first seen; answers with what was seen. */
function runUntil(root, distance) {
  const child = spawn(process.execPath, [lab, ...run], {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const first = new Map();
  let at = 0;
  let rest = "";
  let isKilled = false;
  child.stdout.on("data", (bytes) => {
    rest += bytes;
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const event = JSON.parse(line);
      if (event.type !== "trial-progress") continue;
      if (!first.has(event.trial)) first.set(event.trial, event.done);
      at = Math.max(at, event.done);
      if (isKilled || event.done - first.get(event.trial) < distance) continue;
      isKilled = true;
      process.kill(-child.pid, "SIGKILL");
    }
  });
  return new Promise((done) =>
    child.on("close", (code) => done({ code, isKilled, at, first: [...first.values()] })),
  );
}

function results(root) {
  const of = (...args) => {
    const { stdout, status, stderr } = spawnSync(process.execPath, [lab, ...args], {
      cwd: root,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout).map((row) =>
      JSON.stringify(
        Object.entries(row).filter(
          ([key]) => !/^(duration_ms|started_at|attempt|worker|telemetry)/.test(key),
        ),
      ),
    );
  };
  return [
    ...of("export", "json", "market-maker"),
    ...of("export", "json", "market-maker", "--series", "learning"),
    ...of("artifacts", "--json"),
  ]
    .sort()
    .join("\n");
}

const undisturbed = project();
const started = performance.now();
const whole = await runUntil(undisturbed, Number.POSITIVE_INFINITY);
const seconds = (performance.now() - started) / 1000;
console.log(`undisturbed: exit code ${whole.code}, ${seconds.toFixed(1)} s`);
const disturbed = project();
let killed = 0;
while (killed < kills) {
  const { isKilled, at, first, code } = await runUntil(disturbed, (0.8 * steps) / kills);
  if (!isKilled) {
    console.log(`it ended before the next kill, with exit code ${code}`);
    break;
  }
  killed += 1;
  console.log(`kill ${killed}: taken up at ${first.join(" and ")}, killed at step ${at}`);
}
const last = await runUntil(disturbed, Number.POSITIVE_INFINITY);
const isSame = results(disturbed) === results(undisturbed);
console.log(`killed ${killed} times, then exit code ${last.code}: ${isSame ? "identical" : "DIFFERENT"}`);
for (const root of [undisturbed, disturbed]) rmSync(root, { recursive: true, force: true });
process.exitCode = isSame && killed === kills ? 0 : 1;
