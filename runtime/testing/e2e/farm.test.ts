// Promise: a run on workers of a farm ends with the bytes of a local one, whoever is killed in the middle: a worker, the coordinator, Redis.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { farmKeys } from "../../execute/bullmq/farm-keys.ts";
import { connectorOf } from "../../execute/bullmq/redis-address.ts";
import { startFakeLlm } from "../fake-llm.ts";
import { hasRedis, type RedisServer, startRedis } from "../services/redis.ts";
import { commandsUnder } from "./documented.ts";
import { assertOnce, type FollowedRun, farProject, farResults, followedRun, until } from "./far-runs.ts";
import { ended, type Project, projectOf } from "./project.ts";
import { walk } from "./sample-experiments.ts";

const lab = fileURLToPath(new URL("../../../dist/runtime/cli/lab.js", import.meta.url));
const secret = "correct-horse-battery-staple";
let server: RedisServer | null = null;
let cache = "";

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, LAB_REDIS_PASSWORD: secret, XDG_CACHE_HOME: cache, NO_COLOR: "1" };
}

function startWorker(name: string, ...options: string[]): ChildProcess {
  return startWorkerIn(environment(), name, ...options);
}

function startWorkerIn(env: NodeJS.ProcessEnv, name: string, ...options: string[]): ChildProcess {
  const args = ["worker", "--redis", server?.url ?? "", "--name", name, ...options];
  return spawn(process.execPath, [lab, ...args], { stdio: ["ignore", "pipe", "pipe"], env });
}

function workers(project: Project): readonly {
  readonly name: string;
  readonly id: string;
  readonly state: string;
  readonly leases: number;
  readonly labels: object;
  readonly perSecond: number;
}[] {
  const listed = farm(project, "workers", "--json");
  assert.is(listed.status, 0, listed.stderr);
  return JSON.parse(listed.stdout) as ReturnType<typeof workers>;
}

function farm(project: Project, ...args: string[]) {
  return spawnSync(process.execPath, [lab, ...args, "--redis", server?.url ?? ""], {
    cwd: project.root,
    encoding: "utf8",
    env: environment(),
  });
}

function running(project: Project): FollowedRun {
  return followedRun(project, ["--redis", server?.url ?? ""], { LAB_REDIS_PASSWORD: secret });
}

/** Two trials that ask, one call at a time, and two that compute until their gate is open, of which one needs a coordinator to save a state. */
function heldIn(gates: string, endpoint: string): string {
  return `import { existsSync } from "node:fs";
import { chat, defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "held",
  parameters: { way: sweep(["asks", "asks too", "computes", "ends"]) },
  replicates: replicate(1, { seed: 7 }),
  metrics: { value: metric.number() },
  effects: { ask: chat({ endpoint: ${JSON.stringify(endpoint)}, model: "small", concurrency: 1, timeoutMs: 300_000 }) },
  async trial({ parameters: { way }, random, effects, checkpoint }) {
    const value = random.float();
    if (way.startsWith("asks")) {
      const first = await effects.ask("first", { messages: [{ role: "user", content: "first of " + way }] });
      const second = await effects.ask("second", { messages: [{ role: "user", content: "second after " + first.text }] });
      return { value: value + second.text.length };
    }
    // lab-allow file-in-trial: the test's gate
    while (!existsSync(${JSON.stringify(`${gates}/`)} + way)) await new Promise((resolve) => setTimeout(resolve, 20));
    if (way === "computes") await checkpoint({ value });
    return { value };
  },
});
`;
}

/** Resolves once the worker holds itself for its run, since the coordinator's claim has run out: after ten seconds. */
async function claimRenewed(id: string): Promise<void> {
  const url = (server?.url ?? "").replace("//", `//:${secret}@`);
  const redis = (await connectorOf({ url, pool: "lab" }))();
  const started = Date.now();
  let left = Number.POSITIVE_INFINITY;
  for (let now = 0; now <= left + 1000; now = await redis.pttl(farmKeys("lab").claim(id))) {
    if (now > 0) left = Math.min(left, now);
    assert.ok(Date.now() - started < 240_000, "the worker holds itself");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  redis.disconnect();
}

if (hasRedis()) {
  test.before(async () => {
    cache = mkdtempSync(join(tmpdir(), "labwright-cache-"));
    server = await startRedis(secret);
  });
  test.after(async () => {
    await server?.stop();
    rmSync(cache, { recursive: true, force: true });
  });

  test("the coordinator, a worker and Redis are killed in the middle, and nothing is lost or done twice", async () => {
    const here = farProject(20);
    const there = farProject(20);
    const first = startWorker("first", "-j", "1", "--labels", "gpu,site=north");
    let second = startWorker("second", "-j", "1");
    try {
      const local = here.lab("run", "-j", "2", "--quiet");
      assert.is(local.code, 0, local.all);
      await until(() => workers(there).length === 2, "two workers are there");
      assert.equal(workers(there)[0], {
        ...workers(there)[0],
        name: "first",
        state: "free",
        labels: { gpu: "yes", site: "north", node: process.version, arch: process.arch },
      });

      const cut = running(there);
      await until(() => cut.seen('"host-ready"') >= 2 && cut.seen('"progress"') > 2, "trials run on both");
      process.kill(-(cut.child.pid ?? 0), "SIGKILL");
      await cut.end;

      const run = running(there);
      await until(() => run.seen('"host-ready"') >= 2, "both work for the next controller");
      const more = there.lab("workers", "3");
      assert.match(more.stderr, /the run has 2 workers; for more: lab worker --redis redis:\S+\n/, more.all);
      second.kill("SIGKILL");
      second = startWorker("third", "-j", "1");
      await until(() => run.seen('"third-') > 0, "another takes its place");
      await server?.kill();
      await server?.start();
      const { code, all } = await run.end;
      assert.is(code, 0, all);
      assert.is(farResults(there), farResults(here));
      assertOnce(there);
      const verified = there.lab("verify", "--engine", "threads", "--sample", "6");
      assert.is(verified.code, 0, verified.all);
      const found = spawnSync("grep", ["-rl", secret, there.path(".lab"), cache], { encoding: "utf8" });
      assert.is(found.stdout, "", "the password is nowhere in the store or the cache");
      const arguments_ = spawnSync("ps", ["-eo", "args="], { encoding: "utf8" }).stdout;
      assert.not(arguments_.includes(secret), "nor in the arguments of any process");
    } finally {
      first.kill("SIGKILL");
      second.kill("SIGKILL");
      here.remove();
      there.remove();
    }
  });

  test("what workers have under way when the coordinator dies goes on for the next one: what ends, computes on, or waits for an answer", async () => {
    const gates = mkdtempSync(join(tmpdir(), "labwright-gates-"));
    let isSilent = false;
    const llm = await startFakeLlm({
      answer: ({ prompt }) => `answer to ${prompt}`,
      fault: ({ prompt }) => (isSilent && prompt.startsWith("second") ? "silence" : null),
    });
    const files = { "held.experiment.ts": heldIn(gates, llm.endpoint) };
    const [here, there] = [projectOf(files), projectOf(files)];
    const open = (gate: string): void => writeFileSync(join(gates, gate), "");
    const results = (project: Project): string =>
      project.lab("query", "--format", "csv", "select way, outcome, value from trials order by all").stdout;
    const worker = startWorker("steady", "-j", "4");
    let run: ReturnType<typeof running> | null = null;
    try {
      for (const gate of ["ends", "computes"]) open(gate);
      const local = await ended(here.start(["run", "-j", "2", "--quiet"]));
      assert.is(local.code, 0, local.all);
      for (const gate of ["ends", "computes"]) rmSync(join(gates, gate));
      isSilent = true;
      const before = llm.arrivals.length;
      const asked = () => llm.arrivals.slice(before);

      const cut = running(there);
      await until(
        () => asked().some(({ fault }) => fault === "silence") && workers(there)[0]?.leases === 4,
        "a call is on its way, another in the queue, two trials compute",
      );
      process.kill(-(cut.child.pid ?? 0), "SIGKILL");
      await cut.end;
      const killed = Date.now();
      open("ends");
      await until(() => (workers(there)[0]?.perSecond ?? 0) > 0, "one has ended, though nobody listens");
      assert.match(
        farm(there, "workers").stdout,
        /^worker +machine .*\nsteady +\S+ +4 +node=.* +working for r0001\S+ +[\d.]+\/s +3 +1$/m,
      );
      await claimRenewed(workers(there)[0]?.id ?? "");

      isSilent = false;
      run = running(there);
      const { seen } = run;
      await until(() => seen("3 units that steady-1 had under way") > 0, "they are taken over");
      open("computes");
      const { code, all } = await run.end;
      assert.is(code, 0, all);
      assert.match(all, /1 unit that was finished while no controller listened/);
      assert.is(results(there), results(here));
      const begun = there.lab(
        "query",
        "--format",
        "csv",
        `select count(*) as trials, count(*) filter (epoch_ms(started_at) > ${killed}) as after, max(attempt) as attempts from trials`,
      );
      assert.match(begun.stdout, /\n4,0,1\r?\n/);
      const onItsWay = asked().find(({ fault }) => fault === "silence")?.key;
      const times = asked().map(({ key }) => asked().filter((other) => other.key === key).length);
      assert.is(asked().length, 5, "each call once, and once more that of which nobody knows what became");
      assert.equal(
        times,
        asked().map(({ key }) => (key === onItsWay ? 2 : 1)),
      );
    } finally {
      worker.kill("SIGKILL");
      run?.child.kill("SIGKILL");
      for (const project of [here, there]) project.remove();
      rmSync(gates, { recursive: true, force: true });
      await llm.close();
    }
  });

  test("labels choose the workers of an experiment; while none has them the run says so and does the rest", async () => {
    const project = projectOf({
      "walk.experiment.ts": walk,
      "rendered.experiment.ts": walk
        .replaceAll('"walk"', '"rendered"')
        .replace("  question:", '  needs: { labels: ["gpu", "site=north"] },\n  question:'),
    });
    const plain = startWorker("plain", "-j", "1", "--labels", "site=north");
    // Its cache cannot be written: there is a file in the place of the folder.
    const unfit = startWorkerIn({ ...environment(), XDG_CACHE_HOME: project.path("package.json") }, "unfit");
    const left = ended(unfit);
    let fitting: ChildProcess | null = null;
    let run: ReturnType<typeof running> | null = null;
    try {
      const refused = project.lab("run", "rendered", "--engine", "threads");
      assert.is(refused.code, 2, refused.all);
      assert.match(
        refused.stderr,
        /machines for rendered: rendered\.experiment\.ts:\d+: it needs gpu, site=north, which the machine has not/,
      );
      assert.match(refused.stderr, /lab run --labels gpu,site=north/);
      const local = project.lab("run", "rendered", "--labels", "gpu,site=north", "--limit", "4", "--quiet");
      assert.is(local.code, 0, local.all);
      await until(() => workers(project).length === 2, "the workers are there");
      run = running(project);
      const { seen } = run;
      const unable = await left;
      assert.match(unable.stderr, /unfit: cannot keep the code of builds in \S+: E/);
      await until(
        () => seen("rendered waits for a worker with gpu, site=north; none is free") > 0,
        "it says so",
      );
      await until(() => seen('"job-finished","experiment":"walk"') > 0, "the rest is done");
      fitting = startWorker("fitting", "-j", "1", "--labels", "gpu=a100,site=north");
      const { code, all } = await run.end;
      assert.is(code, 0, all);
      assert.match(all, /lab worker --redis redis:\S+ --labels gpu,site=north/);
      const where = project.lab(
        "query",
        "--format",
        "csv",
        "select distinct experiment, split_part(worker, '-', 1) as host from trials where worker not like 'local%' order by all",
      );
      assert.match(where.stdout, /rendered,fitting/);
      assert.not.match(where.stdout, /rendered,plain/);
      assert.match(where.stdout, /walk,plain/);
      assert.not.match(where.stdout, /unfit/);
    } finally {
      plain.kill("SIGKILL");
      unfit.kill("SIGKILL");
      fitting?.kill("SIGKILL");
      run?.child.kill("SIGKILL");
      project.remove();
    }
  });

  test("a worker that is asked to leaves, and what cannot work is told why", async () => {
    const project = farProject(2);
    const worker = startWorker("leaving");
    const left = ended(worker);
    try {
      await until(() => workers(project).some(({ name }) => name === "leaving"), "the worker is there");
      const wrong = farm(project, "workers", "drain", "leavin");
      assert.is(wrong.status, 2);
      assert.match(wrong.stderr, /there is no worker "leavin"[\s\S]*leaving/);
      assert.is(farm(project, "workers", "drain", "leaving").status, 0);
      assert.is((await left).code, 0);
      await until(() => workers(project).length === 0, "it is gone from the list");
      // It ends: for want of a password nothing of it is left waiting.
      const unlike = project.lab("worker", "--redis", server?.url ?? "");
      assert.is(unlike.code, 2, unlike.all);
      assert.match(unlike.stderr, /redis:\S+ asks for a password \(NOAUTH\)\s+Set LAB_REDIS_PASSWORD/);
      for (const address of ["redis://127.0.0.1:99999", "redis://127.0.0.1/x", "localhost:6379"]) {
        const { code, stderr, all } = project.lab("workers", "--redis", address);
        assert.is(code, 2, all);
        assert.ok(stderr.includes(`redis "${address}" cannot be`), all);
      }
      const beyond = spawnSync(process.execPath, [lab, "workers", "--redis", `${server?.url}/99`], {
        encoding: "utf8",
        env: environment(),
      });
      assert.is(beyond.status, 2, "a database that there is not is not taken for the first one");
      assert.match(beyond.stderr, /has no database of this number/);
      const typed = project.lab("run", "--redis", "redis://me:hunter2@127.0.0.1:1");
      assert.is(typed.code, 2, typed.all);
      assert.match(typed.stderr, /--redis: the address has a password/);
      assert.not.match(typed.stderr, /hunter2/);
      const nobody = project.lab("run", "--redis", "redis://127.0.0.1:1");
      assert.is(nobody.code, 2, nobody.all);
      assert.match(
        nobody.stderr,
        /nothing was run: redis redis:\/\/127\.0\.0\.1:1: does not answer: .*ECONNREFUSED/,
      );
      const redis = (
        await connectorOf({ url: (server?.url ?? "").replace("//", `//:${secret}@`), pool: "lab" })
      )();
      const card = { id: "old.1", name: "old", threads: 2, labels: {}, labwright: "0.0.1", node: "18.1.0" };
      await redis.sadd("labwright:lab:workers", card.id);
      await redis.set("labwright:lab:worker:old.1", JSON.stringify({ ...card, state: "free" }), "PX", 60_000);
      const old = farm(project, "run");
      await redis.del("labwright:lab:worker:old.1");
      redis.disconnect();
      assert.is(old.status, 2, old.stderr);
      assert.match(old.stderr, /worker old has labwright 0\.0\.1, the run \S+: install labwright/);
      const unnamed = project.lab("run", "--engine", "bullmq");
      assert.is(unnamed.code, 2, unnamed.all);
      assert.match(unnamed.stderr, /engine bullmq has no Redis/);
    } finally {
      worker.kill("SIGKILL");
      project.remove();
    }
  });

  test("TLS with an authority of one's own, a user and a password; whoever lacks one of them is told so", async () => {
    const secured = await startRedis(secret, { user: "lab", tls: true });
    const project = projectOf({ "walk.experiment.ts": walk.replace("replicate(5", "replicate(1") });
    const known = {
      ...environment(),
      LAB_REDIS_USER: "lab",
      NODE_EXTRA_CA_CERTS: secured.authority ?? "",
    };
    // Of 32 threads there are too many for this machine.
    const here = { "rediss://queue.lab.example:6380": secured.url, "32": "1" };
    const [workerWords = [], runWords = []] = commandsUnder("docs/engines.md", "bullmq", here);
    const secureLab = (args: readonly string[], env: NodeJS.ProcessEnv) =>
      spawnSync(
        process.execPath,
        [lab, ...args, ...(args.includes("--redis") ? [] : ["--redis", secured.url])],
        {
          cwd: project.root,
          encoding: "utf8",
          env,
        },
      );
    const worker = spawn(process.execPath, [lab, ...workerWords, "--name", "sealed"], {
      stdio: "ignore",
      env: known,
    });
    try {
      const run = secureLab([...runWords, "--quiet"], known);
      assert.is(run.status, 0, run.stderr);
      const listed = secureLab(["workers"], known);
      assert.match(listed.stdout, /\nsealed +\S+ +1 +gpu, .*free .* [1-9]\d*\n/);
      const unknown = secureLab(["run"], { ...known, NODE_EXTRA_CA_CERTS: "" });
      assert.is(unknown.status, 2, unknown.stderr);
      assert.match(
        unknown.stderr,
        /has a certificate that is not trusted here: .*certificate[\s\S]*NODE_EXTRA_CA_CERTS/,
      );
      const wrong = secureLab(["run"], { ...known, LAB_REDIS_PASSWORD: "guessed" });
      assert.is(wrong.status, 2, wrong.stderr);
      assert.match(wrong.stderr, /knows no such user with this password \(WRONGPASS\)/);
    } finally {
      worker.kill("SIGKILL");
      await secured.stop();
      project.remove();
    }
  });
} else test("engine bullmq", () => console.log("skipped: needs redis-server"));

test.run();
