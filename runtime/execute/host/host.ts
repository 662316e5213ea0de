// The program of a host process: speaks the host protocol on file descriptor 3 and runs leases on worker threads. It ends when
// the controller's end of the pipe closes, so no host outlives its run. Its only argument is its options as JSON.
import { writeSync } from "node:fs";
import { Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import type { FromHost, ToHost } from "../protocol/protocol.ts";
import { releaseBuffer } from "../protocol/release-buffer.ts";
import { FrameReader, frameOf } from "../protocol/wire.ts";
import { type HostOptions, HostSession } from "./host-session.ts";
import { goFirstForMemory } from "./memory-kills.ts";
import { ThreadPool } from "./thread-pool.ts";

// Trials are few loops that run long: V8 may draw three times as much into one as it does unasked, so that a trial written in small
// functions (an environment, its agents, the loop between them) costs what one written in a piece does.
setFlagsFromString("--max-inlined-bytecode-size-cumulative=3000");
goFirstForMemory();

const nothing = new Uint8Array(0);
const pipe = new Socket({ fd: 3 });

function send(message: FromHost): void {
  if (pipe.destroyed) return;
  pipe.cork();
  for (const piece of frameOf(message)) pipe.write(piece);
  pipe.uncork();
  if (message.type !== "records") return;
  const { buffer } = message.batch;
  // Written after the batch, so called back once the batch has left.
  pipe.write(nothing, () => releaseBuffer(buffer));
}

/** Ends this process, whatever its threads do: an orderly exit would wait for one that sleeps in native code. */
function end(): void {
  process.kill(process.pid, "SIGKILL");
}

/** local-host.ts knows the words, as it knows those of V8. */
function endForMemory(words: string): void {
  writeSync(2, `out of memory: ${words}\n`);
  end();
}

const session = new HostSession({
  // local-host.ts starts this program, and passes nothing else.
  host: JSON.parse(process.argv[2] ?? "{}") as HostOptions,
  send,
  runnerOf: (options) => new ThreadPool(options, { onTooMuchMemory: endForMemory }),
  onDrained: () => pipe.end(() => process.exit(0)),
});
// The other end of the pipe is local-host.ts, which sends nothing else.
const reader = new FrameReader((message) => session.receive(message as ToHost));

pipe.on("data", (bytes) => {
  try {
    reader.push(bytes);
  } catch (error) {
    // What it was told cannot be known any more: the controller runs it elsewhere, in halves.
    send({ type: "notice", text: `the host did not understand a message: ${String(error)}` });
    pipe.end(() => process.exit(1));
  }
});
pipe.on("close", end);
pipe.on("error", end);
// Ctrl-C goes to the whole process group: the controller decides what becomes of the run.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
process.on("uncaughtException", (error) =>
  send({ type: "notice", text: `the host went on after an error: ${error.stack ?? error.message}` }),
);
