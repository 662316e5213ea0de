// Promise: a run under way is steered from another terminal, and whoever steers it is told in one line what came of it.
import { renameSync, statSync } from "node:fs";
import { createConnection } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { begun, gatedExperiment, isReady, killGroup, removeLive } from "./live-project.ts";
import { ended, type Project, projectOf } from "./project.ts";

const gated = gatedExperiment("gated");

function recordedOf(project: Project, experiment = "gated"): number {
  const rows = JSON.parse(project.lab("export", "json", experiment).stdout) as { outcome: string | null }[];
  return rows.filter(({ outcome }) => outcome === "measured").length;
}

/** As the manifest has them. */
function statusesOf(project: Project): readonly string[] {
  const { stdout } = project.lab("export", "manifest-jsonl");
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).status);
}

test("pause lets what runs end and starts no more; unpause goes on; both are events of the run", async () => {
  const project = projectOf({ "gated.experiment.ts": gated });
  try {
    const { end, lines, until } = begun(project);
    await until(isReady);
    const going = statusesOf(project);
    assert.is(going.filter((status) => status === "running").length, 2);
    assert.ok(going.every((status) => ["running", "prepared", "pending"].includes(status)));
    const standing = JSON.parse(project.lab("status", "--json").stdout);
    assert.is(standing.statuses.running, 2);
    assert.match(project.lab("status", "--trials").stdout, /trials: 2 running[\s\S]*[0-9a-f]{8} +running/);
    const paused = project.lab("pause", "--json");
    assert.is(paused.code, 0, paused.all);
    assert.is(JSON.parse(paused.stdout).act.do, "pause");
    const twice = project.lab("pause");
    assert.is(twice.code, 2);
    assert.match(twice.stderr, /paused already/);
    project.write("open", "");
    const unpaused = project.lab("unpause", "gated");
    assert.is(unpaused.code, 0, unpaused.all);
    const { code, all } = await end;
    assert.is(code, 0, all);
    assert.equal(
      lines.filter(({ type }) => type === "act").map(({ act }) => (act as { do: string }).do),
      ["pause", "unpause"],
    );
    assert.is(recordedOf(project), 40);
    assert.ok(statusesOf(project).every((status) => status === "completed"));
    assert.equal(JSON.parse(project.lab("status", "--json").stdout).statuses, { completed: 40 });
    const over = project.lab("pause");
    assert.is(over.code, 2);
    assert.match(over.stderr, /it is complete/);
  } finally {
    removeLive(project);
  }
});

test("stop ends a run as one Ctrl-C does, --now as two; a killed run is told from one that was stopped", async () => {
  const project = projectOf({ "gated.experiment.ts": gated });
  try {
    const first = begun(project);
    await first.until(isReady);
    const stopped = project.lab("stop");
    assert.is(stopped.code, 0, stopped.all);
    assert.match(stopped.stderr, /go on later with: lab run/);
    project.write("open", "");
    const drained = await first.end;
    assert.is(drained.code, 130, drained.all);
    const before = recordedOf(project);
    assert.ok(before > 0 && before < 40, `${before} trials were recorded`);
    project.lab("stop");
    assert.match(project.lab("stop").stderr, /it was stopped[\s\S]*go on with: lab run/i);

    renameSync(project.path("open"), project.path("shut"));
    const second = begun(project);
    await second.until(isReady);
    assert.is(project.lab("stop", "--now").code, 0);
    assert.is((await second.end).code, 130);
    assert.is(recordedOf(project), before);

    const third = begun(project);
    await third.until(isReady);
    killGroup(third.child);
    await third.end;
    const gone = project.lab("pause");
    assert.is(gone.code, 2);
    assert.match(gone.stderr, /process is gone[\s\S]*go on with: lab run/i);
    renameSync(project.path("shut"), project.path("open"));
    assert.is(project.lab("run", "--quiet").code, 0);
    assert.is(recordedOf(project), 40);
  } finally {
    removeLive(project);
  }
});

test("a detached run goes on by itself; attach shows it and ends as it does; watch says where it stands until the end", async () => {
  const project = projectOf({ "gated.experiment.ts": gated });
  try {
    const wrong = project.lab("run", "gatde", "--detach");
    assert.is(wrong.code, 2, wrong.all);
    assert.match(wrong.stderr, /no experiment "gatde"/);
    const detached = project.lab("run", "-j", "2", "--detach", "--json");
    assert.is(detached.code, 0, detached.all);
    const { run, log } = JSON.parse(detached.stdout) as { run: string; log: string };
    const left = begun(project, ["attach", "--json"]);
    await left.until(isReady);
    left.child.kill("SIGINT");
    const leaving = await left.end;
    assert.is(leaving.code, 0, leaving.all);
    assert.match(leaving.stderr, /goes on; lab attach/);
    const watching = ended(project.start(["watch"]));
    const attached = begun(project, ["attach", run, "--json"]);
    await attached.until(isReady);
    project.write("open", "");
    const shown = await attached.end;
    assert.is(shown.code, 0, shown.all);
    const watched = await watching;
    assert.is(watched.code, 0, watched.all);
    assert.match(watched.stdout, new RegExp(`${run}  running`));
    assert.match(watched.stdout, /40\/40 trials/);
    assert.match(watched.stderr, /complete after/);
    assert.is(recordedOf(project), 40);
    assert.match(project.read(log.slice(project.root.length)), /complete: 40 run/);
    assert.is(project.lab("run", "--detach").code, 0, "nothing was left to run");
  } finally {
    removeLive(project);
  }
});

test("--max-hours lets what runs end and stops with code 4; a killed run ends who watches it in words", async () => {
  const project = projectOf({ "gated.experiment.ts": gated });
  try {
    project.write("open", "");
    const spent = project.lab("run", "-j", "2", "--max-hours", "1e-9");
    assert.is(spent.code, 4, spent.all);
    assert.match(spent.stderr, /--max-hours/);
    renameSync(project.path("open"), project.path("shut"));
    const again = begun(project);
    await again.until(isReady);
    const watching = begun(project, ["watch", "--json"]);
    await new Promise<void>((resolve) => watching.child.stdout?.once("data", () => resolve()));
    killGroup(again.child);
    const { code, stderr, all } = await watching.end;
    assert.is(code, 2, all);
    assert.match(stderr, /process is gone[\s\S]*go on with: lab run/i);
    renameSync(project.path("shut"), project.path("open"));
    assert.is(project.lab("run", "--quiet").code, 0);
    assert.is(recordedOf(project), 40);
  } finally {
    removeLive(project);
  }
});

test("a cancelled arm is left out on record, for later runs too, until it is asked for; a trial alike", async () => {
  const project = projectOf({ "gated.experiment.ts": gated });
  try {
    project.write("open-b", "");
    const first = begun(project, ["run", "-j", "2", "--json"]);
    await first.until(({ type, done }) => type === "progress" && (done as number) > 0);
    assert.match(project.lab("cancel", "arm=c").stderr, /no condition of gated has arm=c/);
    assert.match(project.lab("cancel", "leg=a").stderr, /no experiment of the run has leg/);
    assert.match(project.lab("cancel", "ffff0000").stderr, /there is no trial/);
    const cancelled = project.lab("cancel", "arm=a", "--json");
    assert.is(cancelled.code, 0, cancelled.all);
    // The trials of the arm that waited were told to end: nothing opens their gate.
    const { code, all } = await first.end;
    assert.is(code, 0, all);
    assert.is(recordedOf(project), 20);
    const { act } = JSON.parse(cancelled.stdout);
    assert.equal([act.arm, act.trials, act.replicates], ["arm=a", 20, 0]);
    const status = JSON.parse(project.lab("status", "--json").stdout);
    assert.equal(
      status.cancelled.map(({ arm, trials }: { arm: string; trials: number }) => [arm, trials]),
      [["arm=a", 20]],
    );
    assert.match(
      project.lab("status").stdout,
      /cancelled: arm=a of gated by .* after 0 replicates, 20 trials/,
    );
    const report = project.lab("report", "--format", "json", "--output-dir", "found");
    assert.is(report.code, 0, report.all);
    assert.match(project.read("found/report.json"), /The arm arm=a was cancelled by .* after 0 replicates/);
    project.write("open", "");
    project.write("other.experiment.ts", gatedExperiment("other"));
    const other = project.lab("run", "other", "-j", "2");
    assert.is(other.code, 0, other.all);
    assert.not.match(
      project.lab("status", "other").stdout,
      /arm=a of gated/,
      "a run tells of its own experiments",
    );
    const again = project.lab("run", "gated");
    assert.is(again.code, 0, again.all);
    assert.is(recordedOf(project), 20);
    const asked = project.lab("run", "gated", "--cancelled");
    assert.is(asked.code, 0, asked.all);
    assert.is(recordedOf(project), 40);
    assert.is(JSON.parse(project.lab("status", "--json").stdout).cancelled.length, 0);
  } finally {
    removeLive(project);
  }
});

test("failed trials run again while the run goes on, by cause and by arm; the new outcome counts", async () => {
  const fails = `import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "fails",
  parameters: { arm: sweep(["a", "b"]) },
  replicates: replicate(20, { seed: 1 }),
  metrics: { value: metric.number() },
  async trial({ parameters: { arm }, replicate: { index }, random }) {
    // lab-allow file-in-trial: the test's gate
    if (arm === "a" && index < 3 && !existsSync("mended")) throw new Error("no " + index + " of 9");
    // lab-allow file-in-trial: the test's gate
    while (index >= 6 && !existsSync("open")) await pause(10);
    return { value: random.float() };
  },
});
`;
  const project = projectOf({ "fails.experiment.ts": fails });
  try {
    const { end, lines, until } = begun(project);
    await until(({ type, failed }) => type === "progress" && failed === 3);
    assert.match(project.lab("retry", "arm=b").stderr, /nothing of it has failed in this run/);
    assert.match(project.lab("retry", "arm=c").stderr, /no condition of fails has arm=c/);
    assert.match(project.lab("retry", "--cause", "lost").stderr, /nothing of it has failed with "lost"/);
    assert.match(project.lab("retry", "--experiment", "fals").stderr, /no experiment "fals"; it has fails/);
    project.write("mended", "");
    const retried = project.lab("retry", "--cause", "no 7 of 9", "--json");
    assert.is(retried.code, 0, retried.all);
    const { act } = JSON.parse(retried.stdout);
    assert.equal([act.trials, act.causes], [3, [{ words: "no # of #", trials: 3 }]]);
    assert.match(project.lab("retry").stderr, /nothing of it has failed/, "they have not failed since");
    project.write("open", "");
    const { code, all } = await end;
    assert.is(code, 0, all);
    assert.is(recordedOf(project, "fails"), 40);
    const finished = lines.findLast(({ type }) => type === "run-finished");
    assert.equal([finished?.done, finished?.failed, finished?.unmeasured], [40, 0, 0]);
    const over = project.lab("retry");
    assert.is(over.code, 2);
    assert.match(over.stderr, /it is complete/);
  } finally {
    removeLive(project);
  }
});

test("workers are added and taken while a run goes on, and priorities say which experiment starts first", async () => {
  const project = projectOf({
    "one.experiment.ts": gatedExperiment("one"),
    "two.experiment.ts": gatedExperiment("two"),
  });
  try {
    const { end, lines, until } = begun(project, ["run", "-j", "1", "--priority", "two=1", "--json"]);
    assert.is((await until(isReady)).experiment, "two");
    const more = project.lab("workers", "3");
    assert.is(more.code, 0, more.all);
    await until(({ type, host }) => type === "host-ready" && host === "local-2");
    assert.is(project.lab("workers", "1").code, 0);
    assert.is(project.lab("workers", "0").code, 2);
    assert.match(project.lab("priority", "thre", "5").stderr, /no experiment "thre"; it has one, two/);
    assert.is(project.lab("priority", "one", "5").code, 0);
    project.write("open", "");
    const { code, all } = await end;
    assert.is(code, 0, all);
    const finished = lines.filter(({ type }) => type === "job-finished").map(({ experiment }) => experiment);
    assert.equal(finished, ["one", "two"]);
    assert.match(project.lab("run", "--priority", "thre=1").stderr, /no experiment "thre"/);
  } finally {
    removeLive(project);
  }
});

test("the socket answers partial, wrong and repeated requests, refuses huge ones, and is its owner's alone", async () => {
  const project = projectOf({ "gated.experiment.ts": gated });
  try {
    const { end, lines, until } = begun(project);
    await until(isReady);
    const { run } = lines.find(({ type }) => type === "run-started") as unknown as { run: string };
    const socket = project.read(`.lab/runs/${run}/control/address`).trim();
    assert.is(statSync(socket).mode & 0o777, 0o600);
    const said = await new Promise<string>((resolve) => {
      const connection = createConnection(socket);
      let text = "";
      connection.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
        if (text.split("\n").length === 9) connection.write("x".repeat(100_000));
      });
      connection.on("close", () => resolve(text));
      connection.write('{"id":1,"do":"sta');
      connection.write('te"}\nno JSON\n{"id":2,"do":"dance"}\n');
      const asked = { do: "pause", key: "k", seen: 0, origin: "page", by: "ada" };
      // The same twice; decided before that was seen, also twice; and the first once more, which is still answered as it was.
      for (const [index, each] of [
        asked,
        asked,
        { ...asked, do: "drain", key: "l" },
        { ...asked, key: "l", seen: 1 },
        asked,
      ].entries())
        connection.write(`${JSON.stringify({ ...each, id: 3 + index })}\n`);
    });
    const [state, wrong, unknown, once, again, stale, staleAgain, late, huge] = said
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.is(state.ok.state.phase, "running");
    assert.match(wrong.error, /JSON/);
    assert.match(unknown.error, /nothing is called "dance"/);
    assert.equal([once.id, again.id], [3, 4]);
    assert.equal([once.ok.number, again.ok, late.ok], [1, once.ok, once.ok]);
    assert.match(stale.error, /^somebody has acted since this was decided: paused by ada \(page\)/);
    assert.is(staleAgain.error, stale.error);
    assert.match(huge.error, /longer than/);
    assert.is(lines.filter(({ type }) => type === "act").length, 1);
    const kept = project.read(`.lab/runs/${run}/acts.jsonl`).trim().split("\n");
    assert.equal(
      kept.map((line) => JSON.parse(line)).map(({ by, origin }) => [by, origin]),
      [["ada", "page"]],
    );
    project.write("open", "");
    assert.is(project.lab("unpause").code, 0);
    assert.is((await end).code, 0);
  } finally {
    removeLive(project);
  }
});

test.run();
