// A real PostgreSQL on loopback for tests, with a user of its own whose password is asked for.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answers, freePort } from "./ports.ts";

const versions = "/usr/lib/postgresql";

/** Debian keeps the server's programs out of PATH, in a folder a version. */
function programs(): string | null {
  if (!existsSync(versions)) return null;
  const newest = readdirSync(versions)
    .filter((version) => existsSync(join(versions, version, "bin/initdb")))
    .sort((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? null : join(versions, newest, "bin");
}

/** Whether this machine can start one; where it cannot, CI fails. */
export function hasPostgres(): boolean {
  const has = programs() !== null;
  if (!has && process.env.CI === "true") throw new Error("needs PostgreSQL (Debian: postgresql)");
  return has;
}

export interface PostgresServer {
  /** Without a password. */
  readonly url: string;
  readonly password: string;
  stop(): Promise<void>;
}

/** Resolves once it listens. It refuses to run as root: there it runs as the user that its package made. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = programs();
  if (bin === null) throw new Error("there is no PostgreSQL");
  const folder = mkdtempSync(join(tmpdir(), "labwright-postgres-"));
  const password = "open sesame";
  const [data, secret] = [join(folder, "data"), join(folder, "password")];
  writeFileSync(secret, password);
  const asUser = process.getuid?.() === 0 ? ownerOf(folder, secret) : {};
  execFileSync(
    join(bin, "initdb"),
    [
      "-D",
      data,
      "-U",
      "lab",
      "-A",
      "scram-sha-256",
      `--pwfile=${secret}`,
      "--no-sync",
      "-E",
      "UTF8",
      "--locale=C",
    ],
    { ...asUser, cwd: folder, stdio: "pipe" },
  );
  const port = await freePort();
  const server: ChildProcess = spawn(
    join(bin, "postgres"),
    ["-D", data, "-p", `${port}`, "-h", "127.0.0.1", "-k", folder, "-c", "fsync=off"],
    { ...asUser, cwd: folder, stdio: "ignore" },
  );
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries > 400) throw new Error("postgres does not listen");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url: `postgres://lab@127.0.0.1:${port}/postgres`,
    password,
    async stop() {
      const gone = new Promise((resolve) => server.once("exit", resolve));
      // A fast shutdown: connections are ended.
      if (server.kill("SIGINT")) await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function ownerOf(...paths: readonly string[]): { readonly uid: number; readonly gid: number } {
  const id = (flag: string): number => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  const [uid, gid] = [id("-u"), id("-g")];
  for (const path of paths) chownSync(path, uid, gid);
  return { uid, gid };
}
