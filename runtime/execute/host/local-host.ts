// Hosts as child processes of this one: native code may crash and the kernel may kill, and the controller survives. A duplex
// pipe on file descriptor 3 carries the protocol; what native code prints comes as notices.
import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Executor, FromHost, Host, HostExit, HostListener, ToHost } from "../protocol/protocol.ts";
import { releaseBuffer } from "../protocol/release-buffer.ts";
import { FrameReader, frameOf } from "../protocol/wire.ts";

const noticeLinesMax = 5;
const pipesCloseMs = 2000;

/** Runs trials on worker threads of child processes on this machine. */
export function localExecutor(): Executor {
  return { name: "local", survivesCrash: true, start: startLocalHost };
}

/** In the checkout the program is TypeScript, which Node 20 reads through tsx; in the package it is JavaScript. */
function hostProgram(): readonly string[] {
  const isSource = import.meta.url.endsWith(".ts");
  const program = fileURLToPath(new URL(isSource ? "./host.ts" : "./host.js", import.meta.url));
  return isSource ? ["--import", import.meta.resolve("tsx"), program] : [program];
}

async function startLocalHost(name: string, listener: HostListener): Promise<Host> {
  const child = spawn(process.execPath, ["--no-warnings", ...hostProgram()], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  // With "pipe" at position 3 Node makes a duplex socket there.
  const pipe = child.stdio[3] as Duplex;
  let killed: HostExit["cause"] | null = null;
  let failure: string | null = null;
  const reader = new FrameReader((message) => listener.onMessage(message as FromHost));
  pipe.on("data", (bytes: Uint8Array) => {
    try {
      reader.push(bytes);
      // The reader has copied what it keeps, and the stream made this buffer for this read alone.
      if (bytes.byteLength === bytes.buffer.byteLength) releaseBuffer(bytes.buffer);
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      child.kill("SIGKILL");
    }
  });
  // Writing to a host that has just died; its exit says why.
  pipe.on("error", () => undefined);
  let isHeapFull = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      isHeapFull ||= text.includes("heap out of memory");
      // A crash of V8 prints pages of frames; the first lines say what happened.
      const lines = text.trim().split("\n").slice(0, noticeLinesMax);
      listener.onMessage({ type: "notice", text: `${name}: ${lines.join("\n")}` });
    });
  }
  whenGone(child, (code, signal) => {
    const words =
      signal === null ? `ended with exit code ${code}` : `was killed by ${signal}${hintOf(signal)}`;
    listener.onExit({
      cause: killed ?? (signal === null ? "exit" : "signal"),
      reason: failure ?? (isHeapFull ? "ran out of memory" : words),
      isMemory: isHeapFull || (signal === "SIGKILL" && killed === null),
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  return {
    name,
    send(message: ToHost) {
      if (pipe.destroyed || pipe.writableEnded) return;
      for (const piece of frameOf(message)) pipe.write(piece);
    },
    kill() {
      killed ??= "killed";
      child.kill("SIGKILL");
    },
  };
}

/** Calls back once the process is gone and the last of its bytes was read; a process that it left behind may hold its pipes open. */
function whenGone(child: ChildProcess, then: (code: number | null, signal: string | null) => void): void {
  let isTold = false;
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    clearTimeout(timer);
    if (!isTold) then(child.exitCode, child.signalCode);
    isTold = true;
  };
  child.once("close", tell);
  child.once("exit", () => {
    if (!isTold) timer = setTimeout(tell, pipesCloseMs);
  });
}

function hintOf(signal: string): string {
  if (signal === "SIGKILL") return ", perhaps by the kernel for lack of memory";
  return signal === "SIGSEGV" || signal === "SIGABRT" || signal === "SIGBUS" || signal === "SIGILL"
    ? ", a crash of native code"
    : "";
}
