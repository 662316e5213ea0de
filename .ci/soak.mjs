// A run under 100 times the usual rate of events for 30 minutes, with everything that listens to one: `npm run soak [minutes]`. A live page's stream,
// `lab watch`, a webhook that refuses every third message, and standard output are read. Of the run's own process, of the page's server and of
// `lab watch` two things are told, each with its growth and a 95% interval: what they hold once garbage is collected, looked at twice a minute, and
// their resident memory, every two seconds; of the host, whose threads run the trials, the latter. Ends with exit code 1 where it is not shown that
// what is held grows by less than a bound. `--leak MB` makes the run's process keep so much more an hour. Needs dist/; not a part of the gate.
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const checkout = fileURLToPath(new URL("..", import.meta.url));
const lab = join(checkout, "dist/runtime/cli/lab.js");
const { positionals, values: options } = parseArgs({
  allowPositionals: true,
  options: { leak: { type: "string" } },
});
const minutes = Number(positionals[0] ?? 30);
/** One experiment tells its progress at most ten times a second, and little else: that is the usual rate. */
const usualPerSecond = 10;
/** Memory settles while code is compiled and buffers find their sizes: what was seen for eight minutes. */
const warmUpMs = Math.min(8, minutes / 3) * 60_000;
const lookEveryMs = 2000;
const collectEveryLooks = 15;
/** What is held may grow by so much at this rate of events: less than two bytes an event, less than 2 MB a day at the usual rate. */
const growthMaxMbPerHour = 8;

/** Trials of about a second that say 14 lines in each of 50 rounds; every tenth fails and is tried once more. */
const experiment = `import { setTimeout as pause } from "node:timers/promises";
import { defineExperiment, metric, replicate, sweep } from "labwright";
import { z } from "zod";

export default defineExperiment({
  name: "talkative",
  parameters: { arm: sweep([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) },
  replicates: replicate(100_000, { seed: 1 }),
  metrics: { value: metric.number() },
  primary: "value",
  series: { rounds: z.object({ round: z.int(), value: z.number() }) },
  limits: { retry: { on: ["thrown"], max: 1 } },
  async trial({ parameters, random, record, log }) {
    let value = parameters.arm;
    for (let round = 0; round < 50; round++) {
      value += random.normal();
      record("rounds", { round, value });
      for (let line = 0; line < 14; line++) log("round " + round + ", line " + line + ": the value is now " + value);
      await pause(20);
    }
    if (random.float() < 0.1) throw new Error("one in ten fails");
    return { value };
  },
});
`;

const config = `import { defineConfig } from "labwright/config";
import { webhook } from "labwright/notify";

export default defineConfig({ notify: [webhook({ on: ["start", "arm", "failures", "stalled", "finish"], failureShare: 0.01 })] });
`;

const root = mkdtempSync(join(tmpdir(), "labwright-soak-"));
mkdirSync(join(root, "node_modules"));
symlinkSync(checkout, join(root, "node_modules/labwright"), "dir");
for (const name of ["zod", "@types"])
  symlinkSync(join(checkout, "node_modules", name), join(root, "node_modules", name), "dir");
writeFileSync(join(root, "package.json"), '{ "name": "soak", "private": true, "type": "module" }\n');
cpSync(join(checkout, "runtime/testing/e2e/tsconfig.template.json"), join(root, "tsconfig.json"));
writeFileSync(join(root, "talkative.experiment.ts"), experiment);
writeFileSync(join(root, "lab.config.ts"), config);

let posts = 0;
const hook = createServer((request, response) => {
  request.resume().once("end", () => {
    posts += 1;
    response.writeHead(posts % 3 === 0 ? 503 : 200).end();
  });
});
await new Promise((listening) => hook.listen(0, "127.0.0.1", listening));

const environment = {
  ...process.env,
  NO_COLOR: "1",
  WEBHOOK_URL: `http://127.0.0.1:${hook.address().port}/`,
};
const children = [];
const began = performance.now();
/** By name of process and kind of memory: when looked at, and megabytes. */
const looks = new Map();

function look(name, mb) {
  const found = looks.get(name) ?? [];
  found.push({ atMs: performance.now() - began, mb });
  looks.set(name, found);
}

function start(name, ...args) {
  const child = spawn(
    process.execPath,
    ["--import", new URL("memory-probe.mjs", import.meta.url).href, lab, ...args],
    { cwd: root, env: environment, stdio: ["ignore", "pipe", "inherit", "ipc"] },
  );
  child.on("message", ({ retainedMb }) => look(`${name}, held`, retainedMb));
  children.push({ name, child });
  return child;
}

/** Resident megabytes of a process. */
function residentMb(pid) {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) / 1024;
}

/** Counts what is heard by its type. */
const counts = new Map();
const run = start("run", "run", "-j", "2", "--json", "--rows", "--yes");
const id = await new Promise((known) => {
  createInterface({ input: run.stdout }).on("line", (line) => {
    const event = JSON.parse(line);
    counts.set(event.type, (counts.get(event.type) ?? 0) + 1);
    if (event.type === "run-started") known(event.run);
    if (event.type === "resources") look("host, resident", event.memoryMb);
  });
});
const ended = new Promise((done) => run.once("close", done));
let watched = 0;
createInterface({ input: start("watch", "watch", id, "--json").stdout }).on("line", () => {
  watched += 1;
});
const ui = start("page", "ui", "--json");
const { url } = JSON.parse(
  await new Promise((said) => createInterface({ input: ui.stdout }).once("line", said)),
);
const address = new URL(url);
let streamed = 0;
void (async () => {
  const stream = await fetch(new URL(`/api/run/${id}/stream?experiment=talkative&metric=value`, address), {
    headers: { Authorization: `Bearer ${address.hash.slice("#t=".length)}` },
  });
  if (!stream.ok) throw new Error(`the page's stream: ${stream.status} ${await stream.text()}`);
  const decoder = new TextDecoder();
  for await (const bytes of stream.body) streamed += decoder.decode(bytes).split("\n").length - 1;
})().catch((error) => console.error(String(error)));

if (options.leak !== undefined) run.send({ leakBytesPerSecond: (Number(options.leak) * 1024 * 1024) / 3600 });
const total = () => [...counts.values()].reduce((sum, count) => sum + count, 0);
let looked = 0;
await new Promise((over) => {
  const timer = setInterval(() => {
    const atMs = performance.now() - began;
    looked += 1;
    for (const { name, child } of children) {
      look(`${name}, resident`, residentMb(child.pid));
      if (looked % collectEveryLooks === 0) child.send({ look: looked });
    }
    if (looked % 30 === 0) {
      const last = [...looks].map(([name, found]) => `${name} ${found.at(-1).mb.toFixed(1)} MB`);
      console.log(`${(atMs / 60_000).toFixed(0)} min: ${total()} events; ${last.join("; ")}`);
    }
    if (atMs < minutes * 60_000) return;
    clearInterval(timer);
    over();
  }, lookEveryMs);
});
const seconds = (performance.now() - began) / 1000;
run.kill("SIGINT");
await ended;
for (const { child } of children) child.kill("SIGTERM");
hook.closeAllConnections();
hook.close();

/** Least squares over the means of half minutes after the warm-up: megabytes an hour, with a 95% interval by Student's t. */
function slopeOf(found) {
  const blocks = new Map();
  for (const { atMs, mb } of found) {
    if (atMs < warmUpMs) continue;
    const block = Math.floor(atMs / 30_000);
    blocks.set(block, [...(blocks.get(block) ?? []), mb]);
  }
  const points = [...blocks].map(([block, values]) => ({
    hours: ((block + 0.5) * 30) / 3600,
    mb: values.reduce((sum, each) => sum + each, 0) / values.length,
  }));
  const count = points.length;
  const mean = (of) => points.reduce((sum, point) => sum + of(point), 0) / count;
  const [hours, mb] = [mean((point) => point.hours), mean((point) => point.mb)];
  const spread = points.reduce((sum, point) => sum + (point.hours - hours) ** 2, 0);
  const slope = points.reduce((sum, point) => sum + (point.hours - hours) * (point.mb - mb), 0) / spread;
  const left = points.reduce((sum, point) => sum + (point.mb - mb - slope * (point.hours - hours)) ** 2, 0);
  // The 97.5% quantile of t, by the first terms of Cornish and Fisher's series, exact to a hundredth from 8 degrees of freedom on.
  const freedom = count - 2;
  const quantile = 1.96 + 2.37 / freedom + 2.82 / freedom ** 2;
  const half = quantile * Math.sqrt(left / freedom / spread);
  const largest = Math.max(...found.map((each) => each.mb));
  return {
    meanMb: mb,
    largestMb: largest,
    slopeMbPerHour: slope,
    low: slope - half,
    high: slope + half,
    blocks: count,
  };
}

const perSecond = total() / seconds;
const found = {
  minutes: seconds / 60,
  events: total(),
  perSecond,
  timesUsual: perSecond / usualPerSecond,
  byType: Object.fromEntries(counts),
  watched,
  streamed,
  posts,
  memory: Object.fromEntries([...looks].map(([name, each]) => [name, slopeOf(each)])),
};
console.log(JSON.stringify(found, null, 2));
rmSync(root, { recursive: true, force: true });
const isSlow = perSecond < 100 * usualPerSecond;
if (isSlow) console.log("the machine was too slow: fewer than 100 times the usual events");
const growing = Object.entries(found.memory).filter(
  ([name, { high }]) => name.endsWith(", held") && !(high <= growthMaxMbPerHour),
);
for (const [name, { low, high }] of growing)
  console.log(
    `${name}: it grows by ${low.toFixed(1)} to ${high.toFixed(1)} MB an hour, which may be more than ${growthMaxMbPerHour}`,
  );
process.exit(growing.length === 0 && !isSlow ? 0 : 1);
