// `lab worker`: offers this machine's threads to the runs of a farm. It says once a second what it is and does; a coordinator claims it, calls, and
// gets a host of its own until its run is over. One that dies leaves the worker to whoever claims it next.
import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { Redis } from "ioredis";
import { labwrightVersion } from "../../version.ts";
import type { HostOptions } from "../host/host-session.ts";
import { machineLabels } from "../protocol/labels.ts";
import { ConnectionNews } from "./connection-news.ts";
import {
  type Asked,
  type Call,
  claimLivesMs,
  type FarmKeys,
  farmKeys,
  type WorkerCard,
  workerLivesMs,
} from "./farm-keys.ts";
import { LineEnd } from "./line-end.ts";
import { connectorOf, type RedisAddress, reached, UnusableRedis } from "./redis-address.ts";
import { troubleIn } from "./redis-trouble.ts";

const beatMs = 1000;
const leaveMs = 2000;
/** The rate looks back this far. */
const rateWindowMs = 10_000;

export interface FarmWorkerOptions {
  readonly address: RedisAddress;
  readonly name: string;
  readonly host: HostOptions;
  /** Hears in words what the worker does. */
  readonly tell: (words: string) => void;
}

export class FarmWorker {
  readonly #options: FarmWorkerOptions;
  readonly #keys: FarmKeys;
  readonly #id: string;
  readonly #redis: Redis;
  readonly #caller: Redis;
  readonly #connect: () => Redis;
  #line: LineEnd | null = null;
  #units = 0;
  readonly #marks: { readonly at: number; readonly units: number }[] = [];
  #isDraining = false;
  /** Why the server last refused something; it is told once. */
  #refusal: string | null = null;
  #beat: NodeJS.Timeout | undefined;

  private constructor(options: FarmWorkerOptions, connect: () => Redis) {
    this.#options = options;
    this.#keys = farmKeys(options.address.pool);
    this.#id = `${options.name}.${randomBytes(4).toString("hex")}`;
    const news = new ConnectionNews({
      onLost: (words) => {
        options.tell(`redis ${words}; it is tried again`);
        // Where only some connections cannot be had, the run can be told.
        if (this.#redis.status === "ready")
          this.#line?.tell(`redis ${words}; it has no other way to the run`);
      },
      onBack: () => options.tell("redis answers again"),
    });
    this.#connect = () => news.follow(connect());
    this.#redis = this.#connect();
    this.#caller = this.#connect();
  }

  /** Resolves once the worker is known to the farm. Rejects, in words, when the server cannot be reached. */
  static async start(options: FarmWorkerOptions): Promise<FarmWorker> {
    const worker = new FarmWorker(options, await connectorOf(options.address));
    try {
      await reached(worker.#redis, worker.#keys.worker("probe"));
      await worker.#show();
    } catch (error) {
      worker.#disconnect();
      throw error instanceof UnusableRedis ? error : new UnusableRedis(await troubleIn(error, worker.#redis));
    }
    worker.#beat = setInterval(() => void worker.#look(), beatMs);
    void worker.#hearCalls();
    return worker;
  }

  /** Finishes what runs and takes nothing more; resolves when it has left. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    this.#line?.leave();
    while (this.#line !== null && this.#line.leases > 0) await pause(100);
    await this.leave();
  }

  /** Ends at once. */
  async leave(): Promise<void> {
    clearInterval(this.#beat);
    this.#line?.kill();
    while (this.#line !== null) await pause(20);
    const gone = this.#redis
      .multi()
      .srem(this.#keys.workers, this.#id)
      .del(this.#keys.worker(this.#id), this.#keys.calls(this.#id), this.#keys.claim(this.#id))
      .exec()
      .catch(() => undefined);
    // A server that is away forgets the worker by itself.
    await Promise.race([gone, pause(leaveMs)]);
    this.#disconnect();
  }

  #disconnect(): void {
    for (const redis of [this.#caller, this.#redis]) redis.disconnect();
  }

  async #look(): Promise<void> {
    try {
      await this.#show();
      const line = this.#line;
      if (line === null) return;
      const claim = this.#keys.claim(this.#id);
      const holder = await this.#redis.get(claim);
      if (holder !== null && holder !== line.call.run) line.kill();
      if (holder !== null) return;
      // Its coordinator is gone. What runs is finished, and kept for the next one of the same run; what waits for an answer may wait for ever.
      if (line.leases === 0) line.kill();
      else if (line.leases > line.stuck && !line.isHeld)
        await this.#redis.set(claim, line.call.run, "PX", claimLivesMs, "NX");
    } catch {
      // The server is away; it is looked for again.
    }
  }

  async #show(): Promise<void> {
    const { name, host } = this.#options;
    const card: WorkerCard = {
      id: this.#id,
      name,
      threads: host.threads,
      labels: machineLabels(host.labels),
      labwright: labwrightVersion(),
      node: process.versions.node,
      machine: hostname(),
      pid: process.pid,
      state: this.#isDraining ? "draining" : this.#line === null ? "free" : "working",
      session: this.#line?.call.session ?? null,
      run: this.#line?.call.run ?? null,
      leases: this.#line?.leases ?? 0,
      done: this.#done,
      isHeld: this.#line?.isHeld ?? false,
      perSecond: this.#rate(),
    };
    await this.#redis
      .multi()
      .sadd(this.#keys.workers, this.#id)
      .set(this.#keys.worker(this.#id), JSON.stringify(card), "PX", workerLivesMs)
      .exec();
  }

  get #done(): number {
    return this.#units + (this.#line?.units ?? 0);
  }

  #rate(): number {
    const marks = this.#marks;
    const now = { at: performance.now(), units: this.#done };
    marks.push(now);
    while (marks.length > 2 && now.at - marks[0]!.at > rateWindowMs) marks.shift();
    const [first = now] = marks;
    return first === now ? 0 : ((now.units - first.units) * 1000) / (now.at - first.at);
  }

  async #hearCalls(): Promise<void> {
    while (this.#caller.status !== "end") {
      try {
        const called = await this.#caller.blpop(this.#keys.calls(this.#id), 1);
        if (called !== null) await this.#answer(JSON.parse(called[1]) as Asked);
      } catch {
        await pause(200);
      }
    }
  }

  async #answer(call: Asked): Promise<void> {
    const { tell, host } = this.#options;
    if ("drain" in call) {
      tell("told to finish and leave");
      this.#isDraining = true;
      return;
    }
    if ("refused" in call) {
      tell(call.refused);
      return;
    }
    const line = this.#line;
    if ("hold" in call) {
      if (line?.call.run === call.hold) line.hold();
      return;
    }
    if (line !== null && isNextOf(line.call, call)) {
      tell(`works for ${call.session}, and goes on with what it had under way`);
      await line.move(call);
      return;
    }
    if (this.#isDraining) return;
    line?.kill();
    while (this.#line !== null) await pause(20);
    tell(`works for ${call.session}`);
    this.#line = new LineEnd({
      worker: this.#options.name,
      call,
      keys: this.#keys,
      host,
      redis: this.#redis,
      connect: this.#connect,
      onHeld: () => void this.#look(),
      onRefused: (words) => {
        if (words !== null && words !== this.#refusal) tell(`redis refuses what it has to say: it ${words}`);
        this.#refusal = words ?? this.#refusal;
      },
      onUnfit: (reason) => {
        tell(reason);
        this.#isDraining = true;
      },
      onEnd: () => {
        this.#units += this.#line?.units ?? 0;
        this.#line = null;
        tell(`has ended its work for ${call.session}`);
        void this.#look();
      },
    });
  }

  /** Whether it was told from elsewhere to finish and leave. */
  get isDraining(): boolean {
    return this.#isDraining;
  }
}

/** Whether a call is of the next coordinator of the run that a line is of: the same one calls again where it has given the line up. */
function isNextOf(of: Call, call: Call): boolean {
  return of.run === call.run && of.session !== call.session;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
