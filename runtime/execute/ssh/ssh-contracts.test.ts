// The engine ssh keeps the contracts of hosts and of effects: a file of its own, since each promise starts processes.
import { mkdirSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import { hasSshd, type Sshd, startSshd } from "../../testing/services/sshd.ts";
import type { Executor } from "../protocol/executor.ts";
import { effectsContract } from "../testing/effects-contract.ts";
import { hostsContract } from "../testing/hosts-contract.ts";
import { ssh } from "./ssh.ts";

const lab = fileURLToPath(new URL("../../../dist/runtime/cli/lab.js", import.meta.url));
let server: Sshd | null = null;

/** A project on the machine that has the code of this folder, and puts there what it is sent. */
function machineWith(code: string): string {
  const folder = mkdtempSync(join(tmpdir(), "labwright-machine-"));
  mkdirSync(join(folder, ".lab/hosts"), { recursive: true });
  mkdirSync(code, { recursive: true });
  symlinkSync(code, join(folder, ".lab/hosts/builds"));
  return folder;
}

function executorOf(): Executor {
  const { patience } = ssh({ hosts: ["machine-1"] }).executor({ threads: null });
  return {
    name: "ssh",
    patience,
    open: (demand, door) => {
      const hosts = [{ host: "machine-1", threads: demand.threads, lab, folder: machineWith(demand.code) }];
      return ssh({ hosts, options: server?.options ?? [] })
        .executor({ threads: null })
        .open(demand, door);
    },
  };
}

if (hasSshd()) {
  test.before(async () => {
    server = await startSshd(["machine-1"]);
  });
  test.after(() => server?.stop());
  hostsContract("ssh", { executorOf });
  effectsContract("ssh", { executorOf });
} else test("ssh", () => console.log("skipped: needs sshd"));

test.run();
