// A worker's end of a line: a host of its own that speaks to one coordinator through Redis. Messages come as a stream, leases as jobs of a queue;
// what the host says goes into the stream of the run.
import type { ChildProcess } from "node:child_process";
import type { Job, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { readBatch } from "../../record/record-batch.ts";
import { channelOf, followHost, spawnHost } from "../host/host-process.ts";
import type { HostOptions } from "../host/host-session.ts";
import type { HostExit } from "../protocol/executor.ts";
import type { FromHost, LeaseMessage, ToHost } from "../protocol/protocol.ts";
import { FrameReader, frameOf } from "../protocol/wire.ts";
import { type Call, type FarmKeys, leftLivesS } from "./farm-keys.ts";
import { fieldsOf, type Parcel, parcelOf, parcelsOf, text } from "./parcel.ts";
import { refusalIn } from "./redis-trouble.ts";
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
  /** Its name. */
  readonly worker: string;
  readonly call: Call;
  readonly keys: FarmKeys;
  readonly host: HostOptions;
  /** Commands; shared. */
  readonly redis: Redis;
  /** A connection of its own for each that asks. */
  readonly connect: () => Redis;
  /** The host says nothing more of its leases until it is moved. */
  readonly onHeld: () => void;
  /** What it said did not reach the server: why; null where that is away. */
  readonly onRefused: (words: string | null) => void;
  /** This machine can run nothing: why. */
  readonly onUnfit: (reason: string) => void;
  readonly onEnd: () => void;
}

/** One way to a coordinator. */
interface Line {
  readonly call: Call;
  readonly frames: FrameReader;
  /** Leases under way; resolving one ends its job of the queue. */
  readonly under: Map<number, () => void>;
  /** Connections that end with the line. */
  readonly closing: Redis[];
  reader: StreamReader | null;
  jobs: Worker | null;
  /** Messages read, leases taken, entries sent. */
  got: number;
  taken: number;
  sent: number;
  isOver: boolean;
}

export class LineEnd {
  readonly #options: LineEndOptions;
  readonly #child: ChildProcess;
  #line: Line;
  /** Calls that wait for the coordinator's answer, and the leases whose units made them. */
  readonly #calls = new Map<number, number>();
  /** Leases that wait for the coordinator to name them. */
  #unnamed = 0;
  #isHeld = false;
  #isLeaving = false;
  #isKilled = false;
  #isOver = false;
  /** Units of which a record was sent. */
  units = 0;

  constructor(options: LineEndOptions) {
    this.#options = options;
    const { call, host } = options;
    this.#child = spawnHost({ ...host, memoryMb: call.memoryMb ?? host.memoryMb });
    this.#line = this.#openLine(call);
    this.#listen();
  }

  /** Leases under way. */
  get leases(): number {
    return this.#line.under.size + this.#unnamed;
  }

  /** Leases under way of which a unit waits for an answer. */
  get stuck(): number {
    return new Set(this.#calls.values()).size;
  }

  get call(): Call {
    return this.#line.call;
  }

  /** Whether what it has to say of its leases waits for the next coordinator of its run. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Tells whoever follows the run. */
  tell(words: string): void {
    this.#fromHost({ type: "notice", text: `worker ${this.#options.worker}: ${words}` });
  }

  kill(): void {
    this.#isKilled = true;
    this.#child.kill("SIGKILL");
  }

  /** Its coordinator is gone: what runs goes on, and nothing more is said of it until the next one of the run has called. */
  hold(): void {
    if (this.#isHeld) this.#options.onHeld();
    else this.#toHost({ type: "hold" });
  }

  /** The next coordinator of the run has called, and takes over what runs. */
  async move(call: Call): Promise<void> {
    const before = this.#line;
    this.#unnamed = this.leases;
    this.#calls.clear();
    this.#line = this.#openLine(call);
    if (this.#isLeaving) this.leave();
    await this.#closeLine(before);
  }

  /** Takes no more leases. */
  leave(): void {
    this.#isLeaving = true;
    this.#fromHost({ type: "leaving" });
  }

  #openLine(call: Call): Line {
    const { keys, connect } = this.#options;
    const line: Line = {
      call,
      frames: new FrameReader((message) => this.#toHost(message as ToHost)),
      under: new Map(),
      closing: [],
      reader: null,
      jobs: null,
      got: 0,
      taken: 0,
      sent: 0,
      isOver: false,
    };
    const key = keys.to(call.line);
    const onEntry = (entry: Entry): void => this.#take(line, entry);
    line.reader = new StreamReader(connect(), { key, after: "0", onEntry });
    void this.#openJobs(line);
    return line;
  }

  async #openJobs(line: Line): Promise<void> {
    const { keys, connect } = this.#options;
    const { Worker } = await import("bullmq");
    if (line.isOver) return;
    const connection = connect();
    line.closing.push(connection);
    line.jobs = new Worker<LeaseJob>(keys.leases(line.call.line), (job) => this.#run(line, job), {
      connection,
      prefix: keys.bull,
      concurrency,
      lockDuration: 30_000,
      maxStalledCount: 0,
    });
    line.jobs.on("error", () => undefined);
  }

  /** While the server is away this does not end. */
  async #closeLine(line: Line): Promise<void> {
    line.isOver = true;
    const { redis, keys } = this.#options;
    for (const done of line.under.values()) done();
    line.under.clear();
    line.reader?.close();
    await line.jobs?.close(true).catch(() => undefined);
    for (const connection of line.closing) connection.disconnect();
    await redis.del(keys.to(line.call.line)).catch(() => undefined);
  }

  /** Resolves when the lease has ended. A job that comes twice is one lease. */
  async #run(line: Line, { data }: Job<LeaseJob>): Promise<void> {
    while (line.got < data.after && !line.isOver) await new Promise((resolve) => setTimeout(resolve, 2));
    let lease: LeaseMessage | null = null;
    new FrameReader((message) => {
      lease = message as LeaseMessage;
    }).push(Buffer.from(data.frame, "base64"));
    if (lease === null || line.isOver) return;
    const message: LeaseMessage = lease;
    if (line.under.has(message.lease)) return;
    const ended = new Promise<void>((resolve) => line.under.set(message.lease, resolve));
    line.taken += 1;
    this.#toHost(message);
    await ended;
  }

  #take(line: Line, entry: Entry): void {
    if (line.isOver) return;
    const number = Number(text(entry, "s"));
    if (number !== line.got + 1 || text(entry, "k") === "kill") {
      // Told to, or something between is lost for ever: the coordinator runs it elsewhere.
      this.kill();
      return;
    }
    line.got = number;
    line.frames.push(parcelOf(entry).bytes);
  }

  #toHost(message: ToHost): void {
    if ("call" in message && message.type !== "effect-queue" && message.type !== "effect-rows")
      this.#calls.delete(message.call);
    if (message.type === "adopt") {
      this.#unnamed = 0;
      this.#isHeld = false;
      for (const { lease } of message.leases) this.#line.under.set(lease, () => undefined);
    }
    const channel = channelOf(this.#child);
    if (channel.destroyed || channel.writableEnded) return;
    for (const piece of frameOf(message)) channel.write(piece);
  }

  #listen(): void {
    const channel = channelOf(this.#child);
    const reader = new FrameReader((message) => this.#fromHost(message as FromHost));
    channel.on("data", (bytes: Uint8Array) => reader.push(bytes));
    channel.on("error", () => undefined);
    followHost(this.#child, {
      onPrinted: (text) => this.tell(text),
      isKilled: () => this.#isKilled,
      onEnd: (exit) => void this.#end(exit),
    });
  }

  #fromHost(message: FromHost): void {
    if (message.type === "held") {
      this.#isHeld = true;
      this.#options.onHeld();
      return;
    }
    for (const parcel of parcelsOf(message)) this.#say("data", parcel);
    if (message.type === "unfit") this.#options.onUnfit(message.reason);
    if (message.type === "ready" && message.underWay.length === 0) {
      this.#unnamed = 0;
      this.#isHeld = false;
    }
    if ("call" in message) {
      if (message.type === "effect-abandoned") this.#calls.delete(message.call);
      else this.#calls.set(message.call, message.lease);
    }
    if (message.type === "records") this.units += readBatch(message.batch).rows;
    if (message.type !== "lease-ended") return;
    for (const [call, lease] of this.#calls) if (lease === message.lease) this.#calls.delete(call);
    const { under } = this.#line;
    under.get(message.lease)?.();
    under.delete(message.lease);
  }

  #say(kind: "data" | "exit", parcel: Parcel): void {
    const { redis, keys } = this.#options;
    const line = this.#line;
    line.sent += 1;
    const counts = ["s", `${line.sent}`, "g", `${line.got}`, "t", `${line.taken}`];
    const head = ["l", line.call.line, ...counts, "k", kind];
    redis
      .xadd(keys.from(line.call.run), "*", ...head, ...fieldsOf(parcel))
      .catch((error: unknown) => this.#options.onRefused(refusalIn(error)));
  }

  async #end(exit: HostExit): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    const { redis, keys, onEnd } = this.#options;
    this.#say("exit", { isFirst: true, bytes: Buffer.from(JSON.stringify(exit)) });
    onEnd();
    await this.#closeLine(this.#line);
    await redis.expire(keys.from(this.call.run), leftLivesS).catch(() => undefined);
  }
}
