// The project's `.env`: keys of services for whoever does not set them in the shell. What the environment says already stands.
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseEnv } from "node:util";

export const environmentFile = ".env";

/** Sets the variables of `.env` that the environment lacks; none where there is no such file. */
export function loadEnvironment(root: string, environment: NodeJS.ProcessEnv = process.env): void {
  let text: string;
  try {
    text = readFileSync(path.join(root, environmentFile), "utf8");
  } catch (error) {
    if (["ENOENT", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return;
    throw error;
  }
  for (const [name, value] of Object.entries(parseEnv(text))) environment[name] ??= value;
}
