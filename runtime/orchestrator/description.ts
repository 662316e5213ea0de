// What an orchestrator says of itself.
import type { Json } from "../../lib/experiment/json.ts";

export interface Description {
  readonly version: string;
  /** Of its own copy of the schema; empty where it does not say. */
  readonly schema: string;
  readonly workers: number;
  readonly free: number;
}

export function descriptionOf(answer: Json): Description {
  const part = (name: string): unknown => Reflect.get(Object(answer), name);
  return {
    version: String(part("version") ?? ""),
    schema: String(part("schema_sha256") ?? ""),
    workers: Number(part("workers") ?? 0),
    free: Math.max(0, Number(part("free") ?? 0)),
  };
}

/** Why its schema is none that simulations can be asked for in; null where it is the same, or where it says nothing of it. */
export function schemaWords({ schema, version }: Description, own: string): string | null {
  if (schema === "" || schema.toLowerCase() === own) return null;
  const short = (hash: string): string => hash.slice(0, 12);
  return `(version ${version}) speaks another schema: the SHA-256 of its own begins with ${short(schema)}, that of the experiment's with ${short(own)}`;
}
