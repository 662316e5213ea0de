// A host in an element as the controller sees it: what it is sent goes into files that only this controller writes, what it says is read from files
// that only that life of the element writes.
import type { Host, HostExit, HostListener } from "../protocol/executor.ts";
import type { FromHost, ToHost } from "../protocol/protocol.ts";
import { FrameReader, frameOf } from "../protocol/wire.ts";
import { fromHost, toHost, wasSpokenTo } from "./array-folder.ts";
import { type LineFrame, LineReader, LineWriter } from "./line-file.ts";
import { Looks } from "./looks.ts";

export interface ElementHostOptions {
  readonly name: string;
  /** The life's folder. */
  readonly folder: string;
  readonly controller: number;
  /** Called once, after the listener was told. */
  readonly onGone: () => void;
}

export class ElementHost implements Host {
  readonly name: string;
  readonly hasWork: boolean;
  listener: HostListener | null = null;
  readonly #options: ElementHostOptions;
  readonly #writer: LineWriter;
  readonly #reader: LineReader;
  readonly #frames = new FrameReader((message) => this.#tell(message as FromHost));
  readonly #looks: Looks;
  /** Whether it has finished a unit, or saved the state of one. */
  wasUseful = false;
  #isGone = false;
  #isLeft = false;
  #hears = true;

  constructor(options: ElementHostOptions) {
    const { folder, controller } = options;
    this.#options = options;
    this.name = options.name;
    this.hasWork = wasSpokenTo(folder);
    this.#writer = new LineWriter({
      folder,
      name: toHost(controller),
      onFault: ({ message }) => this.#lose(`its folder cannot be written: ${message}`),
    });
    this.#reader = new LineReader({
      folder,
      name: fromHost,
      removes: true,
      onFrame: (frame) => this.#hear(frame),
    });
    this.#looks = new Looks({ quickMs: 4, idleMs: 120, look: () => this.#read() });
  }

  /** Whether the file system answers. */
  hears(): boolean {
    return this.#hears;
  }

  /** From now on it hears nothing; it is gone for this controller as soon as that wants it to be. */
  letGo(): void {
    this.#isLeft = true;
  }

  send(message: ToHost): void {
    if (this.#isLeft) {
      if (message.type === "drain") queueMicrotask(() => this.#leave({ reason: "was left running" }));
      return;
    }
    if (!this.#isGone) this.#writer.append("data", this.#options.controller, frameOf(message));
  }

  kill(): void {
    if (this.#isGone) return;
    if (!this.#isLeft) this.#writer.append("kill", this.#options.controller);
    queueMicrotask(() => this.#leave({ reason: "was killed by SIGKILL" }));
  }

  /** Slurm says that it is gone; what it had written is read before the listener hears of it. */
  async end(exit: HostExit): Promise<void> {
    await this.#read().catch(() => undefined);
    this.#leave(exit);
  }

  async #read(): Promise<boolean> {
    try {
      const count = await this.#reader.read();
      this.#hears = true;
      return count > 0;
    } catch (error) {
      if (error instanceof RangeError) this.#lose(error.message);
      // The file system is away: the host is neither heard nor lost.
      else this.#hears = false;
      return false;
    }
  }

  #hear({ kind, controller, bytes }: LineFrame): void {
    // What comes once it was let go is for the next controller.
    if (this.#isGone || this.#isLeft) return;
    // JSON of a HostExit, which element-life.ts wrote.
    if (kind === "exit") this.#leave(JSON.parse(bytes.toString()) as HostExit);
    else if (controller === this.#options.controller) this.#frames.push(bytes);
  }

  #tell(message: FromHost): void {
    if (message.type === "records" || message.type === "checkpoint") this.wasUseful = true;
    this.listener?.onMessage(message);
  }

  #lose(reason: string): void {
    if (this.#isGone) return;
    this.#writer.append("kill", this.#options.controller);
    this.#leave({ reason: `was given up: ${reason}` });
  }

  #leave(exit: HostExit): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#looks.stop();
    void this.#writer.close();
    this.listener?.onExit(exit);
    this.#options.onGone();
  }
}
