// `labwright/config`: what `lab.config.ts` at the root of a project says of its runs, such as who performs effects of which kind.
import type { LabConfig } from "./config/lab-config.ts";

export type { LabConfig } from "./config/lab-config.ts";
export type {
  DeclaredPerformers,
  PerformContext,
  Performed,
  Performer,
  Performers,
  Usage,
} from "./effects/performer.ts";
export { type BullmqOptions, bullmq } from "./execute/bullmq/bullmq.ts";
export type { Engine } from "./execute/engine/engine.ts";
export { type ThreadsOptions, threads } from "./execute/engine/threads.ts";
export { slurm } from "./execute/slurm/slurm.ts";
export type { SlurmOptions } from "./execute/slurm/slurm-options.ts";
export { type SshOptions, ssh } from "./execute/ssh/ssh.ts";
export type { SshHostOptions } from "./execute/ssh/ssh-host.ts";
export { type RemoteStore, type S3Options, s3 } from "./store/s3/s3-address.ts";

/**
 * The configuration, as it is: types its members in the editor.
 *
 * @example
 * import { defineConfig } from "labwright/config";
 *
 * export default defineConfig({
 *   performers: {
 *     async weather(request, { signal }) {
 *       const answer = await fetch("http://localhost:8080/weather", { method: "POST", body: JSON.stringify(request), signal });
 *       return { response: await answer.json() };
 *     },
 *   },
 * });
 */
export function defineConfig(config: LabConfig): LabConfig {
  return config;
}
