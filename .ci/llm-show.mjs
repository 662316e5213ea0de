// Five firms that ask a scripted server, 20 trials of 300 rounds, in four runs: `npx tsx .ci/llm-show.mjs [rounds] [a minute] [kills] [parts]`, such as
// `30 1000 20 abcd`. (a) without faults: the rate that is used and the busiest minute, as the server sees them; (b) every fault at 20%: the
// server's counts are the report's; (c) a quota: exit code 4, and the same command goes on; (d) kills: the results of (a), and key by
// key no request for what was recorded. Needs dist/.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { faultsAt, startFakeLlm } from "../dist/runtime/testing/fake-llm.js";
import { scriptedFirm } from "../experiments/pricing/scripted-firms.ts";
import { answeredKeys } from "../runtime/store/testing/answered-keys.ts";

const checkout = fileURLToPath(new URL("..", import.meta.url));
const lab = join(checkout, "dist/runtime/cli/lab.js");
const [rounds = "300", aMinute = "6000", kills = "20", parts = "abcd"] = process.argv.slice(2);
const trials = 20;
const exchanges = 5 * Number(rounds) * trials;
const run = ["run", "llm-pricing", "-S", "firms=5", "-S", "prefix=P1", "-S", "alpha=1"];
run.push("-S", `rounds=${rounds}`, "-j", "2", "--json");
let failed = 0;

function project(perMinute) {
  const root = mkdtempSync(join(tmpdir(), "labwright-llm-"));
  mkdirSync(join(root, "node_modules"));
  symlinkSync(checkout, join(root, "node_modules/labwright"), "dir");
  for (const name of ["zod", "@types"])
    symlinkSync(join(checkout, "node_modules", name), join(root, "node_modules", name), "dir");
  writeFileSync(join(root, "package.json"), '{ "name": "llm", "private": true, "type": "module" }\n');
  cpSync(join(checkout, "runtime/testing/e2e/tsconfig.template.json"), join(root, "tsconfig.json"));
  mkdirSync(join(root, "experiments"));
  const folder = join(checkout, "experiments/pricing");
  for (const file of ["llm-firm.ts", "llm-published.json", "beside-replication.ts", "session.ts"])
    cpSync(join(folder, file), join(root, "experiments", file));
  const experiment = readFileSync(join(folder, "llm-pricing.experiment.ts"), "utf8")
    .replace("requestsPerMinute: 30_000", `requestsPerMinute: ${perMinute}, timeoutMs: 3000`)
    .replace("replicate(7,", `replicate(${trials},`);
  writeFileSync(join(root, "experiments/llm-pricing.experiment.ts"), experiment);
  return root;
}

/** Starts the run in a process group of its own, for kills. */
function started(root, endpoint) {
  const child = spawn(process.execPath, [lab, ...run], {
    cwd: root,
    detached: true,
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, LLM_URL: endpoint, LLM_KEY: "sk-scripted" },
  });
  return { child, ended: new Promise((done) => child.on("close", done)) };
}

function asked(root, ...args) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [lab, ...args], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

const callsOf = (root) => JSON.parse(asked(root, "status", "--json")).calls[0].total;

/** Everything but the clock's part. */
function resultsOf(root) {
  const trial = "replicate, price, priceOverNash, profitGain, roundsPlayed, fallbacks, scripted";
  const row = "replicate, round, agent, price, quantity, profit, reasoning";
  return (
    asked(root, "query", `select ${trial} from trials order by all`) +
    asked(root, "query", `select ${row} from series_decisions order by all`)
  );
}

function said(part, isSo, words) {
  if (!isSo) failed += 1;
  console.log(`${part} ${isSo ? "yes" : "NO "} ${words}`);
}

async function undisturbed() {
  const server = await startFakeLlm({ answer: scriptedFirm });
  const root = project(aMinute);
  const code = await started(root, server.endpoint).ended;
  const first = server.arrivals[0].atMs;
  const minutes = Math.floor((server.arrivals.at(-1).atMs - first) / 60_000);
  const sent = server.arrivals.filter(({ atMs }) => atMs < first + 60_000 * minutes).length;
  const used = sent / (minutes * Number(aMinute));
  const busiest = server.busiest(60_000);
  said("a", code === 0 && server.arrivals.length === exchanges, `${exchanges} exchanges, exit code ${code}`);
  said(
    "a",
    used >= 0.95,
    `${(100 * used).toFixed(1)}% of ${aMinute} a minute used over ${minutes} whole minutes`,
  );
  said("a", busiest <= Number(aMinute), `${busiest} requests in the busiest minute, of ${aMinute} allowed`);
  await server.close();
  return root;
}

const faults = {
  429: "rate limit",
  "429 with retry-after": "rate limit",
  500: "status 500",
  "502 page": "status 502",
  503: "status 503",
  529: "status 529",
  reset: "connection lost",
  "reset in the body": "connection lost",
  silence: "no answer in time",
  "truncated JSON": null,
  "fenced JSON": null,
  "prose around JSON": null,
  "wrong schema": null,
  refusal: null,
  empty: null,
};

async function faulty() {
  const server = await startFakeLlm({ answer: scriptedFirm, fault: faultsAt(0.2, Object.keys(faults)) });
  const root = project(30_000);
  const code = await started(root, server.endpoint).ended;
  const calls = callsOf(root);
  const counted = {};
  for (const { fault } of server.arrivals)
    if (fault !== null && faults[fault] !== null) counted[faults[fault]] = (counted[faults[fault]] ?? 0) + 1;
  const told = Object.fromEntries(calls.failures.map(({ cause, count }) => [cause, count]));
  const words = (of) => JSON.stringify(Object.entries(of).sort());
  const failures = Object.values(told).reduce((sum, count) => sum + count, 0);
  const useless = calls.unusable.reduce((sum, { count }) => sum + count, 0);
  said("b", code === 0, `finishes with every fault at 20%, exit code ${code}`);
  said(
    "b",
    words(told) === words(counted),
    `failed attempts by cause, report ${words(told)}, server ${words(counted)}`,
  );
  said(
    "b",
    server.arrivals.length === calls.answered + failures,
    `${server.arrivals.length} arrivals are ${calls.answered} answers and ${failures} failed attempts`,
  );
  said(
    "b",
    useless === calls.repairs + calls.fallbacks,
    `${useless} unusable answers, ${calls.repairs} repairs, ${calls.fallbacks} fallbacks`,
  );
  await server.close();
  rmSync(root, { recursive: true, force: true });
}

async function quota() {
  const poor = await startFakeLlm({ answer: scriptedFirm, quota: Math.floor(exchanges / 2) });
  const root = project(30_000);
  const code = await started(root, poor.endpoint).ended;
  const answered = poor.arrivals.filter(({ status }) => status === 200).length;
  const port = Number(new URL(poor.endpoint).port);
  await poor.close();
  const rich = await startFakeLlm({ answer: scriptedFirm, port });
  const again = await started(root, rich.endpoint).ended;
  said("c", code === 4 && again === 0, `exit code ${code} at the quota, ${again} when taken up`);
  said(
    "c",
    answered + rich.arrivals.length === exchanges,
    `${answered} answers before and ${rich.arrivals.length} after are ${exchanges} exchanges`,
  );
  await rich.close();
  rmSync(root, { recursive: true, force: true });
}

async function killed(expected) {
  const server = await startFakeLlm({ answer: scriptedFirm, latencyMs: 5 });
  const root = project(30_000);
  /** By key of an exchange that was recorded at a kill, how many requests had come by then. */
  const recorded = new Map();
  let done = 0;
  for (; done < Number(kills); done++) {
    const { child, ended } = started(root, server.endpoint);
    const left = exchanges - server.arrivals.length;
    const target =
      server.arrivals.length + 1 + Math.floor((Math.random() * 1.8 * left) / (Number(kills) - done + 1));
    while (server.arrivals.length < target && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 5));
    if (child.exitCode !== null) break;
    process.kill(-child.pid, "SIGKILL");
    await ended;
    for (const key of answeredKeys(root)) if (!recorded.has(key)) recorded.set(key, server.arrivals.length);
  }
  const code = await started(root, server.endpoint).ended;
  const again = server.arrivals.filter(({ key }, i) => i >= (recorded.get(key) ?? Number.POSITIVE_INFINITY));
  const { resent } = callsOf(root);
  const repeats = server.arrivals.length - exchanges;
  said("d", code === 0 && done === Number(kills), `killed ${done} times, then exit code ${code}`);
  said(
    "d",
    again.length === 0 && recorded.size > 0,
    `${again.length} requests for one of the ${recorded.size} exchanges that were recorded at a kill, key by key`,
  );
  said("d", repeats <= resent, `${repeats} requests came again; ${resent} calls were in doubt at a kill`);
  said("d", resultsOf(root) === expected, "the results are those of the undisturbed run");
  await server.close();
  rmSync(root, { recursive: true, force: true });
}

const calm = parts.includes("a") || parts.includes("d") ? await undisturbed() : null;
if (parts.includes("b")) await faulty();
if (parts.includes("c")) await quota();
if (parts.includes("d")) await killed(resultsOf(calm));
if (calm !== null) rmSync(calm, { recursive: true, force: true });
process.exitCode = failed === 0 ? 0 : 1;
