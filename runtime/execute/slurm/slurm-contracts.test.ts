// The engine slurm keeps the contract of executors over a real Slurm with two nodes; what it asks of Slurm it learns without accounting, and keeps to.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { executorContract } from "../testing/executor-contract.ts";
import { onSlurm } from "../testing/on-slurm.ts";
import { arrayFolder } from "./array-folder.ts";
import { RunArrays } from "./run-arrays.ts";
import { slurm } from "./slurm.ts";
import { arrayLimits, endOf } from "./slurm-commands.ts";
import { readSlurm } from "./slurm-options.ts";

async function until(holds: () => boolean, what: string): Promise<void> {
  const started = Date.now();
  while (!holds()) {
    assert.ok(Date.now() - started < 60_000, what);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Commands of Slurm that answer otherwise: `$real` is the true one. */
async function answering(
  scripts: Readonly<Record<string, string>>,
  look: () => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "labwright-answers-"));
  const path = process.env.PATH ?? "";
  try {
    for (const [name, script] of Object.entries(scripts)) {
      const { stdout } = spawnSync("which", [name], { encoding: "utf8" });
      writeFileSync(join(folder, name), `#!/bin/sh\nreal=${stdout.trim()}\n${script}\n`, { mode: 0o755 });
    }
    process.env.PATH = `${folder}${delimiter}${path}`;
    await look();
  } finally {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  }
}

onSlurm(({ executorOf, command }) => {
  executorContract("slurm", { executorOf, threads: [1, 2] });

  test("how an element ended is known from scontrol, and from the job completion log once that has forgotten it", async () => {
    const array = command(
      "sbatch",
      "--parsable",
      "--array=0-1",
      "--output=/dev/null",
      "--wrap=exit 3",
    ).trim();
    await until(() => command("squeue", "-h", "-r").includes(`${array}_`) === false, "the array ends");
    const end = { words: "ended as FAILED, exit code 3:0" };
    assert.equal(await endOf({ array, task: 1 }), end);
    // As Slurm is MinJobAge after the end of a job.
    const forgetful =
      'case "$*" in *"show job"*) echo "slurm_load_jobs error: Invalid job id" >&2; exit 1;; esac\nexec $real "$@"';
    await answering({ scontrol: forgetful }, async () => {
      assert.equal(await endOf({ array, task: 0 }), end);
      assert.is(await endOf({ array, task: 9 }), null);
    });
    const cancelled = command("sbatch", "--parsable", "--array=0", "--begin=now+1hour", "--wrap=true").trim();
    command("scancel", cancelled);
    assert.equal(await endOf({ array: cancelled, task: 0 }), {
      words: "was cancelled (scancel)",
      isCancelled: true,
    });
  });

  test("an array that is longer than Slurm takes is submitted in parts, and less where Slurm refuses more", async () => {
    assert.equal(await arrayLimits("main"), { elements: 3, seconds: null });
    const root = mkdtempSync(join(tmpdir(), "labwright-parts-"));
    const jobName = `labwright-parts-${process.pid}`;
    const open = (elements: number): { readonly arrays: RunArrays; readonly told: readonly string[] } => {
      const told: string[] = [];
      const { setting } = readSlurm({ elements, arrayChunk: 1, sbatch: ["--begin=now+1hour"] }, null);
      const of = { setting, folder: arrayFolder(root), jobName, code: root, memoryMb: null, controller: 1 };
      const arrays = new RunArrays({ ...of, onLeft: () => undefined });
      arrays.open(
        { hosts: 1, threads: 1, units: 50, memoryMb: null, code: root, session: "r/1", labels: [[]] },
        {
          onHost: () => {
            throw new Error("none is to begin");
          },
          onMissing: (reason) => told.push(reason),
          onNews: (text) => told.push(text),
        },
      );
      return { arrays, told };
    };
    const waiting = (): string[] =>
      command("squeue", "-h", "-r", `--name=${jobName}`, "-o", "%F_%K").trim().split("\n");
    try {
      const { arrays, told } = open(5);
      await until(() => waiting().length === 5, "five elements wait");
      arrays.leave();
      assert.is(new Set(waiting().map((element) => element.split("_")[0])).size, 2, "in two arrays");
      assert.equal(told, []);
      // What Slurm says where somebody may have no more jobs (src/common/slurm_errno.c: ESLURM_ACCOUNTING_POLICY).
      const words = "Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)";
      const full = `case "$*" in *--array=0-0*) exec $real "$@";; esac
echo "sbatch: error: Batch job submission failed: ${words}" >&2; exit 1`;
      command("scancel", "--me", `--name=${jobName}`);
      await answering({ sbatch: full }, async () => {
        const { arrays: halved } = open(2);
        await until(() => waiting().length === 2, "both wait, one by one");
        halved.leave();
      });
    } finally {
      command("scancel", "--me", `--name=${jobName}`);
      rmSync(root, { recursive: true });
    }
  });

  test("an account that may not be used is named before anything is submitted, with the nearest that may", async () => {
    // As with AccountingStorageEnforce=associations, which needs a database: ESLURM_INVALID_ACCOUNT.
    const refusing = `case "$*" in *--account=phisics*) echo "allocation failure: Invalid account or account/partition combination specified" >&2; exit 1;; esac
exec $real "$@"`;
    const scripts = { sbatch: refusing, sacctmgr: "echo physics; echo biology" };
    await answering(scripts, async () => {
      const wrong = await slurm({ account: "phisics" }).check({ threads: null }, []);
      assert.equal(
        wrong.filter(({ status }) => status === "failed"),
        [
          {
            check: "slurm",
            status: "failed",
            found: "would refuse the array: Invalid account or account/partition combination specified",
            remedy: 'Did you mean "physics"?',
          },
        ],
      );
      const right = await slurm({ account: "physics" }).check({ threads: null }, []);
      assert.ok(right.every(({ status }) => status === "ok"));
    });
  });
});

test.run();
