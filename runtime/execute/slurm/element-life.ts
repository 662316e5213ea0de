// A host in an element of an array: its messages go into a file of its own, what controllers say to it is read from theirs. A controller that takes
// the run up has a higher number, and the host turns to it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { channelOf, followHost, spawnHost } from "../host/host-process.ts";
import type { HostOptions } from "../host/host-session.ts";
import type { HostExit } from "../protocol/executor.ts";
import type { FromHost, ToHost } from "../protocol/protocol.ts";
import { FrameReader, frameOf } from "../protocol/wire.ts";
import { fromHost, type LifeCard, lifeCard, lifeEnded, toHost, writeWhole } from "./array-folder.ts";
import { type LineFrame, LineReader, LineWriter } from "./line-file.ts";
import { Looks } from "./looks.ts";

/** More than this waiting for the disk, and the host is not heard until it is written. */
const queuedBytesMax = 64 * 2 ** 20;

export interface ElementLifeOptions {
  /** The life's folder, not there yet. */
  readonly folder: string;
  readonly card: LifeCard;
  readonly host: HostOptions;
  readonly controller: number;
  readonly onEnd: (end: LifeEnd) => void;
}

export interface LifeEnd {
  readonly reason: string;
  /** Its controller has let it go: the run needs it no more. */
  readonly isDrained: boolean;
  /** Whether it has finished anything. */
  readonly wasUseful: boolean;
}

export class ElementLife {
  readonly #options: ElementLifeOptions;
  readonly #child: ReturnType<typeof spawnHost>;
  readonly #writer: LineWriter;
  readonly #leases = new Set<number>();
  readonly #looks: Looks;
  #controller: number;
  #reader: LineReader;
  #frames: FrameReader;
  #isKilled = false;
  #isDrained = false;
  #wasUseful = false;
  #isWarned = false;
  #isOver = false;

  constructor(options: ElementLifeOptions) {
    const { folder, card, controller } = options;
    this.#options = options;
    // Whoever sees the folder may read the card.
    writeWhole(join(folder, lifeCard), JSON.stringify(card));
    this.#writer = new LineWriter({
      folder,
      name: fromHost,
      onFault: (error) => {
        process.stderr.write(`${folder} cannot be written: ${error.message}\n`);
        this.kill();
      },
    });
    this.#controller = controller;
    this.#reader = this.#readerOf(controller);
    this.#frames = new FrameReader((message) => this.#toHost(message as ToHost));
    this.#child = spawnHost(options.host);
    this.#listen();
    this.#looks = new Looks({ quickMs: 4, idleMs: 400, look: () => this.#look() });
  }

  /** Leases under way. */
  get leases(): number {
    return this.#leases.size;
  }

  get controller(): number {
    return this.#controller;
  }

  /** Another controller has taken the run up: it is listened to from now on. */
  turnTo(controller: number): void {
    this.#controller = controller;
    this.#reader = this.#readerOf(controller);
    this.#frames = new FrameReader((message) => this.#toHost(message as ToHost));
    if (this.#isWarned) this.#say({ type: "leaving" });
    this.#looks.hurry();
  }

  /** Its time is nearly up: trials end where they next save their state, and no others are begun. */
  warn(): void {
    if (this.#isWarned || this.#isOver) return;
    this.#isWarned = true;
    this.#say({ type: "leaving" });
    this.#leaveWhenIdle();
  }

  kill(): void {
    this.#isKilled = true;
    this.#child.kill("SIGKILL");
  }

  #readerOf(controller: number): LineReader {
    return new LineReader({
      folder: this.#options.folder,
      name: toHost(controller),
      removes: false,
      onFrame: (frame) => this.#take(frame),
    });
  }

  async #look(): Promise<boolean> {
    try {
      return (await this.#reader.read()) > 0;
    } catch (error) {
      // What was said between cannot be known any more; while the file system is away, it is waited for.
      if (error instanceof RangeError) this.kill();
      return false;
    }
  }

  #take({ kind, bytes }: LineFrame): void {
    if (kind === "kill") this.kill();
    else this.#frames.push(bytes);
  }

  #toHost(message: ToHost): void {
    if (message.type === "hello") this.#leases.clear();
    if (message.type === "lease") this.#leases.add(message.lease);
    if (message.type === "adopt") for (const { lease } of message.leases) this.#leases.add(lease);
    const isSaved = message.type === "checkpoint-saved" && message.error === null;
    const told = isSaved && this.#isWarned ? { ...message, isLast: true } : message;
    const channel = channelOf(this.#child);
    if (channel.destroyed || channel.writableEnded) return;
    for (const piece of frameOf(told)) channel.write(piece);
  }

  #listen(): void {
    const channel = channelOf(this.#child);
    const reader = new FrameReader((message) => this.#fromHost(message as FromHost));
    channel.on("data", (bytes: Uint8Array) => {
      reader.push(bytes);
      if (this.#writer.queuedBytes < queuedBytesMax) return;
      channel.pause();
      void this.#writer.flushed().then(() => channel.resume());
    });
    channel.on("error", () => undefined);
    followHost(this.#child, {
      onPrinted: (text) => this.#say({ type: "notice", text: `${this.#options.card.node}: ${text}` }),
      isKilled: () => this.#isKilled,
      onEnd: (exit) => void this.#end(exit),
    });
  }

  #fromHost(message: FromHost): void {
    this.#say(message);
    if (message.type === "records") this.#wasUseful = true;
    if (message.type === "bye") this.#isDrained = true;
    if ("call" in message || message.type === "need-file") this.#looks.hurry();
    if (message.type !== "lease-ended") return;
    this.#leases.delete(message.lease);
    this.#looks.hurry();
    this.#leaveWhenIdle();
  }

  #leaveWhenIdle(): void {
    if (this.#isWarned && this.#leases.size === 0 && !this.#isDrained) this.#toHost({ type: "drain" });
  }

  #say(message: FromHost): void {
    this.#writer.append("data", this.#controller, frameOf(message));
  }

  async #end(exit: HostExit): Promise<void> {
    this.#isOver = true;
    this.#looks.stop();
    const { folder, onEnd } = this.#options;
    const told: HostExit = this.#isWarned
      ? { reason: "has left before its time was up", isTaken: true }
      : exit;
    this.#writer.append("exit", this.#controller, [Buffer.from(JSON.stringify(told))]);
    await this.#writer.close();
    try {
      writeFileSync(join(folder, lifeEnded), "");
    } catch {
      // The folder is gone, and the run with it.
    }
    onEnd({ reason: told.reason, isDrained: this.#isDrained || this.#isWarned, wasUseful: this.#wasUseful });
  }
}
