// Which environment files an experiment file reaches, and what each one's code is known by: `lab run` asks whether that code has passed.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { isEnvironmentFile } from "./discover.ts";
import { ownVersion } from "./labwright-package.ts";

/** An environment file that an experiment file imports, directly or through others. */
export interface EnvironmentUse {
  /** The experiment's file, relative to the project. */
  readonly file: string;
  /** The environment's file, relative to the project. */
  readonly environment: string;
  /** Identity of its code. */
  readonly code: string;
}

type Inputs = Readonly<Record<string, { readonly imports: readonly { readonly path: string }[] }>>;

/** The environment files that each of `files` reaches. `inputs` is what the bundler read, relative to `root`. */
export function environmentUses(root: string, inputs: Inputs, files: readonly string[]): EnvironmentUse[] {
  return files.flatMap((file) =>
    [...reachedFrom(inputs, file)]
      .filter((item) => isEnvironmentFile(path.posix.basename(item)) && !item.includes("node_modules/"))
      .sort()
      .map((environment) => ({ file, environment, code: environmentCode(root, inputs, environment) })),
  );
}

/** Identity of an environment file: its content and that of all that it imports, and labwright's version. */
export function environmentCode(root: string, inputs: Inputs, file: string): string {
  const hash = createHash("sha256").update(`labwright ${ownVersion()}\n`);
  for (const item of [...reachedFrom(inputs, file)].sort()) {
    hash.update(`${item}\n`).update(readFileSync(path.resolve(root, item)));
  }
  return hash.digest("hex").slice(0, 16);
}

function reachedFrom(inputs: Inputs, file: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [file];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    waiting.push(...(inputs[next]?.imports ?? []).map((item) => item.path).filter((item) => item in inputs));
  }
  return reached;
}
