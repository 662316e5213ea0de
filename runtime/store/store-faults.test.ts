// The store against a hostile machine: a full disk, a read-only folder, a second run at once, a holder that was killed, a reader at work.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { basename, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cleanStore } from "./clean/clean.ts";
import { cleanableOf } from "./clean/cleanable.ts";
import { runLayoutOf } from "./files/layout.ts";
import { takeLock } from "./files/run-lock.ts";
import { LedgerFull, StoreError } from "./files/store-error.ts";
import { openStore } from "./project-store.ts";
import { isRunning } from "./runs/start-run.ts";
import {
  fixturePlan,
  measuredBatch,
  startFixtureRun,
  temporaryProject,
  trialJob,
  unitsTo,
} from "./testing/plan-fixture.ts";

const plan = fixturePlan({ replicates: 100_000 });
const modulePath = (name: string): string => new URL(name, import.meta.url).href;
const preamble = `
  import { openStore } from ${JSON.stringify(modulePath("./project-store.ts"))};
  import { fixturePlan, measuredBatch, startFixtureRun } from ${JSON.stringify(modulePath("./testing/plan-fixture.ts"))};
  const plan = fixturePlan({ replicates: 100_000 });
  const store = openStore(process.env.ROOT);
`;

function script(
  root: string,
  body: string,
): readonly [string, readonly string[], { readonly env: NodeJS.ProcessEnv }] {
  return [
    process.execPath,
    ["--import", "tsx", "--input-type=module", "-e", preamble + body],
    { env: { ...process.env, ROOT: root } },
  ];
}

/** A process that has begun a run, recorded units 0-9 and waits. */
async function recordingProcess(root: string) {
  const [command, args, options] = script(
    root,
    `const run = await startFixtureRun(store, plan);
     for (let unit = 0; unit < 10; unit++) run.ledger.append(measuredBatch([unit]));
     process.stdout.write("recorded\\n");
     process.stdin.on("data", async (data) => { run.ledger.append(measuredBatch([Number(data)])); process.stdout.write("more\\n"); });`,
  );
  const child = spawn(command, args, { ...options, stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout, "data");
  return child;
}

/** Mounts a file system of one megabyte; null where this user may not. */
function smallDisk(): string | null {
  const path = join(temporaryProject(), "disk");
  mkdirSync(path);
  return spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", path]).status === 0 ? path : null;
}

async function fillsUp(root: string): Promise<void> {
  const store = openStore(root);
  const run = await startFixtureRun(store, plan);
  let recorded = 0;
  let fault: unknown = null;
  while (fault === null && recorded < 100_000) {
    try {
      run.ledger.append(measuredBatch(unitsTo(100).map((unit) => recorded + unit)));
      recorded += 100;
    } catch (error) {
      fault = error;
    }
  }
  assert.instance(fault, LedgerFull);
  assert.match((fault as LedgerFull).message, /disk is full/i);
  assert.match((fault as LedgerFull).hint ?? "", /Everything recorded so far is kept.*same command again/);
  const records = await store.recordsOf(plan, plan.jobs[trialJob]!);
  assert.is(records.doneCount, recorded);
  assert.equal(records.damage, []);
  await run.ledger.close();
}

test("a full disk is named as such, and everything appended before stays whole", async () => {
  const disk = smallDisk();
  if (disk === null) {
    console.log("skipped: needs the right to mount a small tmpfs");
    return;
  }
  try {
    await fillsUp(disk);
  } finally {
    spawnSync("umount", ["-l", disk]);
  }
});

test("a run that a full disk refuses leaves nothing, and what is old can still be cleaned away", async () => {
  const disk = smallDisk();
  if (disk === null) {
    console.log("skipped: needs the right to mount a small tmpfs");
    return;
  }
  try {
    const old = await startFixtureRun(openStore(disk), plan);
    old.ledger.append(measuredBatch(unitsTo(5000)));
    await old.finish("complete", { compact: false });
    const newest = await startFixtureRun(openStore(disk), plan, { forced: true });
    newest.ledger.append(measuredBatch([0]));
    await newest.finish("complete", { compact: false });
    fillDisk(join(disk, "other"));
    const { folder } = openStore(disk);
    const before = readdirSync(folder, { recursive: true }).sort();
    for (let time = 0; time < 3; time += 1) {
      let fault: unknown = null;
      await startFixtureRun(openStore(disk), plan).catch((error: unknown) => (fault = error));
      assert.instance(fault, LedgerFull);
    }
    assert.equal(readdirSync(folder, { recursive: true }).sort(), before);
    const items = await cleanableOf(openStore(disk));
    assert.equal(
      items.map(({ path }) => basename(path)),
      [old.manifest.id],
    );
    assert.is((await cleanStore(openStore(disk), items)).length, 1);
    assert.is(existsSync(openStore(disk).layout.lock), false);
    const again = await startFixtureRun(openStore(disk), plan);
    await again.finish("complete", { compact: false });
  } finally {
    spawnSync("umount", ["-l", disk]);
  }
});

/** Takes every byte that is left. */
function fillDisk(path: string): void {
  const file = openSync(path, "w");
  try {
    for (let bytes = 65_536; bytes >= 1; )
      try {
        if (writeSync(file, new Uint8Array(bytes)) < bytes) bytes = Math.floor(bytes / 2);
      } catch {
        bytes = Math.floor(bytes / 2);
      }
  } finally {
    closeSync(file);
  }
}

test("a limit on the size of files counts as a full disk", () => {
  const root = temporaryProject();
  const [, args, options] = script(
    root,
    `process.on("SIGXFSZ", () => {});
     const run = await startFixtureRun(store, plan);
     let recorded = 0;
     try { for (;;) { run.ledger.append(measuredBatch(Array.from({ length: 100 }, (_, unit) => recorded + unit))); recorded += 100; } }
     catch (error) { console.log(JSON.stringify({ name: error.name, recorded, found: (await store.recordsOf(plan, plan.jobs[1])).doneCount })); process.exit(0); }`,
  );
  const quoted = [process.execPath, ...args].map((part) => `'${part.replaceAll("'", "'\\''")}'`).join(" ");
  const { stdout, stderr } = spawnSync("bash", ["-c", `ulimit -f 200; exec ${quoted}`], {
    ...options,
    encoding: "utf8",
  });
  assert.is(stderr, "");
  const { name, recorded, found } = JSON.parse(stdout);
  assert.is(name, "LedgerFull");
  assert.ok(recorded > 1000);
  assert.is(found, recorded);
});

test("a folder that cannot be written is named before anything runs, and can still be read", async () => {
  const disk = smallDisk();
  if (disk === null) {
    console.log("skipped: needs the right to mount a small tmpfs");
    return;
  }
  try {
    const run = await startFixtureRun(openStore(disk), plan);
    run.ledger.append(measuredBatch([0, 1]));
    await run.finish("stopped", { compact: false });
    assert.is(spawnSync("mount", ["-o", "remount,ro", disk]).status, 0);
    let fault: unknown = null;
    await startFixtureRun(openStore(disk), plan).catch((error: unknown) => (fault = error));
    assert.instance(fault, StoreError);
    assert.is((fault as StoreError).fault, "read-only");
    assert.match((fault as StoreError).message, /read-only/);
    assert.is((await openStore(disk).recordsOf(plan, plan.jobs[trialJob]!)).doneCount, 2);
  } finally {
    spawnSync("umount", ["-l", disk]);
  }
});

test("a second run is refused with the first one's name, reads while it goes on, and follows when it was killed", async () => {
  const root = temporaryProject();
  const child = await recordingProcess(root);
  const store = openStore(root);
  const [first] = await store.runs();
  assert.is(isRunning(store, first!), true);
  let fault: unknown = null;
  await startFixtureRun(store, plan).catch((error: unknown) => (fault = error));
  assert.instance(fault, StoreError);
  assert.match((fault as StoreError).message, new RegExp(`run ${first!.id}, process ${child.pid}`));
  const job = plan.jobs[trialJob]!;
  assert.is((await store.recordsOf(plan, job)).doneCount, 10);
  child.stdin.write("77");
  await once(child.stdout, "data");
  assert.is((await store.recordsOf(plan, job)).doneCount, 11);
  const [table] = (await store.results(first!)).tables;
  assert.is(table!.metrics.profit![77], 77);
  child.kill("SIGKILL");
  await once(child, "exit");
  assert.is(isRunning(store, first!), false);
  const resumed = await startFixtureRun(store, plan, { resume: first! });
  resumed.ledger.append(measuredBatch([11]));
  await resumed.finish("complete", { compact: false });
  assert.is((await store.recordsOf(plan, job)).doneCount, 12);
  assert.is(existsSync(store.layout.lock), false);
});

test("runs on unlike jobs go on side by side and each pins whole entries; one on the same job is refused", async () => {
  const root = temporaryProject();
  const store = openStore(root);
  const [solve, trial] = plan.jobs;
  const first = await startFixtureRun(store, plan, { records: [trial!] });
  const second = await startFixtureRun(openStore(root), plan, { records: [solve!], forced: true });
  assert.is.not(first.manifest.id, second.manifest.id);
  let fault: unknown = null;
  await startFixtureRun(openStore(root), plan, { records: [trial!] }).catch(
    (error: unknown) => (fault = error),
  );
  assert.match(
    (fault as StoreError).message,
    new RegExp(`recorded by another run: run ${first.manifest.id}`),
  );
  assert.is((await store.runs()).length, 2, "a refused run leaves nothing");
  await assertLocked(() => cleanStore(store, []));
  first.ledger.append(measuredBatch([0, 1]));
  const { segments } = runLayoutOf(store.layout, first.manifest.id);
  await first.ledger.sync();
  const whole = statSync(join(segments, "0001.wal")).size;
  // As a write that is not finished leaves it.
  appendFileSync(join(segments, "0001.wal"), new Uint8Array(20));
  const beside = await second.finish("complete", { compact: false });
  assert.equal(beside.sources, []);
  const third = await startFixtureRun(openStore(root), plan, { records: [solve!] });
  assert.equal((await third.finish("stopped", { compact: false })).sources, [
    { segment: `runs/${first.manifest.id}/segments/0001.wal`, bytes: whole },
  ]);
  truncateSync(join(segments, "0001.wal"), whole);
  await first.finish("complete", { compact: false });
  assert.equal(readdirSync(store.layout.locks), []);
  await cleanStore(store, []);
});

async function assertLocked(act: () => Promise<unknown>): Promise<void> {
  let fault: unknown = null;
  await act().catch((error: unknown) => (fault = error));
  assert.is(fault instanceof StoreError && fault.fault, "locked");
}

test("a lock of a recycled pid or an earlier boot is taken over, one of another machine is not", () => {
  const path = join(temporaryProject(), "lock");
  const own = takeLock(path, "run a");
  const text = readFileSync(path, "utf8");
  own.release();
  const leave = (change: object): void =>
    writeFileSync(path, JSON.stringify({ ...JSON.parse(text), token: "other", ...change }));
  for (const stale of [{ started: "1" }, { boot: "earlier" }, { pid: 2 ** 22 - 1, started: null }]) {
    leave(stale);
    takeLock(path, "run b").release();
    assert.is(existsSync(path), false);
  }
  leave({});
  assert.throws(() => takeLock(path, "run c"), /Another lab is writing.*run a/);
  leave({ host: "elsewhere", pid: 2 ** 22 - 1 });
  assert.throws(() => takeLock(path, "run c"), /on elsewhere/);
  writeFileSync(path, "{");
  assert.throws(() => takeLock(path, "run c"), /locked/);
});

test("of many that take a stale lock at once exactly one gets it", async () => {
  const path = join(temporaryProject(), "lock");
  const own = takeLock(path, "run a");
  const stale = JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), started: "1", token: "stale" });
  own.release();
  writeFileSync(path, stale);
  const body = `
    import { takeLock } from ${JSON.stringify(modulePath("./files/run-lock.ts"))};
    try { takeLock(${JSON.stringify(path)}, "run"); console.log("taken"); await new Promise((done) => process.stdin.once("data", done)); } catch { console.log("refused"); }
    process.exit(0);`;
  const children = unitsTo(4).map(() =>
    spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", body], {
      stdio: ["pipe", "pipe", "inherit"],
    }),
  );
  const words = await Promise.all(
    children.map(async (child) => String((await once(child.stdout, "data"))[0]).trim()),
  );
  // The others have ended, and with them what could be written to.
  children.forEach((child, i) => {
    if (words[i] === "taken") child.stdin.end("go\n");
  });
  assert.equal(words.sort(), ["refused", "refused", "refused", "taken"]);
});

test("files that may hold what only their owner should read are theirs alone", async () => {
  const store = openStore(temporaryProject());
  const run = await startFixtureRun(store, plan);
  await run.effects.intend({
    trial: "abcd",
    key: "ask",
    kind: "ask",
    request: { prompt: "x" },
    requestHash: "ab",
    reuseKey: "cd",
  });
  run.logs.append({ trial: "abcd", at: 0, level: "info", text: "x" });
  await run.finish("complete", { compact: false });
  const { effects, logs } = runLayoutOf(store.layout, run.manifest.id);
  for (const path of [join(effects, "0001.log"), join(logs, "0001.jsonl")])
    assert.is(statSync(path).mode & 0o777, 0o600, path);
});

test.run();
