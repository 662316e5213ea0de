// Promise: the same results on other machines as on this one, whatever becomes of the line between them, and one clear line for what is missing there.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { hasSshd, type Sshd, startSshd } from "../services/sshd.ts";
import { commandsUnder } from "./documented.ts";
import { ended, type Project, projectOf } from "./project.ts";
import { relay, spin, walk } from "./sample-experiments.ts";

const lab = fileURLToPath(new URL("../../../dist/runtime/cli/lab.js", import.meta.url));
// Of this checkout: others on the machine may run their own.
const hostProgram = fileURLToPath(new URL("../../../dist/runtime/execute/host/host.js", import.meta.url));
let server: Sshd | null = null;

const program = `import { command, defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "counted",
  parameters: { letter: sweep(["a", "b"]) },
  replicates: replicate(2, { seed: 7 }),
  metrics: { letters: metric.integer() },
  trial: command({ run: ["sh", "count.sh"], metrics: { json: "metrics.json" } }),
});
`;
/** Looks into its configuration, which lies in the folder that was made for it on the machine. */
const script = `grep -o '"letter": *"[ab]"' config.json | wc -c | sed 's/.*/{"letters": &}/' > metrics.json\n`;

function configOf(...hosts: readonly object[]): string {
  const options = JSON.stringify(server?.options ?? []);
  return `import { defineConfig, ssh } from "labwright/config";

export default defineConfig({ engine: ssh({ hosts: ${JSON.stringify(hosts)}, options: ${options} }) });
`;
}

function projectWith(...hosts: readonly object[]): Project {
  return projectOf({
    "walk.experiment.ts": walk,
    // Long enough to be cut off in.
    "relay.experiment.ts": relay.replace("replicate(6", "replicate(24"),
    "spin.ts": spin,
    "counted.experiment.ts": program,
    "count.sh": script,
    "lab.config.ts": configOf(...hosts),
  });
}

function resultsOf(project: Project): string {
  const trials = project.lab(
    "query",
    "--format",
    "csv",
    "select experiment, condition, replicate, outcome, distance, turned, total, course, letters from trials order by all",
  );
  assert.is(trials.code, 0, trials.all);
  const path = project.lab("export", "csv", "walk", "--series", "path");
  assert.is(path.code, 0, path.all);
  return trials.stdout + path.stdout.split("\n").sort().join("\n");
}

/** Processes whose command line has all of these. */
function processes(...words: readonly string[]): readonly number[] {
  const { stdout } = spawnSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" });
  return stdout
    .split("\n")
    .filter((line) => words.every((word) => line.includes(word)))
    .map((line) => Number(line.trim().split(" ")[0]));
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const started = Date.now();
  while (!holds()) {
    assert.ok(Date.now() - started < 60_000, what);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

if (hasSshd()) {
  const path = process.env.PATH ?? "";
  let bin = "";
  test.before(async () => {
    // Where labwright is installed for all, sshd's sessions find `lab`.
    bin = mkdtempSync(join(tmpdir(), "labwright-bin-"));
    symlinkSync(lab, join(bin, "lab"));
    process.env.PATH = `${bin}${delimiter}${path}`;
    server = await startSshd(["machine-1", "machine-2", "big-box", "lab-7"]);
    process.env.PATH = path;
  });
  test.after(() => {
    server?.stop();
    rmSync(bin, { recursive: true, force: true });
  });

  test("a run over ssh ends with the bytes of a local one, though its line is cut and its hosts are killed", async () => {
    const here = projectWith({ host: "machine-1", threads: 2, lab });
    const there = projectWith({ host: "machine-1", threads: 2, lab }, { host: "machine-2", threads: 1, lab });
    try {
      const local = here.lab("run", "--engine", "threads", "-j", "2", "--quiet");
      assert.is(local.code, 0, local.all);
      const run = there.start(["run", "--json"]);
      const end = ended(run);
      let records = 0;
      let said = "";
      run.stdout?.on("data", (bytes: Buffer) => {
        said += bytes.toString();
        records = said.split('"type":"progress"').length;
      });
      await until(() => said.split('"host-ready"').length > 2 && records > 1, "trials run over there");
      server?.cut();
      await server?.heal();
      await until(() => said.split('"host-ready"').length > 3, "the machines come again");
      let hosts: readonly number[] = [];
      await until(() => {
        hosts = processes(hostProgram, '"threads":2');
        return hosts.length > 0;
      }, "a host is there to be killed");
      for (const pid of hosts) process.kill(pid, "SIGKILL");
      const { code, all } = await end;
      assert.is(code, 0, all);
      assert.is(resultsOf(there), resultsOf(here));
      const verified = there.lab("verify", "--engine", "threads", "--sample", "10");
      assert.is(verified.code, 0, verified.all);
      assert.match(verified.stdout, /every result the same byte for byte/);
      await until(() => processes(`${lab} host`).length === 0, "nothing is left over there");
    } finally {
      here.remove();
      there.remove();
    }
  });

  test("what is missing on a machine is one line with its remedy, before anything runs", () => {
    const project = projectWith({ host: "machine-1", lab: "/nowhere/lab" });
    try {
      const gone = project.lab("run");
      assert.is(gone.code, 2, gone.all);
      assert.match(gone.stderr, /nothing was run: ssh machine-1: has no labwright \(\/nowhere\/lab\)/);
      assert.match(gone.stderr, /Install labwright \S+ on machine-1/);
      project.write("old-lab", `#!/bin/sh\necho '{"labwright":"0.0.1","node":"20.1.0","threads":4}'\n`);
      chmodSync(project.path("old-lab"), 0o755);
      project.write("lab.config.ts", configOf({ host: "machine-1", lab: project.path("old-lab") }));
      const old = project.lab("doctor", "walk");
      assert.is(old.code, 2, old.all);
      assert.match(old.stdout, /failed +ssh machine-1: has labwright 0\.0\.1, here it is/);
      project.write(
        "walk.experiment.ts",
        walk.replace("  question:", '  needs: { labels: ["gpu"] },\n  question:'),
      );
      project.write("lab.config.ts", configOf({ host: "machine-1", threads: 1, lab }));
      const lacking = project.lab("run", "walk");
      assert.is(lacking.code, 2, lacking.all);
      assert.match(
        lacking.stderr,
        /machines for walk: walk\.experiment\.ts:\d+: it needs gpu, which the machine has not/,
      );
      project.write("lab.config.ts", configOf({ host: "machine-1", threads: 1, lab, labels: ["gpu"] }));
      const having = project.lab("run", "walk", "--limit", "4", "--json");
      assert.is(having.code, 0, having.all);
      assert.match(having.stdout, /"labels":\{"gpu":"yes"/);
      // What lab.config.ts says of ssh itself stands where machines are typed.
      for (const words of commandsUnder("docs/engines.md", "ssh", {
        "big-box:32": "big-box:1",
        "me@lab-7": "lab-7:1",
      })) {
        const typed = project.lab(...words, "counted", "--json");
        assert.is(typed.code, 0, typed.all);
        assert.match(
          typed.stdout,
          /"host":"big-box-1"[\s\S]*"host":"lab-7-1"|"host":"lab-7-1"[\s\S]*"host":"big-box-1"/,
        );
      }
      const other = project.lab("run", "--engine", "threads", "--hosts", "a");
      assert.is(other.code, 2, other.all);
      assert.match(other.stderr, /--hosts says nothing to engine threads/);
      const option = project.lab("run", "--hosts", "-oProxyCommand=touch x");
      assert.is(option.code, 2, option.all);
      assert.match(option.stderr, /engine ssh: host "-oProxyCommand=touch x"/);
      const sent = project.lab("run", "--engine", "sssh");
      assert.is(sent.code, 2, sent.all);
      assert.match(sent.stderr, /ssh/);
    } finally {
      project.remove();
    }
  });
} else test("engine ssh", () => console.log("skipped: needs sshd"));

test.run();
