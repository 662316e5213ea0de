// The hosts of a run: greeted as they arrive, watched, told apart by what they can do. A host that gives no sign of life is declared
// dead; too many in a row that end before they have done anything end the run in words. With none at all the run waits.
import type {
  Executor,
  Host,
  HostDemand,
  HostExit,
  HostListener,
  HostSupply,
} from "../../protocol/executor.ts";
import type { Labels } from "../../protocol/labels.ts";
import type { FromHost, Session, ToHost, WatchedUnit } from "../../protocol/protocol.ts";
import { protocolVersion } from "../../protocol/protocol.ts";

/** A host that may have work is waited for so long. */
const hasWorkMs = 5000;

type Ready = Extract<FromHost, { type: "ready" }>;

export interface FleetHost {
  readonly name: string;
  /** Leases that it runs at once; 0 until it is ready. */
  readonly threads: number;
  /** What its machine has. */
  readonly capacity: Ready["capacity"];
  readonly labels: Labels;
  /** Throws RangeError for a message that cannot be sent. */
  send(message: ToHost): void;
}

/** What a host says of the work that it does; of itself it speaks to the fleet. */
export type FromWork = Exclude<FromHost, { readonly type: "ready" | "leaving" | "unfit" | "held" | "bye" }>;

export interface FleetOptions {
  readonly executor: Executor;
  /** Null when there is nothing to do: no host is asked for. */
  readonly demand: HostDemand | null;
  readonly session: Session;
  /** A steady clock, in ms; the process's own unless told. */
  readonly now?: () => number;
  onReady(host: FleetHost, ready: Ready): void;
  onMessage(host: FleetHost, message: FromWork): void;
  onLost(host: FleetHost, exit: HostExit): void;
  /** Of hosts that are to come, for whoever follows the run. */
  onTold(level: "info" | "warning", text: string): void;
  /** Now and then, at a steady clock's time in ms. */
  onLook?(now: number): void;
  /** No host can be had; the run cannot go on. */
  onHopeless(reason: string): void;
}

interface Member extends FleetHost {
  readonly host: Host;
  /** Those that it has, and of these the ones that may be given work. */
  slots: number;
  threads: number;
  capacity: Ready["capacity"];
  labels: Labels;
  isReady: boolean;
  /** It will be taken away. */
  isLeaving: boolean;
  readonly cameAt: number;
  lastSign: number;
  /** Why it was ended from here. */
  verdict: HostExit | null;
}

export class HostFleet {
  readonly #options: FleetOptions;
  readonly #members = new Set<Member>();
  readonly #watch: NodeJS.Timeout | undefined;
  readonly #now: () => number;
  #lookedAt: number;
  readonly #supplies: { readonly supply: HostSupply; readonly asked: number }[] = [];
  /** Threads that may be given work. */
  #quota = Number.POSITIVE_INFINITY;
  #watched: readonly WatchedUnit[] = [];
  #fruitless = 0;
  #isClosing = false;
  #onEmpty: (() => void) | null = null;

  constructor(options: FleetOptions) {
    this.#options = options;
    const { executor, demand } = options;
    this.#now = options.now ?? (() => performance.now());
    this.#lookedAt = this.#now();
    if (demand !== null) this.#watch = setInterval(() => this.#look(), executor.patience.heartbeatMs);
    if (demand !== null) this.#open(demand);
  }

  #open(demand: HostDemand): void {
    const supply = this.#options.executor.open(demand, {
      onHost: (host) => this.#welcome(host),
      onMissing: (reason) => this.#miss(reason),
      onNews: (text) => {
        if (!this.#isClosing) this.#options.onTold("info", text);
      },
      onHopeless: (reason) => {
        if (!this.#isClosing) this.#options.onHopeless(reason);
      },
    });
    this.#supplies.push({ supply, asked: demand.hosts * demand.threads });
  }

  /** Threads that were asked of all supplies together. */
  get #asked(): number {
    return this.#supplies.reduce((sum, { supply, asked }) => sum + (supply.threads ?? asked), 0);
  }

  /**
   * From now on so many threads over all hosts, null for all that there are: of too many some are given no work, and what is missing another host
   * brings, where the executor has one.
   */
  resize(threads: number | null): void {
    const { demand, executor } = this.#options;
    if (demand === null || this.#isClosing) return;
    this.#quota = threads ?? Number.POSITIVE_INFINITY;
    const missing = (threads ?? 0) - this.#asked;
    if (missing > 0 && executor.moreBy === undefined) this.#open({ ...demand, hosts: 1, threads: missing });
    this.#share();
  }

  /** Threads that hosts have, whether they are given work or not. */
  get slots(): number {
    let slots = 0;
    for (const member of this.#members) slots += member.slots;
    return slots;
  }

  /** Rows of these units are told, by hosts that come later too. */
  watch(units: readonly WatchedUnit[]): void {
    this.#watched = units;
    for (const member of this.#members) member.send({ type: "watch", units });
  }

  #share(): void {
    let left = this.#quota;
    for (const member of this.#members) {
      member.threads = Math.min(member.slots, left);
      left -= member.threads;
    }
  }

  get ready(): readonly FleetHost[] {
    return [...this.#members].filter((member) => member.isReady);
  }

  /** Those that are ready; none while another may have work already and has not said so. */
  get takers(): readonly FleetHost[] {
    const since = this.#now() - hasWorkMs;
    for (const { host, isReady, cameAt } of this.#members)
      if (host.hasWork === true && !isReady && cameAt > since) return [];
    return this.ready;
  }

  /** Threads of all hosts that are ready. */
  get threads(): number {
    let threads = 0;
    for (const member of this.#members) threads += member.threads;
    return threads;
  }

  /** Whether it has said that it will be taken away. */
  isLeaving(name: string | undefined): boolean {
    for (const member of this.#members) if (member.name === name) return member.isLeaving;
    return false;
  }

  /** Something was finished: hosts that end from now on are accidents again. */
  countProgress(): void {
    this.#fruitless = 0;
  }

  /** Ends a host at once, as if it had died. `reason` follows "it". */
  kill(name: string, reason: string): void {
    for (const member of this.#members) {
      if (member.name !== name) continue;
      member.verdict ??= { reason };
      member.host.kill();
    }
  }

  /** Lets hosts finish and leave; ends those that do not within `graceMs`. */
  async close({ graceMs }: { readonly graceMs: number }): Promise<void> {
    this.#isClosing = true;
    for (const { supply } of this.#supplies) supply.close();
    clearInterval(this.#watch);
    for (const member of this.#members) member.send({ type: "drain" });
    const timer = setTimeout(() => {
      for (const member of this.#members) member.host.kill();
    }, graceMs);
    while (this.#members.size > 0) {
      await new Promise<void>((resolve) => {
        this.#onEmpty = resolve;
      });
    }
    clearTimeout(timer);
  }

  #welcome(host: Host): HostListener {
    const member: Member = {
      name: host.name,
      host,
      slots: 0,
      threads: 0,
      capacity: { memoryMb: 0, gpus: 0 },
      labels: {},
      isReady: false,
      isLeaving: false,
      cameAt: this.#now(),
      lastSign: this.#now(),
      verdict: null,
      send: (message) => host.send(message),
    };
    this.#members.add(member);
    const { executor, session } = this.#options;
    const { heartbeatMs } = executor.patience;
    host.send({ type: "hello", protocol: protocolVersion, session, host: host.name, heartbeatMs });
    if (this.#watched.length > 0) host.send({ type: "watch", units: this.#watched });
    if (this.#isClosing) host.send({ type: "drain" });
    return {
      onMessage: (message) => this.#hear(member, message),
      onExit: (exit) => this.#lose(member, exit),
    };
  }

  #hear(member: Member, message: FromHost): void {
    member.lastSign = this.#now();
    switch (message.type) {
      case "ready":
        this.#prepare(member, message);
        return;
      case "leaving":
        // It is given no more work.
        member.slots = 0;
        // Hosts that the end of the run sends away say so too: what it ended of theirs is the run's doing.
        member.isLeaving ||= !this.#isClosing;
        this.#share();
        return;
      case "unfit":
        member.verdict ??= { reason: message.reason, isTaken: true };
        member.host.kill();
        return;
      case "held":
      case "bye":
        return;
      default:
        this.#options.onMessage(member, message);
        return;
    }
  }

  #prepare(member: Member, message: Ready): void {
    if (message.protocol !== protocolVersion) {
      const reason = `host ${member.name} speaks protocol ${message.protocol}, this labwright ${protocolVersion}; install the same version on both`;
      this.#options.onHopeless(reason);
      return;
    }
    member.slots = member.isLeaving ? 0 : message.threads;
    this.#share();
    member.capacity = message.capacity;
    member.labels = message.labels;
    member.isReady = true;
    this.#options.onReady(member, message);
  }

  #lose(member: Member, exit: HostExit): void {
    if (!this.#members.delete(member)) return;
    this.#share();
    const told = member.verdict ?? exit;
    if (!this.#isClosing) {
      this.#options.onLost(member, told);
      if (told.isTaken !== true || told === member.verdict) this.#count(told.reason);
    }
    if (this.#members.size === 0) this.#onEmpty?.();
  }

  #miss(reason: string): void {
    if (!this.#isClosing)
      this.#options.onTold("warning", `a host of engine ${this.#options.executor.name} ${reason}`);
    this.#count(reason);
  }

  /** Counts a host that has ended, or never came. */
  #count(reason: string): void {
    if (this.#isClosing) return;
    this.#fruitless += 1;
    const { fruitlessMax } = this.#options.executor.patience;
    if (fruitlessMax !== null && this.#fruitless >= fruitlessMax)
      this.#options.onHopeless(
        `${this.#fruitless} hosts in a row died without finishing a trial; the last one ${reason}`,
      );
  }

  #look(): void {
    const { heartbeatMs, silentMs, startingMs } = this.#options.executor.patience;
    const now = this.#now();
    // Between two looks that are far apart this process slept, and heard nobody: the time does not count.
    const sleptMs = Math.max(0, now - this.#lookedAt - 2 * heartbeatMs);
    this.#lookedAt = now;
    for (const member of this.#members) {
      const isDeaf = member.host.hears?.() === false;
      member.lastSign = isDeaf ? now : Math.min(now, member.lastSign + sleptMs);
      const allowedMs = member.isReady ? silentMs : startingMs;
      if (now - member.lastSign <= allowedMs) continue;
      this.kill(member.name, `gave no sign of life for ${Math.round(allowedMs / 1000)} s`);
    }
    this.#options.onLook?.(now);
  }
}
