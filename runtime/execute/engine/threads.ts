// The engine of one machine: worker threads of a process of its own. What a run uses unless it is told otherwise.
import { localExecutor } from "../host/local-host.ts";
import type { Engine } from "./engine.ts";

/**
 * Trials run on worker threads of this machine, as many as `lab run -j` says.
 *
 * @example
 * import { defineConfig, threads } from "labwright/config";
 * export default defineConfig({ engine: threads() });
 */
export function threads(): Engine {
  return {
    kind: "labwright/engine",
    name: "threads",
    problems: [],
    check: async () => [],
    executor: localExecutor,
  };
}
