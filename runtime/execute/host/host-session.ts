// The host's side of the protocol, over any runner of leases: greets, keeps leases going, beats its heart, drains.
// It loads none of the author's code, so that nothing an author writes can silence it but a crash of the process.

import type { FromHost, Hello, LeaseMessage, ToHost } from "../protocol/protocol.ts";
import { protocolVersion } from "../protocol/protocol.ts";
import type { LeaseRunner, RunnerOptions } from "./lease-runner.ts";

export interface HostSessionOptions {
  readonly send: (message: FromHost) => void;
  readonly runnerOf: (options: RunnerOptions) => LeaseRunner;
  /** Called once after "bye". */
  readonly onDrained: () => void;
}

/** One conversation with a controller. */
export class HostSession {
  readonly #options: HostSessionOptions;
  #runner: LeaseRunner | null = null;
  #heart: NodeJS.Timeout | null = null;
  #leases = 0;
  #isDraining = false;

  constructor(options: HostSessionOptions) {
    this.#options = options;
  }

  receive(message: ToHost): void {
    switch (message.type) {
      case "hello":
        this.#greet(message);
        return;
      case "open":
        this.#runner?.open(message.opening);
        return;
      case "lease":
        void this.#run(message);
        return;
      case "effect-reply":
      case "restore-reply":
      case "checkpoint-saved":
        this.#runner?.reply(message);
        return;
      case "effect-queue":
        this.#runner?.queue(message);
        return;
      case "cancel":
        for (const lease of message.leases) this.#runner?.cancel(lease);
        return;
      case "drain":
        this.#isDraining = true;
        this.#leaveWhenDone();
        return;
    }
  }

  /** Ends threads and heartbeat, whatever still runs. */
  async close(): Promise<void> {
    if (this.#heart !== null) clearInterval(this.#heart);
    this.#heart = null;
    await this.#runner?.close();
    this.#runner = null;
  }

  #greet(hello: Hello): void {
    const { send, runnerOf } = this.#options;
    if (hello.protocol === protocolVersion) {
      const { host, threads, memoryMb } = hello;
      this.#runner = runnerOf({ host, threads, memoryMb, say: send });
      this.#heart = setInterval(() => this.#beat(hello), hello.heartbeatMs);
    }
    const { pid, arch, version: node } = process;
    // A host of another version answers with its own number, and the controller refuses it in words.
    send({
      type: "ready",
      protocol: protocolVersion,
      host: hello.host,
      pid,
      threads: hello.threads,
      node,
      arch,
    });
  }

  #beat(hello: Hello): void {
    this.#options.send({
      type: "heartbeat",
      host: hello.host,
      at: Date.now(),
      memoryMb: Math.round(process.memoryUsage.rss() / 2 ** 20),
      running: this.#runner?.running() ?? [],
    });
  }

  async #run(lease: LeaseMessage): Promise<void> {
    if (this.#runner === null) return;
    this.#leases += 1;
    const end = await this.#runner.run(lease);
    this.#leases -= 1;
    this.#options.send({ type: "lease-ended", lease: lease.lease, ...end });
    this.#leaveWhenDone();
  }

  #leaveWhenDone(): void {
    if (!this.#isDraining || this.#leases > 0) return;
    this.#isDraining = false;
    this.#options.send({ type: "bye" });
    this.#options.onDrained();
  }
}
