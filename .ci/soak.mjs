// A run under 100 times the usual rate of events for 25 minutes, with everything that listens to one: `npm run soak [minutes]`. A live page's stream,
// `lab watch`, a webhook that refuses every third message, and standard output are read; the resident memory of the run's own process and of the
// page's server is looked at every two seconds. Says how it grew, with a 95% interval. Needs dist/; not a part of the gate.
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const checkout = fileURLToPath(new URL("..", import.meta.url));
const lab = join(checkout, "dist/runtime/cli/lab.js");
const minutes = Number(process.argv[2] ?? 25);
/** One experiment tells its progress at most ten times a second, and little else: that is the usual rate. */
const usualPerSecond = 10;
/** Memory settles while code is compiled and buffers find their sizes. */
const warmUpMs = Math.min(5, minutes / 4) * 60_000;
const lookEveryMs = 2000;

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

function start(...args) {
  const child = spawn(process.execPath, [lab, ...args], {
    cwd: root,
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  return child;
}

/** Resident megabytes of a process. */
function residentMb(pid) {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) / 1024;
}

/** Counts what is heard by its type. */
const counts = new Map();
const run = start("run", "-j", "2", "--json", "--rows", "--yes");
const id = await new Promise((known) => {
  createInterface({ input: run.stdout }).on("line", (line) => {
    const event = JSON.parse(line);
    counts.set(event.type, (counts.get(event.type) ?? 0) + 1);
    if (event.type === "run-started") known(event.run);
  });
});
const ended = new Promise((done) => run.once("close", done));
let watched = 0;
createInterface({ input: start("watch", id, "--json").stdout }).on("line", () => {
  watched += 1;
});
const ui = start("ui", "--json");
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

const began = performance.now();
const looks = [];
const total = () => [...counts.values()].reduce((sum, count) => sum + count, 0);
await new Promise((over) => {
  const timer = setInterval(() => {
    const atMs = performance.now() - began;
    looks.push({ atMs, run: residentMb(run.pid), page: residentMb(ui.pid) });
    if (looks.length % 30 === 0) {
      const { run: runMb, page: pageMb } = looks.at(-1);
      console.log(
        `${(atMs / 60_000).toFixed(0)} min: ${total()} events, run ${runMb.toFixed(0)} MB, page ${pageMb.toFixed(0)} MB`,
      );
    }
    if (atMs < minutes * 60_000) return;
    clearInterval(timer);
    over();
  }, lookEveryMs);
});
const seconds = (performance.now() - began) / 1000;
run.kill("SIGINT");
await ended;
for (const child of children) child.kill("SIGTERM");
hook.closeAllConnections();
hook.close();

/** Least squares over the means of half minutes after the warm-up: megabytes an hour, with a 95% interval by Student's t. */
function slopeOf(name) {
  const blocks = new Map();
  for (const look of looks) {
    if (look.atMs < warmUpMs) continue;
    const block = Math.floor(look.atMs / 30_000);
    blocks.set(block, [...(blocks.get(block) ?? []), look[name]]);
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
  const largest = Math.max(...looks.map((look) => look[name]));
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
  run: slopeOf("run"),
  page: slopeOf("page"),
};
console.log(JSON.stringify(found, null, 2));
rmSync(root, { recursive: true, force: true });
if (perSecond < 100 * usualPerSecond)
  console.log("the machine was too slow: fewer than 100 times the usual events");
process.exit(0);
