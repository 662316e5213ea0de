// What a run keeps beside its ledger: effects, saved states, artifacts, logs, provenance.
import { execFileSync } from "node:child_process";
import {
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { requestHashOf } from "../../effects/request-identity.ts";
import { runLayoutOf } from "../files/layout.ts";
import { openCheckpoints, storedCheckpoints } from "../kept/checkpoints.ts";
import { openEffectJournal } from "../kept/effect-journal.ts";
import { readTrialLog } from "../kept/trial-log.ts";
import { openStore } from "../project-store.ts";
import type { EffectIntent } from "../store.ts";
import { fixturePlan, startFixtureRun, temporaryProject } from "../testing/plan-fixture.ts";

const plan = fixturePlan();

function intentOf(trial: string, key: string, request: unknown): EffectIntent {
  const requestHash = requestHashOf("default", request);
  return { trial, key, kind: "default", request, requestHash, reuseKey: `${key} ${requestHash}` };
}

test("a journalled response is found by any later run of the same trial, an intent alone is in doubt", async () => {
  const root = temporaryProject();
  const first = await startFixtureRun(openStore(root), plan);
  assert.equal(first.effects.lookup("t1", "a/0"), { kind: "new" });
  const asked = intentOf("t1", "a/0", { prompt: "hi" });
  const { requestHash } = asked;
  const idempotencyKey = await first.effects.intend(asked);
  assert.equal(first.effects.lookup("t1", "a/0"), {
    kind: "in-doubt",
    isSent: true,
    idempotencyKey,
    requestHash,
    failure: null,
  });
  const usage = { calls: 1, tokens: 7 };
  await first.effects.respond({ trial: "t1", key: "a/0", response: { text: "hello" }, usage });
  const again = intentOf("t1", "a/1", { prompt: "again" });
  const lost = await first.effects.intend(again);
  await first.finish("stopped", { compact: false });
  const second = await startFixtureRun(openStore(root), plan);
  const answered = {
    kind: "response",
    response: { text: "hello" },
    usage,
    isReused: false,
    requestHash,
    attempts: { failed: [], isResent: false },
  };
  assert.equal(second.effects.lookup("t1", "a/0"), answered);
  assert.equal(second.effects.lookup("t1", "a/1"), {
    kind: "in-doubt",
    isSent: true,
    idempotencyKey: lost,
    requestHash: again.requestHash,
    failure: null,
  });
  assert.equal(second.effects.requestOf("t1", "a/1")?.request, { prompt: "again" });
  assert.is(await second.effects.intend(again), lost);
  await second.effects.respond({ trial: "t1", key: "a/1", response: null, usage: {} });
  assert.is(second.effects.lookup("t1", "a/1").kind, "response");
  assert.equal(second.effects.lookup("t2", "a/0"), { kind: "new" });
  await second.finish("stopped", { compact: false });
  const forced = await startFixtureRun(openStore(root), plan, { forced: true });
  assert.equal(forced.effects.lookup("t1", "a/0"), { kind: "new" });
  assert.is(forced.effects.reusable(asked.reuseKey), null, "a forced run draws on no earlier answer");
  await forced.finish("stopped", { compact: false });
});

test("an answer that is taken over stays when the run that paid for it is gone", async () => {
  const root = temporaryProject();
  const folders = ["first", "second"].map((name) => join(root, name));
  const paid = openEffectJournal({ folder: folders[0]!, read: folders });
  const asked = intentOf("before-the-edit", "a", { n: 1 });
  assert.is(paid.reusable(asked.reuseKey), null);
  await paid.intend(asked);
  assert.is(paid.reusable(asked.reuseKey), null, "an intent is no answer");
  await paid.respond({ trial: asked.trial, key: "a", response: [5], usage: { calls: 1 } });
  await paid.close();
  const edited = openEffectJournal({ folder: folders[1]!, read: folders });
  const same = { ...asked, trial: "after-the-edit" };
  assert.equal(edited.reusable(same.reuseKey), { response: [5] });
  await edited.adopt(same, [5]);
  await edited.close();
  rmSync(folders[0]!, { recursive: true });
  const later = openEffectJournal({ folder: folders[1]!, read: folders });
  const { requestHash } = asked;
  const taken = {
    kind: "response",
    response: [5],
    usage: {},
    isReused: true,
    requestHash,
    attempts: { failed: [], isResent: false },
  };
  assert.equal(later.lookup("after-the-edit", "a"), taken);
  assert.equal(later.reusable(asked.reuseKey), { response: [5] });
  await later.close();
});

test("a journal cut by a kill loses its last entry only, a changed one is refused", async () => {
  const folder = temporaryProject();
  const journal = openEffectJournal({ folder, read: [folder] });
  await journal.intend(intentOf("t", "k", {}));
  await journal.respond({ trial: "t", key: "k", response: 1, usage: {} });
  await journal.intend(intentOf("t", "l", {}));
  await journal.close();
  const path = join(folder, readdirSync(folder)[0]!);
  truncateSync(path, statSync(path).size - 5);
  const cut = openEffectJournal({ folder, read: [folder] });
  assert.is(cut.lookup("t", "k").kind, "response");
  assert.is(cut.lookup("t", "l").kind, "new");
  await cut.close();
  const bytes = readFileSync(path);
  bytes[60]! ^= 1;
  writeFileSync(path, bytes);
  assert.throws(
    () => openEffectJournal({ folder, read: [folder] }).lookup("t", "k"),
    /effect journal.*damaged/,
  );
});

test("the last saved states of ten megabytes come back; a damaged one is passed over for the one before", async () => {
  const folder = temporaryProject();
  const states = openCheckpoints(folder);
  assert.is(await states.load("ab12"), null);
  const stateOf = (start: number): Uint8Array =>
    new Uint8Array(10 * 2 ** 20).map((_, index) => start + index * 31);
  const save = (start: number, keep = 2): Promise<void> =>
    states.save("ab12", stateOf(start), { keep, steps: { done: start, total: 9 } });
  const loaded = async (): Promise<number | null> => (await states.load("ab12"))?.[0] ?? null;
  for (const start of [1, 2, 3]) await save(start);
  assert.equal(Buffer.compare((await states.load("ab12"))!, stateOf(3)), 0);
  assert.equal(readdirSync(folder).sort(), ["ab12.1.checkpoint", "ab12.checkpoint"]);
  const [stored] = await storedCheckpoints(folder);
  assert.equal([stored?.trial, stored?.bytes, stored?.steps], ["ab12", 10 * 2 ** 20, { done: 3, total: 9 }]);
  const spoil = (name: string): void => {
    const bytes = readFileSync(join(folder, name));
    bytes[5_000_000]! ^= 8;
    writeFileSync(join(folder, name), bytes);
  };
  spoil("ab12.checkpoint");
  assert.is(await loaded(), 2);
  // Killed after the states before were moved up and before the new one was there.
  renameSync(join(folder, "ab12.1.checkpoint"), join(folder, "ab12.2.checkpoint"));
  renameSync(join(folder, "ab12.checkpoint"), join(folder, "ab12.1.checkpoint"));
  assert.is(await loaded(), 2);
  spoil("ab12.2.checkpoint");
  assert.is(await loaded(), null);
  for (const start of [5, 6, 7]) await save(start, 3);
  spoil("ab12.checkpoint");
  spoil("ab12.1.checkpoint");
  assert.is(await loaded(), 5);
  await states.remove("ab12");
  await states.remove("ab12");
  assert.equal(readdirSync(folder), []);
});

test("an artifact is stored once by content, and a changed one is not passed off as it", async () => {
  const run = await startFixtureRun(openStore(temporaryProject()), plan);
  const bytes = new TextEncoder().encode("<svg/>");
  const hash = await run.artifacts.put(bytes);
  assert.is(await run.artifacts.put(bytes, hash), hash);
  assert.equal(await run.artifacts.read(hash), Buffer.from(bytes));
  writeFileSync(run.artifacts.pathOf(hash), "other");
  let words = "";
  await run.artifacts.read(hash).catch((error: Error) => (words = error.message));
  assert.match(words, /changed since/);
  await run.artifacts.put(bytes, "00".repeat(32)).catch((error: Error) => (words = error.message));
  assert.match(words, /announced as/);
  await run.finish("stopped", { compact: false });
});

test("what trials said is read back by trial over all runs", async () => {
  const root = temporaryProject();
  for (const text of ["one", "two"]) {
    const run = await startFixtureRun(openStore(root), plan);
    run.logs.append({ trial: "aa11", at: 5, level: "info", text });
    run.logs.append({ trial: "bb22", at: 6, level: "warn", text: "other" });
    await run.finish("stopped", { compact: false });
  }
  const texts: string[] = [];
  for await (const line of readTrialLog(openStore(root).layout, "aa"))
    texts.push(`${line.run.slice(0, 5)} ${line.text}`);
  assert.equal(texts, ["r0001 one", "r0002 two"]);
});

test("a run keeps the commit, what was changed since without secrets, versions and machine", async () => {
  const root = temporaryProject();
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", root, "-c", "user.name=a", "-c", "user.email=a@b", ...args], {
      encoding: "utf8",
    });
  git("init", "-q");
  writeFileSync(join(root, ".gitignore"), ".lab\n");
  writeFileSync(join(root, "package-lock.json"), "{}");
  writeFileSync(join(root, "a.ts"), "export const a = 1;\n");
  git("add", ".");
  git("commit", "-q", "-m", "first");
  const clean = await startFixtureRun(openStore(root), plan);
  await clean.finish("stopped", { compact: false });
  assert.is(clean.manifest.provenance.gitCommit, git("rev-parse", "HEAD").trim());
  assert.is(clean.manifest.provenance.gitDirty, false);
  assert.match(clean.manifest.provenance.lockfileHash ?? "", /^[0-9a-f]{64}$/);
  writeFileSync(join(root, "a.ts"), 'export const a = "sk-abcdefghijklmnopqrstuvwx";\n');
  writeFileSync(join(root, "b.ts"), "new file");
  const dirty = await startFixtureRun(openStore(root), plan, {
    command: "lab run --token ghp_abcdefghijklmnopqrstuvwxyz0123",
  });
  await dirty.finish("stopped", { compact: false });
  assert.is(dirty.manifest.provenance.gitDirty, true);
  assert.is(dirty.manifest.provenance.command, "lab run --token [redacted]");
  const diff = readFileSync(runLayoutOf(openStore(root).layout, dirty.manifest.id).diff, "utf8");
  assert.match(diff, /\+export const a = "\[redacted\]"/);
  assert.match(diff, /# untracked: b\.ts/);
  const outside = await startFixtureRun(openStore(temporaryProject()), plan);
  await outside.finish("stopped", { compact: false });
  assert.is(outside.manifest.provenance.gitCommit, null);
});

test.run();
