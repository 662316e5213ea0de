// Promise: no host outlives its run, nothing that a trial leaves behind holds the run up, and what a trial does to its own process is
// told for what it is.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ended, type Project, projectOf } from "./project.ts";

/** A project of two trials, `turn` 1 and 2, which call `rough(turn)`. */
function projectWith(body: string): Project {
  return projectOf({
    "rough.experiment.ts": `import { defineExperiment, metric, sweep } from "labwright";
import { rough } from "./rough.mjs";

export default defineExperiment({
  name: "rough",
  parameters: { turn: sweep([1, 2]) },
  metrics: { told: metric.number() },
  trial({ parameters: { turn } }) {
    rough(turn);
    return { told: turn };
  },
});
`,
    "rough.d.mts": "export declare function rough(turn: number): void;\n",
    "rough.mjs": `import { execSync, spawn } from "node:child_process";
import { writeFileSync, writeSync } from "node:fs";

export function rough(turn) {
  // lab-allow file-in-trial, machine-in-trial: the test wants to know the host
  writeFileSync(process.cwd() + "/host-" + turn, String(process.pid));
  // lab-allow process-in-trial, machine-in-trial, file-in-trial: what it does to its host is the point
  ${body}
}
`,
  });
}

/** Polls, as a process that was killed is gone a moment later. */
async function until(holds: () => boolean, what: string): Promise<void> {
  const started = Date.now();
  while (!holds()) {
    assert.ok(Date.now() - started < 60_000, what);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function lives(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", `${pid}`], { encoding: "utf8" });
  return stdout.trim() !== "" && !stdout.startsWith("Z");
}

for (const [what, body] of [
  ["spin", "for (;;) {}"],
  ["sleep in native code", 'execSync("sleep 300");'],
] as const) {
  test(`a host whose trials ${what} ends with the lab that is killed`, async () => {
    const project = projectWith(body);
    try {
      const lab = project.start(["run", "-j", "2"]);
      await until(() => existsSync(project.path("host-1")), "a trial runs");
      const host = Number(project.read("host-1"));
      assert.ok(lives(host));
      if (process.platform === "linux")
        assert.is(
          readFileSync(`/proc/${host}/oom_score_adj`, "utf8").trim(),
          "300",
          "it goes before the lab",
        );
      lab.kill("SIGKILL");
      await ended(lab);
      await until(() => !lives(host), "the host is gone");
    } finally {
      project.remove();
    }
  });
}

test("a trial that kills the lab leaves no host behind", async () => {
  const project = projectWith('if (turn === 2) process.kill(process.ppid, "SIGKILL"); for (;;) {}');
  try {
    await ended(project.start(["run", "-j", "2"]));
    const host = Number(project.read("host-2"));
    await until(() => !lives(host), "the host is gone");
  } finally {
    project.remove();
  }
});

test("what a trial leaves running does not hold up a run that is done", async () => {
  const project = projectWith(
    'const child = spawn("sleep", ["300"], { stdio: "inherit" }); const left = child.unref(); writeFileSync(process.cwd() + "/left-" + turn, String(child.pid));',
  );
  try {
    const started = Date.now();
    const run = project.lab("run", "-j", "1");
    assert.is(run.code, 0, run.all);
    assert.ok(Date.now() - started < 120_000, "the run ended by itself");
    for (const turn of [1, 2]) process.kill(Number(project.read(`left-${turn}`)));
  } finally {
    project.remove();
  }
});

const deeds: readonly (readonly [what: string, body: string, words: RegExp])[] = [
  ["kills itself", 'process.kill(process.pid, "SIGKILL");', /^took its host down: it was killed by SIGKILL/],
  [
    "writes to its host's own pipe",
    'writeSync(3, "this is no message of a host, and long enough"); for (;;) {}',
    /^took its host down: it sent what is no message/,
  ],
];

for (const [what, deed, words] of deeds) {
  test(`a trial that ${what} is a crash, and not one of memory`, () => {
    const project = projectWith(`if (turn === 2) { ${deed} }`);
    try {
      const run = project.lab("run", "-j", "2");
      assert.is(run.code, 3, run.all);
      const found = project.lab(
        "query",
        "--format",
        "json",
        "select turn, outcome, reason, message from trials order by turn",
      );
      const [one, two] = JSON.parse(found.stdout) as Record<string, unknown>[];
      assert.is(one?.outcome, "measured");
      assert.is(two?.reason, "crash");
      assert.match(String(two?.message), words);
    } finally {
      project.remove();
    }
  });
}

test.run();
