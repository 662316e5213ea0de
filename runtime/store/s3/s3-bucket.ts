// One bucket: is a key there, put a file, get its bytes. What fails for the moment is tried again with growing waits; files of more than 8 MB go
// in parts.
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { AwsClient } from "aws4fetch";
import { UserError } from "../../diagnostic/user-error.ts";
import type { S3Address } from "./s3-address.ts";

const partBytes = 8 * 2 ** 20;
const tries = 5;
const firstWaitMs = 200;
/** Longest wait for one answer. */
const answerMs = 60_000;

export interface S3Bucket {
  has(key: string): Promise<boolean>;
  put(key: string, path: string): Promise<void>;
  /** Null where there is none. */
  get(key: string): Promise<Uint8Array | null>;
}

/** Throws UserError where the keys are not in the environment. */
export function openBucket(
  address: S3Address,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): S3Bucket {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new UserError(`bucket ${address.bucket} needs keys`, {
      hint: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    });
  const sessionToken = environment.AWS_SESSION_TOKEN;
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
    service: "s3",
    region: address.region,
    retries: 0,
  });
  const server = address.endpoint ?? `https://s3.${address.region}.amazonaws.com`;
  const urlOf = (key: string): string =>
    `${server}/${address.bucket}/${`${address.prefix}${key}`.split("/").map(encodeURIComponent).join("/")}`;
  const ask = (method: string, url: string, body?: Uint8Array<ArrayBuffer> | string): Promise<Response> =>
    answered(address.bucket, method === "HEAD" || method === "GET", () =>
      client.fetch(url, {
        method,
        signal: AbortSignal.timeout(answerMs),
        ...(body !== undefined && { body, headers: { "x-amz-content-sha256": sha256Of(body) } }),
      }),
    );
  return {
    async has(key) {
      const { status } = await ask("HEAD", urlOf(key));
      return status !== 404;
    },
    async put(key, path) {
      await putFile(path, { ask, url: urlOf(key) });
    },
    async get(key) {
      const response = await ask("GET", urlOf(key));
      return response.status === 404 ? null : new Uint8Array(await response.arrayBuffer());
    },
  };
}

type Ask = (method: string, url: string, body?: Uint8Array<ArrayBuffer> | string) => Promise<Response>;

async function putFile(
  path: string,
  { ask, url }: { readonly ask: Ask; readonly url: string },
): Promise<void> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const part = async (at: number): Promise<Uint8Array<ArrayBuffer>> => {
      const bytes = new Uint8Array(Math.min(partBytes, size - at));
      for (let done = 0; done < bytes.length; ) {
        const { bytesRead } = await file.read(bytes, done, bytes.length - done, at + done);
        if (bytesRead === 0) throw new UserError(`${path} became shorter while it was sent`);
        done += bytesRead;
      }
      return bytes;
    };
    if (size <= partBytes) {
      await ask("PUT", url, await part(0));
      return;
    }
    const begun = await (await ask("POST", `${url}?uploads`, "")).text();
    const upload = /<UploadId>([^<]+)<\/UploadId>/.exec(begun)?.[1];
    if (upload === undefined) throw new UserError(`${new URL(url).host} began no upload in parts`);
    const id = encodeURIComponent(upload);
    const tags: string[] = [];
    for (let at = 0; at < size; at += partBytes) {
      const sent = await ask("PUT", `${url}?partNumber=${tags.length + 1}&uploadId=${id}`, await part(at));
      tags.push(sent.headers.get("etag") ?? "");
    }
    const parts = tags.map(
      (tag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${tag}</ETag></Part>`,
    );
    await ask(
      "POST",
      `${url}?uploadId=${id}`,
      `<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`,
    );
  } finally {
    await file.close();
  }
}

/** An answer that says yes, or "not there" to a question; anything else is a UserError, after tries where waiting may help. */
async function answered(
  bucket: string,
  isQuestion: boolean,
  ask: () => Promise<Response>,
): Promise<Response> {
  let words = "";
  for (let attempt = 0; attempt < tries; attempt += 1) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, firstWaitMs * 2 ** (attempt - 1)));
    const response = await ask().catch((error: unknown) => {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      words = cause instanceof Error ? cause.message || cause.name : String(cause);
      return null;
    });
    if (response === null) continue;
    if (response.ok || (response.status === 404 && isQuestion)) return response;
    const code = /<Code>([^<]+)<\/Code>/.exec(await response.text())?.[1];
    words = code ?? `status ${response.status}`;
    if (response.status < 500 && response.status !== 429) break;
  }
  throw new UserError(`bucket ${bucket} does not answer as it should: ${words}`);
}

function sha256Of(body: Uint8Array | string): string {
  return createHash("sha256").update(body).digest("hex");
}
