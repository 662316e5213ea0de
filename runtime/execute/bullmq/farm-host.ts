// A worker's host as a coordinator sees it: messages go into the stream of its line, leases into the queue of its line. Everything is counted on
// both sides, so that what the server has lost shows, and the host is given up.
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { Host, HostExit, HostListener } from "../protocol/executor.ts";
import type { FromHost, ToHost } from "../protocol/protocol.ts";
import { FrameReader, frameOf } from "../protocol/wire.ts";
import { type FarmKeys, leftLivesS } from "./farm-keys.ts";
import type { LeaseJob } from "./line-end.ts";
import { fieldsOf, parcelOf, parcelsOf, text } from "./parcel.ts";
import { refusalIn } from "./redis-trouble.ts";
import type { Entry } from "./stream-reader.ts";

/** What was sent and is not acknowledged after so long is lost. */
const lostMs = 6000;

export interface FarmHostOptions {
  readonly name: string;
  readonly line: string;
  /** Whether its worker has leases of an earlier coordinator under way. */
  readonly hasWork: boolean;
  readonly keys: FarmKeys;
  readonly redis: Redis;
  readonly leases: Queue<LeaseJob>;
  /** Called once, after the listener was told. */
  readonly onGone: () => void;
  /** What was sent did not reach the server: why; null where that is away. */
  readonly onRefused: (words: string | null) => void;
  /** Whether the server can be heard. */
  readonly hears: () => boolean;
}

export class FarmHost implements Host {
  readonly name: string;
  readonly hasWork: boolean;
  listener: HostListener | null = null;
  readonly #options: FarmHostOptions;
  readonly #frames = new FrameReader((message) => this.listener?.onMessage(message as FromHost));
  #sent = 0;
  #leased = 0;
  #heard = 0;
  #isGone = false;
  /** What the worker had acknowledged when that last changed, and when. */
  #acknowledged = { got: 0, taken: 0, at: performance.now() };

  constructor(options: FarmHostOptions) {
    this.#options = options;
    this.name = options.name;
    this.hasWork = options.hasWork;
  }

  hears(): boolean {
    return this.#options.hears();
  }

  send(message: ToHost): void {
    if (this.#isGone) return;
    if (message.type === "lease") {
      const frame = Buffer.concat(frameOf(message)).toString("base64");
      this.#leased += 1;
      const once = {
        jobId: `lease-${message.lease}`,
        attempts: 1,
        removeOnComplete: true,
        removeOnFail: true,
      };
      this.#options.leases
        .add("lease", { frame, after: this.#sent }, once)
        .catch((error: unknown) => this.#options.onRefused(refusalIn(error)));
      return;
    }
    for (const parcel of parcelsOf(message)) this.#write("data", fieldsOf(parcel));
  }

  kill(): void {
    if (this.#isGone) return;
    this.#write("kill", []);
    queueMicrotask(() => this.#leave({ reason: "was killed by SIGKILL" }));
  }

  /** Takes what came from the worker. */
  hear(entry: Entry): void {
    if (this.#isGone) return;
    const number = Number(text(entry, "s"));
    if (number !== this.#heard + 1) {
      this.#lose(`messages ${this.#heard + 1} to ${number - 1} of it were lost by the server`);
      return;
    }
    this.#heard = number;
    const acknowledged = { got: Number(text(entry, "g")), taken: Number(text(entry, "t")) };
    const { got, taken, at } = this.#acknowledged;
    const isStill = acknowledged.got === got && acknowledged.taken === taken;
    const isBehind = acknowledged.got < this.#sent || acknowledged.taken < this.#leased;
    this.#acknowledged = { ...acknowledged, at: isStill && isBehind ? at : performance.now() };
    const { bytes } = parcelOf(entry);
    if (text(entry, "k") === "exit") this.#leave(exitIn(bytes));
    else this.#frames.push(bytes);
    if (isBehind && performance.now() - this.#acknowledged.at > lostMs)
      this.#lose("messages to it were lost by the server");
  }

  #lose(reason: string): void {
    this.#write("kill", []);
    // The server's doing, and no trial's.
    this.#leave({ reason: `was given up: ${reason}`, isTaken: true });
  }

  #write(kind: "data" | "kill", fields: readonly (string | Buffer)[]): void {
    const { redis, keys, line } = this.#options;
    this.#sent += 1;
    const key = keys.to(line);
    redis
      .xadd(key, "*", "s", `${this.#sent}`, "k", kind, ...fields)
      .catch((error: unknown) => this.#options.onRefused(refusalIn(error)));
    if (this.#sent === 1 || kind === "kill") redis.expire(key, leftLivesS).catch(() => undefined);
  }

  #leave(exit: HostExit): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.listener?.onExit(exit);
    this.#options.onGone();
  }
}

function exitIn(bytes: Uint8Array): HostExit {
  // line-end.ts wrote it.
  return JSON.parse(Buffer.from(bytes).toString()) as HostExit;
}
