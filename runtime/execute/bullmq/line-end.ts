// A worker's end of a line: a host of its own that speaks to one coordinator through Redis. Messages come as a stream, leases as jobs of a queue;
// what the host says goes into the stream of the run.
import type { ChildProcess } from "node:child_process";
import type { Job, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { readBatch } from "../../record/record-batch.ts";
import { channelOf, endWords, spawnHost } from "../host/host-process.ts";
import type { HostOptions } from "../host/host-session.ts";
import type { HostExit } from "../protocol/executor.ts";
import type { FromHost, LeaseMessage, ToHost } from "../protocol/protocol.ts";
import { FrameReader, frameOf } from "../protocol/wire.ts";
import { type Call, type FarmKeys, leftLivesS } from "./farm-keys.ts";
import { fieldsOf, type Parcel, parcelOf, parcelsOf, text } from "./parcel.ts";
import { type Entry, StreamReader } from "./stream-reader.ts";

/** What a lease is as a job. */
export interface LeaseJob {
  /** The frame of its message, base64. */
  readonly frame: string;
  /** The messages that come before it. */
  readonly after: number;
}

/** Leases that a host is handed at once: the coordinator says how many there are, not the queue. */
const concurrency = 4096;

export interface LineEndOptions {
  readonly call: Call;
  readonly keys: FarmKeys;
  readonly host: HostOptions;
  /** Commands; shared. */
  readonly redis: Redis;
  /** A connection of its own for each that asks. */
  readonly connect: () => Redis;
  readonly onEnd: () => void;
}

export class LineEnd {
  readonly #options: LineEndOptions;
  readonly #child: ChildProcess;
  readonly #exitOf = endWords();
  readonly #reader: StreamReader;
  readonly #frames = new FrameReader((message) => this.#toHost(message as ToHost));
  readonly #under = new Map<number, () => void>();
  #jobs: Worker | null = null;
  /** Calls that wait for the coordinator's answer, and the leases whose units made them. */
  readonly #calls = new Map<number, number>();
  /** Connections that end with the line. */
  readonly #closing: Redis[] = [];
  /** Messages read, leases taken, entries sent. */
  #got = 0;
  #taken = 0;
  #sent = 0;
  #isKilled = false;
  #isOver = false;
  /** Leases finished, and units of which a record was sent. */
  finished = 0;
  units = 0;

  constructor(options: LineEndOptions) {
    this.#options = options;
    const { call, keys, host, connect } = options;
    this.#child = spawnHost({ ...host, memoryMb: call.memoryMb ?? host.memoryMb });
    this.#listen();
    const key = keys.to(call.line);
    this.#reader = new StreamReader(connect(), { key, after: "0", onEntry: (entry) => this.#take(entry) });
    void this.#openJobs();
  }

  /** Leases under way. */
  get leases(): number {
    return this.#under.size;
  }

  /** Leases under way of which a unit waits for an answer. */
  get stuck(): number {
    return new Set(this.#calls.values()).size;
  }

  get call(): Call {
    return this.#options.call;
  }

  kill(): void {
    this.#isKilled = true;
    this.#child.kill("SIGKILL");
  }

  async #openJobs(): Promise<void> {
    const { call, keys, connect } = this.#options;
    const { Worker } = await import("bullmq");
    if (this.#isOver) return;
    const connection = connect();
    this.#closing.push(connection);
    this.#jobs = new Worker<LeaseJob>(keys.leases(call.line), (job) => this.#run(job), {
      connection,
      prefix: keys.bull,
      concurrency,
      lockDuration: 30_000,
      maxStalledCount: 0,
    });
    this.#jobs.on("error", () => undefined);
  }

  /** Resolves when the lease has ended. A job that comes twice is one lease. */
  async #run({ data }: Job<LeaseJob>): Promise<void> {
    while (this.#got < data.after && !this.#isOver) await new Promise((resolve) => setTimeout(resolve, 2));
    let lease: LeaseMessage | null = null;
    new FrameReader((message) => {
      lease = message as LeaseMessage;
    }).push(Buffer.from(data.frame, "base64"));
    if (lease === null || this.#isOver) return;
    const message: LeaseMessage = lease;
    if (this.#under.has(message.lease)) return;
    const ended = new Promise<void>((resolve) => this.#under.set(message.lease, resolve));
    this.#taken += 1;
    this.#toHost(message);
    await ended;
  }

  #take(entry: Entry): void {
    const number = Number(text(entry, "s"));
    if (number !== this.#got + 1 || text(entry, "k") === "kill") {
      // Told to, or something between is lost for ever: the coordinator runs it elsewhere.
      this.kill();
      return;
    }
    this.#got = number;
    this.#frames.push(parcelOf(entry).bytes);
  }

  #toHost(message: ToHost): void {
    if ("call" in message && message.type !== "effect-queue") this.#calls.delete(message.call);
    const channel = channelOf(this.#child);
    if (channel.destroyed || channel.writableEnded) return;
    for (const piece of frameOf(message)) channel.write(piece);
  }

  #listen(): void {
    const channel = channelOf(this.#child);
    const reader = new FrameReader((message) => this.#fromHost(message as FromHost));
    channel.on("data", (bytes: Uint8Array) => reader.push(bytes));
    channel.on("error", () => undefined);
    let isMemoryFull = false;
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding("utf8").on("data", (words: string) => {
        isMemoryFull ||= words.includes("out of memory");
        const shown = words.trim().split("\n").slice(0, 5).join("\n");
        this.#fromHost({ type: "notice", text: `${this.#options.call.line}: ${shown}` });
      });
    this.#child.once("close", (code, signal) => {
      const exit = isMemoryFull
        ? { reason: "ran out of memory", isMemory: true }
        : this.#exitOf({ code, signal }, this.#isKilled);
      void this.#end(exit);
    });
  }

  #fromHost(message: FromHost): void {
    for (const parcel of parcelsOf(message)) this.#say("data", parcel);
    if ("call" in message) {
      if (message.type === "effect-abandoned") this.#calls.delete(message.call);
      else this.#calls.set(message.call, message.lease);
    }
    if (message.type === "records") this.units += readBatch(message.batch).rows;
    if (message.type !== "lease-ended") return;
    for (const [call, lease] of this.#calls) if (lease === message.lease) this.#calls.delete(call);
    this.#under.get(message.lease)?.();
    this.#under.delete(message.lease);
    this.finished += 1;
  }

  #say(kind: "data" | "exit", parcel: Parcel): void {
    const { redis, keys, call } = this.#options;
    this.#sent += 1;
    const head = [
      "l",
      call.line,
      "s",
      `${this.#sent}`,
      "g",
      `${this.#got}`,
      "t",
      `${this.#taken}`,
      "k",
      kind,
    ];
    redis.xadd(keys.from(call.run), "*", ...head, ...fieldsOf(parcel)).catch(() => undefined);
  }

  async #end(exit: HostExit): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    const { redis, keys, call, onEnd } = this.#options;
    this.#say("exit", { isFirst: true, bytes: Buffer.from(JSON.stringify(exit)) });
    for (const done of this.#under.values()) done();
    this.#under.clear();
    this.#reader.close();
    onEnd();
    // While the server is away none of this ends.
    await this.#jobs?.close(true).catch(() => undefined);
    for (const connection of this.#closing) connection.disconnect();
    await redis.expire(keys.from(call.run), leftLivesS).catch(() => undefined);
    await redis.del(keys.to(call.line)).catch(() => undefined);
  }
}
