// An S3 server on loopback for tests, in this process, with one bucket.
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./ports.ts";

export interface S3Server {
  readonly endpoint: string;
  /** As its clients have them in their environment. */
  readonly keys: Readonly<Record<"AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY", string>>;
  stop(): Promise<void>;
}

/** What s3rver, which has no types, is used for here. */
type S3rver = new (options: {
  readonly port: number;
  readonly address: string;
  readonly silent: boolean;
  readonly directory: string;
  readonly configureBuckets: readonly { readonly name: string }[];
}) => { run(): Promise<unknown>; close(): Promise<void> };

export async function startS3(bucket: string): Promise<S3Server> {
  const Server: S3rver = createRequire(import.meta.url)("s3rver");
  const directory = mkdtempSync(join(tmpdir(), "labwright-s3-"));
  const port = await freePort();
  const server = new Server({
    ...{ port, address: "127.0.0.1", silent: true, directory },
    configureBuckets: [{ name: bucket }],
  });
  await server.run();
  return {
    endpoint: `http://127.0.0.1:${port}`,
    keys: { AWS_ACCESS_KEY_ID: "S3RVER", AWS_SECRET_ACCESS_KEY: "S3RVER" },
    async stop() {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
