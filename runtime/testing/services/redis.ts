// A real Redis on loopback for tests, with an append-only file, that may be killed and started again.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answers, freePort } from "./ports.ts";

/** Whether this machine can start one; where it cannot, CI fails. */
export function hasRedis(): boolean {
  const has = spawnSync("redis-server", ["--version"]).error === undefined;
  if (!has && process.env.CI === "true") throw new Error("needs redis-server (Debian: redis-server)");
  return has;
}

export interface RedisServer {
  readonly url: string;
  /** As the kernel would for lack of memory. */
  kill(): Promise<void>;
  /** Again, from its append-only file. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Resolves once it listens. */
export async function startRedis(password: string | null = null): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), "labwright-redis-"));
  const port = await freePort();
  let server: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    const options = [
      ...["--bind", "127.0.0.1", "--port", `${port}`, "--dir", folder, "--save", ""],
      ...["--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction"],
      ...(password === null ? [] : ["--requirepass", password]),
    ];
    server = spawn("redis-server", options, { stdio: "ignore" });
    for (let tries = 0; !(await answers(port)); tries++) {
      if (tries > 200) throw new Error("redis-server does not listen");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const kill = async (): Promise<void> => {
    const ended = new Promise((resolve) => server?.once("exit", resolve));
    server?.kill("SIGKILL");
    await ended;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    start,
    async stop() {
      if (server?.exitCode === null && server.signalCode === null) await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
