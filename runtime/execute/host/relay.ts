// `lab host`: a host whose messages go over standard input and output instead of a pipe of its own, for whoever starts it from another machine.
// The host itself is the same program as on one machine, a child of this process, so that nothing that trials print gets between the messages.
import type { Readable, Writable } from "node:stream";
import type { HostExit } from "../protocol/executor.ts";
import { channelOf, endWords, spawnHost } from "./host-process.ts";
import type { HostOptions } from "./host-session.ts";

/** Begins the last line on `words`, which tells as JSON (HostExit) how the host ended. */
export const exitMark = "\u001elabwright-host ";

/** Resolves once the host is gone; it is ended when `input` closes. */
export async function relayHost(
  host: HostOptions,
  streams: { readonly input: Readable; readonly output: Writable; readonly words: Writable },
): Promise<void> {
  const { input, output, words } = streams;
  const exitOf = endWords();
  const child = spawnHost(host);
  const channel = channelOf(child);
  let isKilled = false;
  const kill = (): void => {
    isKilled = true;
    child.kill("SIGKILL");
  };
  input.pipe(channel);
  channel.pipe(output, { end: false });
  for (const end of ["end", "close", "error"] as const) input.once(end, kill);
  // Whoever listened is gone.
  output.on("error", kill);
  // The child is: its exit is told below.
  channel.on("error", () => undefined);
  child.stdout?.pipe(words, { end: false });
  child.stderr?.pipe(words, { end: false });
  await new Promise<void>((resolve) => {
    const tell = (exit: HostExit): void => {
      words.write(`\n${exitMark}${JSON.stringify(exit)}\n`, () => resolve());
    };
    child.once("error", (error) => tell({ reason: `could not be started: ${error.message}` }));
    child.once("exit", (code, signal) => {
      // What it had sent last is still on its way.
      const end = (): void => tell(exitOf({ code, signal }, isKilled));
      if (channel.readableEnded || channel.destroyed) end();
      else channel.once("close", end);
    });
  });
}

/** The exit that a relay told, out of what it printed last. */
export function relayedExit(text: string): HostExit | null {
  const [, told] = new RegExp(`${exitMark}(.*)`).exec(text) ?? [];
  if (told === undefined) return null;
  try {
    const { reason, isMemory } = JSON.parse(told) as Partial<HostExit>;
    return typeof reason === "string" ? { reason, ...(isMemory === true ? { isMemory } : {}) } : null;
  } catch {
    return null; // Cut off in its middle: the connection ended.
  }
}
