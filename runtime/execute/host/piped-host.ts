// A host as a child process of this one: messages go over its channel, what else it prints comes as notices, and its end is told in words.
import type { ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { Host, HostExit, HostListener } from "../protocol/executor.ts";
import type { FromHost, ToHost } from "../protocol/protocol.ts";
import { releaseBuffer } from "../protocol/release-buffer.ts";
import { FrameReader, frameOf } from "../protocol/wire.ts";

const noticeLinesMax = 5;
/** After a host's end what it left behind may hold its pipes open for so long. */
const pipesCloseMs = 500;

/** How a process ended, as its parent is told. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface PipedHostOptions {
  readonly name: string;
  readonly child: ChildProcess;
  /** Messages to the host and from it. */
  readonly channel: { readonly writable: Writable; readonly readable: Readable };
  /** The host's part of the next bytes; all of them unless told. */
  readonly ownOf?: (bytes: Uint8Array) => Uint8Array;
  /** What carries words for people. */
  readonly printed: readonly (Readable | null)[];
  /** Shown to every piece of what it printed; answers with what of it people should see. */
  readonly onPrinted?: (text: string) => string;
  /** In words that follow "it", once its messages were read. */
  exitOf(end: ProcessEnd, isKilled: boolean): HostExit;
  /** Called after the listener was told. */
  onGone(): void;
}

export class PipedHost implements Host {
  readonly name: string;
  listener: HostListener | null = null;
  readonly #options: PipedHostOptions;
  #isKilled = false;
  #isMemoryFull = false;
  /** Why its messages cannot be read any more. */
  #fault: string | null = null;

  constructor(options: PipedHostOptions) {
    this.name = options.name;
    this.#options = options;
    this.#listen();
    whenGone(options.child, (end) => {
      this.listener?.onExit(this.#exitOf(end));
      options.onGone();
    });
  }

  send(message: ToHost): void {
    const { writable } = this.#options.channel;
    if (writable.destroyed || writable.writableEnded) return;
    for (const piece of frameOf(message)) writable.write(piece);
  }

  kill(): void {
    this.#isKilled = true;
    this.#options.child.kill("SIGKILL");
  }

  #listen(): void {
    const { channel, child, printed, ownOf = (bytes) => bytes } = this.#options;
    const reader = new FrameReader((message) => this.listener?.onMessage(message as FromHost));
    channel.readable.on("data", (bytes: Uint8Array) => {
      if (this.#fault !== null) return;
      try {
        reader.push(ownOf(bytes));
        // The reader has copied what it keeps, and the stream made this buffer for this read alone.
        if (bytes.byteLength === bytes.buffer.byteLength) releaseBuffer(bytes.buffer);
      } catch (error) {
        this.#fault = error instanceof Error ? error.message : String(error);
        child.kill("SIGKILL");
      }
    });
    // Writing to a host that has just died; its exit says why.
    for (const stream of [channel.readable, channel.writable]) stream.on("error", () => undefined);
    for (const stream of printed)
      stream?.setEncoding("utf8").on("data", (text: string) => this.#notice(text));
  }

  #notice(text: string): void {
    const shown = (this.#options.onPrinted?.(text) ?? text).trim();
    this.#isMemoryFull ||= text.includes("out of memory");
    if (shown === "") return;
    // A crash of V8 prints pages of frames; the first lines say what happened.
    const lines = shown.split("\n").slice(0, noticeLinesMax);
    this.listener?.onMessage({ type: "notice", text: `${this.name}: ${lines.join("\n")}` });
  }

  #exitOf(end: ProcessEnd): HostExit {
    if (this.#fault !== null) return { reason: `sent what is no message (${this.#fault})` };
    if (this.#isMemoryFull) return { reason: "ran out of memory", isMemory: true };
    return this.#options.exitOf(end, this.#isKilled);
  }
}

/** Calls back once the process is gone and the last of its bytes was read; a process that it left behind may hold its pipes open. */
function whenGone(child: ChildProcess, then: (end: ProcessEnd) => void): void {
  let isTold = false;
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    clearTimeout(timer);
    if (isTold) return;
    isTold = true;
    then({ code: child.exitCode, signal: child.signalCode });
    // Whoever inherited them would keep this process alive.
    for (const stream of child.stdio) stream?.destroy();
  };
  child.once("close", tell);
  child.once("exit", () => {
    if (!isTold) timer = setTimeout(tell, pipesCloseMs);
  });
}
