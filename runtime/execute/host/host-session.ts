// The host's side of the protocol, over any runner of leases: greets, fetches code, keeps leases going, beats its heart, drains.
// It loads none of the author's code, so that nothing an author writes can silence it but a crash of the process.
import { machineLabels } from "../protocol/labels.ts";
import type { JobOpening } from "../protocol/opening.ts";
import type {
  CallReply,
  FromHost,
  Hello,
  LeaseEnd,
  LeaseMessage,
  Session,
  ToHost,
} from "../protocol/protocol.ts";
import { protocolVersion } from "../protocol/protocol.ts";
import { CodeCache, NotKept } from "./code-cache.ts";
import { CpuShares } from "./cpu-share.ts";
import type { LeaseRunner, RunnerOptions } from "./lease-runner.ts";
import { LeasesInHand } from "./leases-in-hand.ts";
import { machineCapacity } from "./machine-capacity.ts";

/** What a host is. */
export interface HostOptions {
  readonly threads: number;
  /** What a thread may take, in MB; null for no limit but that of Node's heap. */
  readonly memoryMb: number | null;
  readonly labels: Readonly<Record<string, string>>;
  /** Absolute path of the folder that keeps the code of builds. */
  readonly code: string;
}

export interface HostSessionOptions {
  readonly host: HostOptions;
  readonly send: (message: FromHost) => void;
  readonly runnerOf: (options: RunnerOptions) => LeaseRunner;
  /** Called once after "bye". */
  readonly onDrained: () => void;
}

/** One conversation with a controller, begun anew by each hello; the next controller of the same run may take over what is under way. */
export class HostSession {
  readonly #options: HostSessionOptions;
  readonly #code: CodeCache;
  #current: Current | null = null;
  #isDraining = false;

  constructor(options: HostSessionOptions) {
    this.#options = options;
    const ask = (build: JobOpening["code"]["build"], path: string): void =>
      options.send({ type: "need-file", build, path });
    this.#code = new CodeCache({ folder: options.host.code, ask });
  }

  receive(message: ToHost): void {
    const runner = this.#current?.runner;
    switch (message.type) {
      case "hello":
        this.#greet(message);
        return;
      case "open":
        this.#open(message.opening);
        return;
      case "file":
        this.#code.receive(message);
        return;
      case "lease":
        void this.#run(message);
        return;
      case "effect-reply":
      case "restore-reply":
      case "checkpoint-saved":
      case "artifact-taken":
        this.#answer(message);
        return;
      case "effect-queue":
      case "effect-rows":
        runner?.hear(message);
        return;
      case "cancel":
        for (const lease of message.leases) this.#cancel(this.#current?.inHand.ownOf(lease) ?? null);
        return;
      case "hold":
        this.#current?.inHand.hold();
        this.#options.send({ type: "held" });
        return;
      case "adopt":
        this.#adopt(message.leases);
        return;
      case "watch":
        runner?.watch(message.units);
        return;
      case "drain":
        this.#isDraining = true;
        this.#leaveWhenDone();
        return;
    }
  }

  /** Ends threads and heartbeat, whatever still runs. */
  async close(): Promise<void> {
    const current = this.#current;
    this.#current = null;
    if (current === null) return;
    clearInterval(current.heart);
    await current.runner.close();
  }

  #greet(hello: Hello): void {
    const { send, host } = this.#options;
    const { threads, memoryMb, labels } = host;
    const held = this.#current;
    const isKnown = hello.protocol === protocolVersion;
    const isNext = isKnown && held !== null && isOfOneRun(held.inHand.session, hello.session);
    this.#code.forgetAsked();
    const underWay = isNext
      ? held.inHand.offerTo(hello.session).filter(({ lease }) => !held.loading.has(lease))
      : [];
    if (!isNext) {
      // Whoever said hello before has lost this host.
      void this.close();
      if (isKnown) this.#begin(hello);
    }
    // A host of another version answers with its own number, and the controller refuses it in words.
    send({
      type: "ready",
      protocol: protocolVersion,
      host: hello.host,
      pid: process.pid,
      threads,
      memoryMb,
      capacity: machineCapacity(),
      labels: machineLabels(labels),
      underWay,
    });
  }

  #begin({ session, host: name, heartbeatMs }: Hello): void {
    const { send, runnerOf, host } = this.#options;
    const { threads, memoryMb } = host;
    const inHand = new LeasesInHand(session, send);
    const runner = runnerOf({
      host: name,
      threads,
      memoryMb,
      say: (message) => {
        if (message.type === "notice") send(message);
        else if (this.#current?.inHand === inHand) inHand.say(message);
      },
    });
    const shares = new CpuShares();
    const heart = setInterval(
      () =>
        send({
          type: "heartbeat",
          memoryMb: residentMb(),
          cpu: shares.ofProcess(),
          workers: runner.readings(),
        }),
      heartbeatMs,
    );
    this.#current = { inHand, runner, heart, jobs: new Map(), loading: new Set() };
  }

  #answer(reply: CallReply): void {
    this.#current?.inHand.answered(reply.call);
    this.#current?.runner.reply(reply);
  }

  #adopt(leases: Extract<ToHost, { type: "adopt" }>["leases"]): void {
    const current = this.#current;
    for (const own of current?.inHand.adopt(leases) ?? []) this.#cancel(own);
    this.#leaveWhenDone();
  }

  #open(opening: JobOpening): void {
    const current = this.#current;
    current?.jobs.set(
      opening.index,
      this.#code.fetched(opening.code).then(
        (bundle) => {
          current.runner.open({ opening, bundle });
          return null;
        },
        (error: unknown) => {
          if (!(error instanceof NotKept)) return error instanceof Error ? error.message : String(error);
          this.#options.send({ type: "unfit", reason: error.message });
          // Its leases end with this host, which is given up now.
          return new Promise<never>(() => undefined);
        },
      ),
    );
  }

  #cancel(own: number | null): void {
    const current = this.#current;
    if (own !== null && current?.loading.delete(own) === false) current.runner.cancel(own);
  }

  async #run(message: LeaseMessage): Promise<void> {
    const current = this.#current;
    if (current === null || current.inHand.session !== message.session) return;
    const lease = current.inHand.take(message);
    const end = await endOf(current, lease);
    if (current !== this.#current) return;
    current.inHand.end(lease.lease, end);
    this.#leaveWhenDone();
  }

  #leaveWhenDone(): void {
    if (!this.#isDraining || (this.#current?.inHand.count ?? 0) > 0) return;
    this.#isDraining = false;
    this.#options.send({ type: "bye" });
    this.#options.onDrained();
  }
}

/** What one hello began. */
interface Current {
  readonly inHand: LeasesInHand;
  readonly runner: LeaseRunner;
  readonly heart: NodeJS.Timeout;
  /** By index of the job: why its code cannot be had, or null. */
  readonly jobs: Map<number, Promise<string | null>>;
  /** Leases that wait for their job's code. */
  readonly loading: Set<number>;
}

/** Whether two controllers, not one, are of the same run. */
function isOfOneRun(one: Session, other: Session): boolean {
  const runOf = (session: Session): string => session.slice(0, session.lastIndexOf("/"));
  return one !== other && runOf(one) === runOf(other);
}

/** Runs a lease once its job's code is there. */
async function endOf({ runner, jobs, loading }: Current, lease: LeaseMessage): Promise<LeaseEnd> {
  const nothing: LeaseEnd = { busyMs: 0, guilty: null, broken: null, unloadable: null };
  const opened = jobs.get(lease.job);
  if (opened === undefined) return { ...nothing, broken: `job ${lease.job} was leased before it was opened` };
  loading.add(lease.lease);
  const unloadable = await opened;
  const isCancelled = !loading.delete(lease.lease);
  if (unloadable !== null) return { ...nothing, unloadable };
  if (isCancelled) return nothing;
  try {
    return await runner.run(lease);
  } catch (error) {
    return {
      ...nothing,
      broken: `could not begin: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

function residentMb(): number {
  return Math.round(process.memoryUsage.rss() / 2 ** 20);
}
