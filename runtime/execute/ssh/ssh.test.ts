// The engine ssh keeps the contract of executors over a real sshd, and says what a machine lacks.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { hasSshd, type Sshd, startSshd } from "../../testing/services/sshd.ts";
import type { Executor } from "../protocol/executor.ts";
import { executorContract } from "../testing/executor-contract.ts";
import { ssh } from "./ssh.ts";

const lab = fileURLToPath(new URL("../../../dist/runtime/cli/lab.js", import.meta.url));
const machines = ["machine-1", "machine-2"];
let server: Sshd | null = null;

/** Of as many machines as it is asked for hosts: the contract says how many threads each has. */
function executorOf(): Executor {
  const patience = ssh({ hosts: ["machine-1"] }).executor({ threads: 1 }).patience;
  return {
    name: "ssh",
    patience,
    open(demand, door) {
      const hosts = machines.slice(0, demand.hosts).map((host) => ({ host, threads: demand.threads, lab }));
      const engine = ssh({ hosts, options: server?.options ?? [] });
      return engine.executor({ threads: null }).open(demand, door);
    },
  };
}

if (hasSshd()) {
  test.before(async () => {
    server = await startSshd(machines);
  });
  test.after(() => server?.stop());

  executorContract("ssh", { executorOf, threads: [1, 2] });

  test("what a machine lacks is found before a run, with the remedy", async () => {
    const options = server?.options ?? [];
    const found = async (host: Parameters<typeof ssh>[0]["hosts"][number]): Promise<string> => {
      const [checked] = await ssh({ hosts: [host], options }).check({ threads: null }, []);
      return `${checked?.status} ${checked?.found} | ${checked?.remedy}`;
    };
    assert.match(await found({ host: "machine-1", threads: 3, lab }), /^ok labwright .*, Node .*, 3 threads/);
    assert.match(
      await found({ host: "machine-1", lab: "/nowhere/lab" }),
      /^failed has no labwright \(\/nowhere\/lab\) \| Install labwright .* on machine-1, or correct the path/,
    );
    assert.match(
      await found({ host: "machine-1", folder: "/no where's/study" }),
      /^failed has no folder \/no where's\/study \| Make it on machine-1/,
    );
    assert.match(
      await found("nobody.invalid"),
      /^failed cannot be reached.* \| It must answer .*: ssh -F \S+ nobody.invalid true$/,
    );
  });

  test("the command of a remedy can be pasted: it goes the way of the run", async () => {
    const options = [...(server?.options ?? []), "-o", "ServerAliveInterval 7"];
    const folder = `${mkdtempSync(join(tmpdir(), "labwright-machine-"))}/it's here`;
    mkdirSync(`${folder}/node_modules/.bin`, { recursive: true });
    writeFileSync(`${folder}/node_modules/.bin/lab`, "#!/bin/sh\necho it is not well >&2\nexit 7\n", {
      mode: 0o755,
    });
    const [checked] = await ssh({ hosts: [{ host: "machine-1", folder }], options }).check(
      { threads: null },
      [],
    );
    assert.is(checked?.found, "lab host ended with exit code 7: it is not well");
    const [command = ""] = /ssh .*$/.exec(checked?.remedy ?? "") ?? [];
    const pasted = spawnSync("sh", ["-c", command], { encoding: "utf8" });
    assert.is(pasted.status, 7, `${command}: ${pasted.stderr}`);
    assert.match(pasted.stderr, /it is not well/);
  });
} else test("ssh", () => console.log("skipped: needs sshd"));

test("hosts are read as ssh takes them, and nothing that is an option is", () => {
  const problems = (...hosts: string[]): readonly string[] =>
    ssh({ hosts }).problems.map(({ found, expected }) => `${found}; expected ${expected}`);
  assert.equal(problems("big-box", "me@other:8", "[::1]:4", "10.0.0.7:2"), []);
  for (const wrong of ["-oProxyCommand=x", "a b", "a;b", "@a", "a:0", "", "$(a)"])
    assert.is(problems(wrong).length, 1, wrong);
  assert.match(problems()[0] ?? "", /^no host/);
  assert.match(problems("a", "a:2")[0] ?? "", /^host a twice/);
});

test.run();
