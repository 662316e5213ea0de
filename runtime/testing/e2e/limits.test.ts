// Promise: what an experiment says under `limits` holds: trials end in time, failed ones are tried again, no more run at once than
// the machine has room for; and none of it makes a recorded trial run again.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ended, projectOf } from "./project.ts";

/** Of each mode the first attempt goes wrong, as a file that it leaves shows. */
const shaky = `import { existsSync, writeFileSync } from "node:fs";
import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "shaky",
  parameters: { mode: sweep(["fine", "hangs", "exits", "throws", "keeps-throwing"]) },
  replicates: replicate(2, { seed: 5 }),
  metrics: { value: metric.number() },
  limits: LIMITS,
  trial({ parameters, random, replicate }) {
    const value = random.float();
    // lab-allow machine-in-trial: whether it is the first attempt is what the test is about
    const mark = process.cwd() + "/mark-" + parameters.mode + replicate.index;
    // lab-allow file-in-trial: as above
    const isFirst = !existsSync(mark);
    if (replicate.index === 1 || parameters.mode === "fine") return { value };
    // lab-allow file-in-trial: as above
    writeFileSync(mark, "");
    if (parameters.mode === "keeps-throwing") throw new Error("never");
    if (!isFirst) return { value };
    if (parameters.mode === "hangs") for (;;) Math.sqrt(value);
    // lab-allow process-in-trial: a trial that ends its thread
    if (parameters.mode === "exits") process.exit(3);
    throw new Error("not yet");
  },
});
`;

const limits = `{ timeout: "2s", retry: { on: ["time-out", "crash", "thrown"], max: 2 } }`;

interface Row {
  readonly trial: string;
  readonly mode: string;
  readonly replicate: number;
  readonly outcome: string;
  readonly attempt: number;
}

test("a trial that fails is tried again as its limits say, and the endings before are kept", () => {
  const project = projectOf({ "shaky.experiment.ts": shaky.replace("LIMITS", limits) });
  const run = project.lab("run", "-j", "2", "--json");
  assert.is(run.code, 3, run.all);
  const retried = run.stdout
    .split("\n")
    .filter((line) => line.includes('"trial-retried"'))
    .map((line) => JSON.parse(line) as { reason: string; attempt: number; condition: { mode: string } });
  assert.equal(retried.map(({ reason, condition }) => `${condition.mode} ${reason}`).sort(), [
    "exits crash",
    "hangs time-out",
    "keeps-throwing thrown",
    "keeps-throwing thrown",
    "throws thrown",
  ]);
  const rows = JSON.parse(project.lab("export", "json", "shaky").stdout) as Row[];
  const bad = rows.filter(({ outcome }) => outcome !== "measured");
  assert.equal([rows.length, bad.map(({ mode }) => mode)], [10, ["keeps-throwing"]]);
  const trialOf = (mode: string): string =>
    rows.find((row) => row.mode === mode && row.replicate === 0)?.trial ?? "";
  const shown = project.lab("show", trialOf("hangs")).stdout;
  assert.match(shown, /outcome {2}measured/);
  assert.match(shown, /earlier {2}attempt 1, .*: failed \(time-out\): took longer than the time-out of 2 s/);
  const never = JSON.parse(project.lab("show", trialOf("keeps-throwing"), "--json").stdout);
  assert.equal([never.outcome.message, never.earlier.length], ["never", 2]);
  assert.match(
    project.lab("logs", trialOf("throws")).stdout,
    /attempt 1 failed \(thrown\): not yet; tried again/,
  );
  // Limits are no part of what a trial computes.
  project.write(
    "shaky.experiment.ts",
    shaky.replace("LIMITS", `{ timeout: "1h", memory: "800MB", resources: { cpu: 2 } }`),
  );
  const again = project.lab("run", "--json");
  assert.match(again.stdout, /"type":"run-finished".*"done":0/);
  assert.is(JSON.parse(project.lab("export", "json", "shaky").stdout).length, 10);
  project.remove();
});

const stubborn = `import { defineExperiment, metric, replicate } from "labwright";

export default defineExperiment({
  name: "stubborn",
  parameters: { least: 2 },
  replicates: replicate(1, { seed: 5 }),
  metrics: { value: metric.number() },
  limits: { retry: { on: ["thrown"], max: 2 } },
  trial({ random, parameters }) {
    const value = random.float();
    if (value < parameters.least) throw new Error("never");
    return { value };
  },
});
`;

test("a run that is killed between two tries goes on with the next, and --retry decides anew how many there are", async () => {
  const project = projectOf({ "stubborn.experiment.ts": stubborn });
  const child = project.start(["run", "-j", "1", "--json"]);
  child.stdout?.on("data", (bytes) => {
    // It may have ended meanwhile.
    if (String(bytes).includes('"trial-retried"') && child.exitCode === null)
      process.kill(-(child.pid ?? 0), "SIGKILL");
  });
  assert.is((await ended(child)).signal, "SIGKILL");
  const attemptsOf = (): readonly number[] => {
    const [row] = JSON.parse(project.lab("export", "json", "stubborn").stdout) as Row[];
    const shown = JSON.parse(project.lab("show", row?.trial ?? "", "--json").stdout);
    assert.is(shown.outcome.message, "never");
    const attempts = [shown, ...shown.earlier].map(({ telemetry }) => telemetry.attempt);
    assert.is(attempts[0], Math.max(...attempts), "of several failures the last counts");
    return attempts.sort();
  };
  const waiting = project.lab("status");
  assert.match(
    waiting.stdout,
    /1 failed \(thrown\): never\n {2}[0-9a-f]{16} {2}stubborn \(least=2; replicate 0\)\n/,
    waiting.all,
  );
  assert.match(waiting.stdout, /--inline; the failed one has tries left: lab run\n/, waiting.all);
  const again = project.lab("run", "--json");
  assert.is(again.code, 3, again.all);
  assert.match(again.stdout, /"type":"trial-retried".*"attempt":2,"most":2/);
  assert.equal(attemptsOf(), [1, 2, 3]);
  // All its tries are spent.
  assert.match(project.lab("status").stdout, /--inline; run the failed one again: lab run --retry-errors\n/);
  assert.match(project.lab("run", "--json").stdout, /"type":"run-finished".*"done":0/);
  assert.equal(attemptsOf(), [1, 2, 3]);
  const more = project.lab("run", "--retry", "3", "--json");
  assert.match(more.stdout, /"type":"run-finished".*"done":1/);
  assert.equal(attemptsOf(), [1, 2, 3, 4]);
  project.remove();
});

/** One takes more memory than a thread may; of another the whole host is killed until it was found to be the cause. Then they are well. */
const swelling = `import { existsSync, writeFileSync } from "node:fs";
import { defineExperiment, metric, sweep } from "labwright";

export default defineExperiment({
  name: "swelling",
  parameters: { takes: sweep(["thread", "host", "nothing"]) },
  metrics: { value: metric.number() },
  limits: { memory: "200MB", retry: { on: ["memory", "crash"], max: 1 } },
  trial({ parameters, random }) {
    const value = random.float();
    const kills = parameters.takes === "nothing" ? 0 : parameters.takes === "host" ? 3 : 1;
    for (let kill = 0; kill < kills; kill++) {
      // lab-allow machine-in-trial: which attempt it is is what the test is about
      const mark = process.cwd() + "/mark-" + parameters.takes + kill;
      // lab-allow file-in-trial: as above
      if (existsSync(mark)) continue;
      // lab-allow file-in-trial: as above
      writeFileSync(mark, "");
      // lab-allow machine-in-trial: which process is to be ended
      const host = process.pid;
      // lab-allow process-in-trial: as the kernel does with what takes too much
      if (parameters.takes === "host") process.kill(host, "SIGKILL");
      const held: number[][] = [];
      for (;;) held.push(new Array(1_000_000).fill(value));
    }
    return { value };
  },
});
`;

test("a trial that ran out of memory is tried again, also where it took its whole process with it", () => {
  const project = projectOf({ "swelling.experiment.ts": swelling });
  const run = project.lab("run", "-j", "1", "--json");
  assert.is(run.code, 0, run.all);
  const retried = run.stdout
    .split("\n")
    .filter((line) => line.includes('"trial-retried"'))
    .map((line) => JSON.parse(line) as { reason: string; message: string; condition: { takes: string } });
  const of = (takes: string) => retried.filter(({ condition }) => condition.takes === takes);
  assert.equal(
    of("thread").map(({ reason, message }) => `${reason}: ${message}`),
    ["memory: needed more memory than the 200 MB allowed"],
  );
  // Whether the kernel has killed it for lack of memory is asked of the system, where it tells.
  assert.match(
    of("host")
      .map(({ message }) => message)
      .join("|"),
    /^took its host down: it was killed by [^|]*$/,
  );
  const rows = JSON.parse(project.lab("export", "json", "swelling").stdout) as Row[];
  assert.equal(
    rows.map(({ outcome }) => outcome),
    ["measured", "measured", "measured"],
  );
  project.remove();
});

/** Each trial says when it began and when it ended. */
const wide = `import { defineExperiment, metric, replicate } from "labwright";

export default defineExperiment({
  name: "wide",
  parameters: {},
  replicates: replicate(6, { seed: 5 }),
  metrics: { value: metric.number() },
  limits: { resources: LIMITS },
  async trial({ log, random }) {
    log("begins");
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    log("ends");
    return { value: random.float() };
  },
});
`;

test("trials that take two cores are packed, and one that needs a graphics card is refused before the run", () => {
  const wideOf = (resources: string, waitMs = 60): string =>
    wide.replace("LIMITS", resources).replace("WAIT_MS", String(waitMs));
  const mostAtOnce = (resources: string, threads: number, waitMs?: number): number => {
    const project = projectOf({ "wide.experiment.ts": wideOf(resources, waitMs) });
    const run = project.lab("run", "-j", String(threads), "--json");
    assert.is(run.code, 0, run.all);
    const texts = [...run.stdout.matchAll(/"text":"(begins|ends)"/g)].map(([, text]) => text);
    assert.is(texts.length, 12);
    let now = 0;
    let most = 0;
    for (const text of texts) {
      now += text === "begins" ? 1 : -1;
      most = Math.max(most, now);
    }
    project.remove();
    return most;
  };
  // Long enough for a second thread to begin meanwhile, also on a busy machine.
  assert.is(mostAtOnce("{ cpu: 2 }", 4, 1000), 2);
  assert.is(mostAtOnce("{ cpu: 3 }", 2), 1);
  assert.is(mostAtOnce('{ memory: "900GB" }', 2), 1);
  const project = projectOf({ "wide.experiment.ts": wideOf("{ gpu: 1 }") });
  const refused = project.lab("run");
  assert.is(refused.code, 2, refused.all);
  assert.match(refused.stderr, /a trial of wide needs a graphics card; this machine has none/);
  assert.is(project.lab("list", "--json").all.includes("r0001"), false);
  project.remove();
});

/** Each trial leaves 2 MB behind in its thread: 200 of them would take more than a thread may. */
const leaking = `import { defineExperiment, metric, replicate } from "labwright";

// lab-allow mutable-module-state: a leak is what the test is about
const kept: Uint8Array[] = [];

export default defineExperiment({
  name: "leaking",
  parameters: {},
  replicates: replicate(200, { seed: 6 }),
  metrics: { value: metric.number() },
  limits: { memory: "300MB" },
  trial({ random }) {
    kept.push(new Uint8Array(2 * 2 ** 20).fill(1));
    let value = 0;
    for (let turn = 0; turn < 1_000_000; turn++) value += random.float();
    return { value };
  },
});
`;

test("a thread whose trials leave memory behind is replaced between leases, and no trial is lost or blamed", () => {
  const project = projectOf({ "leaking.experiment.ts": leaking });
  const run = project.lab("run", "-j", "1");
  assert.is(run.code, 0, run.all);
  assert.match(
    run.all,
    /worker local-1\/1 is replaced: what its trials leave behind has grown from \d+ MB to \d+ MB/,
  );
  const rows = JSON.parse(project.lab("export", "json", "leaking").stdout) as Row[];
  assert.equal([rows.length, rows.every(({ outcome }) => outcome === "measured")], [200, true]);
  assert.ok(rows.every(({ attempt }) => attempt === 1));
  project.remove();
});

/** One trial of more than five seconds that waits and holds 40 MB, one that is short. */
const hungry = `import { defineExperiment, metric, sweep } from "labwright";

export default defineExperiment({
  name: "hungry",
  parameters: { rounds: sweep([55, 1]) },
  metrics: { value: metric.number() },
  async trial({ parameters, random }) {
    let value = 0;
    const held = new Uint8Array(parameters.rounds > 1 ? 40 * 2 ** 20 : 1).fill(1);
    for (let round = 0; round < parameters.rounds; round++) {
      for (let turn = 0; turn < 1_000_000; turn++) value += random.float();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return { value: value + (held[0] ?? 0) };
  },
});
`;

interface Resources {
  readonly host: string;
  readonly memoryMb: number;
  readonly cpu: number | null;
  readonly workers: readonly {
    readonly worker: string;
    readonly cpu: number | null;
    readonly heldMb: number;
    readonly running: number;
  }[];
  readonly diskFreeMb: number | null;
}

test("what workers take of the machine is told while a run goes on, and a long trial's record has its peak", () => {
  const project = projectOf({ "hungry.experiment.ts": hungry });
  const run = project.lab("run", "-j", "2", "--json");
  assert.is(run.code, 0, run.all);
  const readings = run.stdout
    .split("\n")
    .filter((line) => line.includes('"type":"resources"'))
    .map((line) => JSON.parse(line) as Resources);
  assert.ok(readings.length >= 2, run.stdout);
  const last = readings.at(-1)!;
  assert.ok(
    last.memoryMb > 40 && (last.diskFreeMb ?? 1) > 0 && last.host === "local-1",
    JSON.stringify(last),
  );
  assert.equal(last.workers.map(({ worker }) => worker).sort(), ["local-1/1", "local-1/2"]);
  const workers = readings.flatMap((reading) => reading.workers);
  assert.ok(
    workers.some(({ running, heldMb }) => running === 1 && heldMb >= 40),
    run.stdout,
  );
  assert.ok(process.platform !== "linux" || workers.some(({ cpu }) => cpu !== null), run.stdout);
  const rows = JSON.parse(project.lab("export", "json", "hungry").stdout) as Record<string, unknown>[];
  const [long, short] = ["55", "1"].map((rounds) => rows.find((row) => String(row.rounds) === rounds));
  assert.ok(Number(long?.telemetry_peakMemoryMb) >= 40, JSON.stringify(long));
  assert.is(short?.telemetry_peakMemoryMb ?? null, null);
  project.remove();
});

test.run();
