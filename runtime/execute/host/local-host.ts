// Hosts as child processes of this one: native code may crash and the kernel may kill, and the controller survives. A duplex
// pipe on file descriptor 3 carries the protocol; what native code prints comes as notices.
import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Executor, Host, HostDoor, HostExit, HostListener, Patience } from "../protocol/executor.ts";
import type { FromHost, ToHost } from "../protocol/protocol.ts";
import { releaseBuffer } from "../protocol/release-buffer.ts";
import { FrameReader, frameOf } from "../protocol/wire.ts";
import type { HostOptions } from "./host-session.ts";
import { memoryKills } from "./memory-kills.ts";

/** Of hosts on this machine. */
export const localPatience: Patience = {
  heartbeatMs: 1000,
  silentMs: 20_000,
  startingMs: 120_000,
  fruitlessMax: 8,
};

const noticeLinesMax = 5;
/** After a host's end what it left behind may hold its pipes open for so long. */
const pipesCloseMs = 500;

/** Runs trials on worker threads of child processes on this machine. */
export function localExecutor(): Executor {
  // Over all that it opens: no two hosts of a run have one name.
  let started = 0;
  return {
    name: "local",
    patience: localPatience,
    open({ hosts, threads, memoryMb, code }, door) {
      const host: HostOptions = { threads, memoryMb, labels: {}, code };
      let isOpen = true;
      const start = (): void => {
        if (!isOpen) return;
        started += 1;
        startHost({ name: `local-${started}`, host, door }, start);
      };
      setImmediate(() => {
        for (let i = 0; i < hosts; i++) start();
      });
      return {
        close() {
          isOpen = false;
        },
      };
    },
  };
}

/** In the checkout the program is TypeScript, which Node 20 reads through tsx; in the package it is JavaScript. */
function hostProgram(): readonly string[] {
  const isSource = import.meta.url.endsWith(".ts");
  const program = fileURLToPath(new URL(isSource ? "./host.ts" : "./host.js", import.meta.url));
  return isSource ? ["--import", import.meta.resolve("tsx"), program] : [program];
}

interface NewHost {
  readonly name: string;
  readonly host: HostOptions;
  readonly door: HostDoor;
}

/** Starts a process and brings it through the door; `onGone` is called once it has ended, or could not be started. */
function startHost({ name, host, door }: NewHost, onGone: () => void): void {
  const child = spawn(process.execPath, ["--no-warnings", ...hostProgram(), JSON.stringify(host)], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  child.once("error", (error) => {
    door.onMissing(`could not be started: ${error.message}`);
    onGone();
  });
  child.once("spawn", () => {
    const local = new LocalHost(name, child, onGone);
    local.listener = door.onHost(local);
  });
}

class LocalHost implements Host {
  readonly name: string;
  listener: HostListener | null = null;
  readonly #child: ChildProcess;
  readonly #pipe: Duplex;
  readonly #memoryKills = memoryKills();
  #isKilled = false;
  #isMemoryFull = false;
  /** Why its messages cannot be read any more. */
  #fault: string | null = null;

  constructor(name: string, child: ChildProcess, onGone: () => void) {
    this.name = name;
    this.#child = child;
    // With "pipe" at position 3 Node makes a duplex socket there.
    this.#pipe = child.stdio[3] as Duplex;
    this.#listen();
    whenGone(child, (code, signal) => {
      this.listener?.onExit(this.#exitOf(code, signal));
      onGone();
    });
  }

  send(message: ToHost): void {
    if (this.#pipe.destroyed || this.#pipe.writableEnded) return;
    for (const piece of frameOf(message)) this.#pipe.write(piece);
  }

  kill(): void {
    this.#isKilled = true;
    this.#child.kill("SIGKILL");
  }

  #listen(): void {
    const reader = new FrameReader((message) => this.listener?.onMessage(message as FromHost));
    this.#pipe.on("data", (bytes: Uint8Array) => {
      if (this.#fault !== null) return;
      try {
        reader.push(bytes);
        // The reader has copied what it keeps, and the stream made this buffer for this read alone.
        if (bytes.byteLength === bytes.buffer.byteLength) releaseBuffer(bytes.buffer);
      } catch (error) {
        this.#fault = error instanceof Error ? error.message : String(error);
        this.#child.kill("SIGKILL");
      }
    });
    // Writing to a host that has just died; its exit says why.
    this.#pipe.on("error", () => undefined);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#isMemoryFull ||= text.includes("out of memory");
        // A crash of V8 prints pages of frames; the first lines say what happened.
        const lines = text.trim().split("\n").slice(0, noticeLinesMax);
        this.listener?.onMessage({ type: "notice", text: `${this.name}: ${lines.join("\n")}` });
      });
    }
  }

  #exitOf(code: number | null, signal: string | null): HostExit {
    if (this.#fault !== null) return { reason: `sent what is no message (${this.#fault})` };
    if (this.#isMemoryFull) return { reason: "ran out of memory", isMemory: true };
    if (signal === null) return { reason: `ended with exit code ${code}` };
    if (signal !== "SIGKILL" || this.#isKilled) return { reason: `was killed by ${signal}${hintOf(signal)}` };
    const kills = memoryKills();
    if (kills !== null && this.#memoryKills !== null && kills > this.#memoryKills)
      return { reason: "was killed by the kernel for lack of memory", isMemory: true };
    return { reason: `was killed by ${signal}${kills === null ? ", perhaps for lack of memory" : ""}` };
  }
}

/** Calls back once the process is gone and the last of its bytes was read; a process that it left behind may hold its pipes open. */
function whenGone(child: ChildProcess, then: (code: number | null, signal: string | null) => void): void {
  let isTold = false;
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    clearTimeout(timer);
    if (isTold) return;
    isTold = true;
    then(child.exitCode, child.signalCode);
    // Whoever inherited them would keep this process alive.
    for (const stream of child.stdio) stream?.destroy();
  };
  child.once("close", tell);
  child.once("exit", () => {
    if (!isTold) timer = setTimeout(tell, pipesCloseMs);
  });
}

function hintOf(signal: string): string {
  return signal === "SIGSEGV" || signal === "SIGABRT" || signal === "SIGBUS" || signal === "SIGILL"
    ? ", a crash of native code"
    : "";
}
