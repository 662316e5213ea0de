// Where runs tell each other what they ask of services: one folder an account, since a key's limits hold for all projects that use it.
import { accessSync, constants, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The account's folder; `fallback`, which is a project's own, where it cannot be written. */
export function sharedEndpoints(fallback: string, environment: NodeJS.ProcessEnv = process.env): string {
  const state = environment.XDG_STATE_HOME ?? join(environment.HOME ?? homedir(), ".local", "state");
  const folder = join(state, "labwright", "endpoints");
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return folder;
  } catch {
    return fallback; // A read-only home: runs of this project still know of each other.
  }
}
