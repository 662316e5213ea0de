// A real sshd on loopback for tests, with keys of its own and an ssh configuration that knows it.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { answers, freePort } from "./ports.ts";

const program = "/usr/sbin/sshd";

/** Whether this machine can start one; where it cannot, CI fails. */
export function hasSshd(): boolean {
  const has = spawnSync(program, ["-V"]).error === undefined && spawnSync("ssh", ["-V"]).error === undefined;
  if (!has && process.env.CI === "true") throw new Error("needs sshd (Debian: openssh-server)");
  return has;
}

export interface Sshd {
  /** Options of `ssh` with which the names `machine-1`, `machine-2` and so on reach it. */
  readonly options: readonly string[];
  /** Ends the listener and every connection, as a machine that is cut off. */
  cut(): void;
  /** Listens again where it did. */
  heal(): Promise<void>;
  stop(): void;
}

/** As the shell of many an account, which greets even those who only send a command, and not by whole lines. */
const greetingText = `#!/bin/sh
echo 'Welcome! {"queue": 3}'
printf 'quota: 80 %%'
exec sh -c "$SSH_ORIGINAL_COMMAND"
`;

/** Resolves once it listens. `names` all lead to it. */
export async function startSshd(names: readonly string[]): Promise<Sshd> {
  const folder = mkdtempSync(join(tmpdir(), "labwright-sshd-"));
  const port = await freePort();
  for (const key of ["host", "user"])
    spawnSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, key)]);
  if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true });
  const greeting = join(folder, "greeting");
  writeFileSync(greeting, greetingText);
  chmodSync(greeting, 0o755);
  const config = join(folder, "sshd.conf");
  writeFileSync(
    config,
    [
      `Port ${port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${join(folder, "host")}`,
      `AuthorizedKeysFile ${join(folder, "user.pub")}`,
      "PasswordAuthentication no",
      "PermitRootLogin prohibit-password",
      "UsePAM no",
      "StrictModes no",
      `PidFile ${join(folder, "sshd.pid")}`,
      "MaxStartups 100",
      "MaxSessions 100",
      `ForceCommand ${greeting}`,
      `SetEnv PATH=${process.env.PATH}`,
    ].join("\n"),
  );
  const client = join(folder, "ssh.conf");
  writeFileSync(
    client,
    names
      .map((name) =>
        [
          `Host ${name}`,
          "  HostName 127.0.0.1",
          `  Port ${port}`,
          `  User ${userInfo().username}`,
          `  IdentityFile ${join(folder, "user")}`,
          "  IdentitiesOnly yes",
          "  StrictHostKeyChecking no",
          "  UserKnownHostsFile /dev/null",
          "  LogLevel ERROR",
        ].join("\n"),
      )
      .join("\n"),
  );
  chmodSync(join(folder, "user"), 0o600);
  let server = await listening(config, port);
  const cut = (): void => {
    // Each connection is served by a child of the listener.
    if (server.pid !== undefined) spawnSync("pkill", ["-KILL", "-P", `${server.pid}`]);
    server.kill("SIGKILL");
  };
  return {
    options: ["-F", client],
    cut,
    async heal() {
      server = await listening(config, port);
    },
    stop() {
      cut();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listening(config: string, port: number): Promise<ChildProcess> {
  const server = spawn(program, ["-D", "-e", "-f", config], { stdio: "ignore", detached: true });
  for (let tries = 0; tries < 200; tries++) {
    if (await answers(port)) return server;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("sshd does not listen");
}
