// Where a host that works for other machines keeps their code between runs.
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Below a project, whose packages trials then find, or in the cache of the account. A program's working folders lie beside it. */
export function codeFolder(project: string | null): string {
  if (project !== null) return join(resolve(project), ".lab", "hosts", "builds");
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "labwright", "builds");
}
