// `lab open EXPERIMENT`: batches from another program over a loopback socket. Ctrl-C lets end what runs; the same command goes on.
import { UserError } from "../../diagnostic/user-error.ts";
import { serveBatches } from "../../run/proposals/batch-socket.ts";
import { openBatch } from "../../run.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { loadedConfig } from "../loaded-config.ts";
import { number, projectRoot, text } from "../options.ts";
import { say } from "../terminal/say.ts";

export const handle: CommandHandler = async ([experiment = ""], options) => {
  const root = projectRoot(options);
  const { performers } = await loadedConfig(root);
  const ending = new AbortController();
  const [threads, name, port] = [number(options, "jobs"), text(options, "name"), number(options, "port")];
  const batch = openBatch({
    root,
    experiment,
    command: `lab open ${experiment}`,
    performers,
    signal: ending.signal,
    ...(threads !== null && { threads }),
    ...(name !== null && { name }),
  });
  const socket = await serveBatches(batch, { port: port ?? 0 }).catch((error: unknown) => {
    throw new UserError(
      `port ${port} cannot be had: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  const interrupt = (): void => ending.abort(new Error("Ctrl-C"));
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  say(
    process.stdout,
    JSON.stringify({ type: "open", address: "127.0.0.1", port: socket.port, token: socket.token }),
  );
  const interrupted = new Promise<void>((resolve) =>
    ending.signal.addEventListener("abort", () => resolve()),
  );
  await Promise.race([socket.asked, interrupted, batch.stopped]);
  const outcome = await batch.close();
  await socket.close();
  say(process.stdout, JSON.stringify({ type: "closed", ...outcome }));
  if (ending.signal.aborted || outcome?.status === "stopped") return exitCode.interrupted;
  return (outcome?.unmeasured ?? 0) > 0 ? exitCode.unmeasured : exitCode.done;
};
