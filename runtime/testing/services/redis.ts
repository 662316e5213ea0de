// A real Redis on loopback for tests, with an append-only file, that may be killed and started again.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, listenerOf } from "./ports.ts";

/** Whether this machine can start one; where it cannot, CI fails. */
export function hasRedis(): boolean {
  const has = spawnSync("redis-server", ["--version"]).error === undefined;
  if (!has && process.env.CI === "true") throw new Error("needs redis-server (Debian: redis-server)");
  return has;
}

export interface RedisServer {
  readonly url: string;
  /** The certificate of the authority that has signed the server's; null without TLS. */
  readonly authority: string | null;
  /** As the kernel would for lack of memory. */
  kill(): Promise<void>;
  /** Again, from its append-only file. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** An authority and a certificate of the server that it has signed, as files in the folder. */
function certify(folder: string): void {
  const openssl = (...args: string[]): void => {
    const { status, stderr } = spawnSync("openssl", args, { cwd: folder, encoding: "utf8" });
    if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`);
  };
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl(
    "req",
    "-x509",
    ...key,
    "-keyout",
    "ca.key",
    "-out",
    "ca.crt",
    "-days",
    "2",
    "-subj",
    "/CN=authority",
  );
  openssl("req", ...key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=queue");
  writeFileSync(join(folder, "names"), "subjectAltName=IP:127.0.0.1\n");
  const signed = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "names", "-days", "2"];
  openssl("x509", "-req", "-in", "server.csr", "-out", "server.crt", ...signed);
}

/** Resolves once it listens. With a user, nobody else is let in; with `tls` it speaks nothing else. */
export async function startRedis(
  password: string | null = null,
  { user = null, tls = false }: { readonly user?: string | null; readonly tls?: boolean } = {},
): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), "labwright-redis-"));
  const port = await freePort();
  if (tls) certify(folder);
  const files = [
    "--tls-cert-file",
    "server.crt",
    "--tls-key-file",
    "server.key",
    "--tls-ca-cert-file",
    "ca.crt",
  ];
  const listens = tls
    ? ["--port", "0", "--tls-port", `${port}`, "--tls-auth-clients", "no", ...files]
    : ["--port", `${port}`];
  const options = [
    ...["--bind", "127.0.0.1", ...listens, "--dir", folder, "--save", ""],
    ...["--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction"],
    ...(password === null || user !== null ? [] : ["--requirepass", password]),
    ...(user === null
      ? []
      : ["--user", user, "on", `>${password}`, "~*", "&*", "+@all", "--user", "default", "off"]),
  ];
  const { start, kill, end } = listenerOf({
    ...{ port, program: "redis-server", args: options },
    options: { cwd: folder },
  });
  await start();
  return {
    url: `${tls ? "rediss" : "redis"}://127.0.0.1:${port}`,
    authority: tls ? join(folder, "ca.crt") : null,
    kill,
    start,
    async stop() {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
