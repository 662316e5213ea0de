// Where files of the store may lie beside this machine: a bucket of S3 or of anything that speaks its protocol. Plain data; the keys come from
// the environment.

/** A problem of the options, as an author is told it. */
interface AddressProblem {
  readonly found: string;
  readonly expected: string;
}

export interface S3Address {
  readonly bucket: string;
  /** "https://s3.eu-central-1.amazonaws.com", "http://minio.lan:9000"; null for that of AWS in the region. */
  readonly endpoint: string | null;
  readonly region: string;
  /** Before every key, such as "lab/"; "" for none. */
  readonly prefix: string;
}

/** What `store: s3({ ... })` of lab.config.ts holds. */
export interface RemoteStore {
  readonly kind: "labwright/store";
  readonly name: "s3";
  readonly problems: readonly AddressProblem[];
  readonly address: S3Address;
}

export interface S3Options {
  readonly bucket: string;
  /** Of another service than AWS, or of a fixed one: "http://minio.lan:9000". */
  readonly endpoint?: string;
  /** "us-east-1" unless told, or AWS_REGION. */
  readonly region?: string;
  /** Before every key: "team-a" puts all below team-a/. */
  readonly prefix?: string;
}

/**
 * Copies artifacts and tables of finished runs to a bucket. Keys come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, where there is one,
 * AWS_SESSION_TOKEN.
 *
 * @example
 * import { defineConfig, s3 } from "labwright/config";
 *
 * export default defineConfig({ store: s3({ bucket: "results", endpoint: "http://minio.lan:9000", prefix: "team-a" }) });
 */
export function s3(options: S3Options): RemoteStore {
  const { bucket, endpoint = null, prefix = "", region = process.env.AWS_REGION ?? "us-east-1" } = options;
  const problems: AddressProblem[] = [];
  if (typeof bucket !== "string" || !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    problems.push({
      found: `bucket is ${JSON.stringify(bucket)}`,
      expected: "3 to 63 lower-case letters, digits, - and .",
    });
  if (endpoint !== null && !/^https?:\/\/[^/@\s]+\/?$/.test(endpoint))
    problems.push({
      found: "endpoint is no address of a server",
      expected: "https://host or http://host:port, without keys and without a path",
    });
  if (typeof prefix !== "string" || /(^|\/)\.\.?(\/|$)/.test(prefix))
    problems.push({ found: `prefix is ${JSON.stringify(prefix)}`, expected: "names with / between them" });
  const trimmed = String(prefix).replace(/^\/+|\/+$/g, "");
  return {
    kind: "labwright/store",
    name: "s3",
    problems,
    address: {
      bucket,
      endpoint: endpoint?.replace(/\/$/, "") ?? null,
      region,
      prefix: trimmed === "" ? "" : `${trimmed}/`,
    },
  };
}
