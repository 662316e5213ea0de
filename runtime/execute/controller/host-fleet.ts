// The hosts of a run: started, greeted, watched, replaced when they die. A host that gives no sign of life is declared dead; one
// that dies again and again before it has done anything ends the run in words.
import type { Executor, FromHost, Hello, Host, HostExit, ToHost } from "../protocol/protocol.ts";
import { protocolVersion } from "../protocol/protocol.ts";

/** How often hosts say that they live, and after what silence one is taken for dead. */
export interface LifeSigns {
  readonly heartbeatMs: number;
  readonly silentMs: number;
}

export const lifeSigns: LifeSigns = { heartbeatMs: 1000, silentMs: 20_000 };

/** A host may take this long to load before it is ready; its silence counts from then on. */
const startingMs = 120_000;

/** Hosts that die in a row without having finished a unit, before the run gives up. */
const fruitlessMax = 8;

export interface FleetHost {
  readonly name: string;
  readonly threads: number;
  send(message: ToHost): void;
}

export interface FleetOptions {
  readonly executor: Executor;
  readonly hosts: number;
  readonly threads: number;
  readonly memoryMb: number | null;
  readonly signs: LifeSigns;
  onReady(host: FleetHost): void;
  onMessage(host: FleetHost, message: FromHost): void;
  /** `heard` is what the host last said that it ran. */
  onLost(host: FleetHost, exit: HostExit): void;
  /** No host can be had; the run cannot go on. */
  onHopeless(reason: string): void;
}

interface Member extends FleetHost {
  host: Host | null;
  isReady: boolean;
  lastSign: number;
  silence: string | null;
}

export class HostFleet {
  readonly #options: FleetOptions;
  readonly #members = new Set<Member>();
  readonly #watch: NodeJS.Timeout;
  #started = 0;
  #fruitless = 0;
  #isClosing = false;
  #onEmpty: (() => void) | null = null;

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#watch = setInterval(() => this.#look(), options.signs.heartbeatMs);
    for (let i = 0; i < options.hosts; i++) void this.#start();
  }

  get ready(): readonly FleetHost[] {
    return [...this.#members].filter((member) => member.isReady);
  }

  /** Something was finished: hosts that die from now on are accidents again. */
  countProgress(): void {
    this.#fruitless = 0;
  }

  /** Ends a host at once, as if it had died. */
  kill(name: string, reason: string): void {
    for (const member of this.#members) {
      if (member.name !== name) continue;
      member.silence = reason;
      member.host?.kill();
    }
  }

  /** Lets hosts finish and leave; ends those that do not within `graceMs`. */
  async close({ graceMs }: { readonly graceMs: number }): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#watch);
    for (const member of this.#members) member.send({ type: "drain" });
    const timer = setTimeout(() => {
      for (const member of this.#members) member.host?.kill();
    }, graceMs);
    while (this.#members.size > 0) {
      await new Promise<void>((resolve) => {
        this.#onEmpty = resolve;
      });
    }
    clearTimeout(timer);
  }

  async #start(): Promise<void> {
    const { executor, threads, memoryMb, signs } = this.#options;
    this.#started += 1;
    const name = `${executor.name}-${this.#started}`;
    const member: Member = {
      name,
      threads,
      host: null,
      isReady: false,
      lastSign: Date.now(),
      silence: null,
      send: (message) => member.host?.send(message),
    };
    this.#members.add(member);
    try {
      member.host = await executor.start(name, {
        onMessage: (message) => this.#hear(member, message),
        onExit: (exit) => this.#lose(member, exit),
      });
    } catch (error) {
      const reason = `could not be started: ${error instanceof Error ? error.message : String(error)}`;
      return this.#lose(member, { cause: "exit", reason });
    }
    const { heartbeatMs } = signs;
    const hello: Hello = {
      type: "hello",
      protocol: protocolVersion,
      host: name,
      threads,
      memoryMb,
      heartbeatMs,
    };
    member.send(hello);
    if (this.#isClosing) member.send({ type: "drain" });
  }

  #hear(member: Member, message: FromHost): void {
    member.lastSign = Date.now();
    if (message.type === "ready") {
      if (message.protocol !== protocolVersion) {
        const reason = `host ${member.name} speaks protocol ${message.protocol}, this labwright ${protocolVersion}; install the same version on both`;
        this.#options.onHopeless(reason);
        return;
      }
      member.isReady = true;
      this.#options.onReady(member);
      return;
    }
    this.#options.onMessage(member, message);
  }

  #lose(member: Member, exit: HostExit): void {
    if (!this.#members.delete(member)) return;
    const told: HostExit = member.silence === null ? exit : { cause: "silent", reason: member.silence };
    if (!this.#isClosing) {
      this.#fruitless += 1;
      this.#options.onLost(member, told);
      if (this.#fruitless >= fruitlessMax)
        this.#options.onHopeless(
          `${this.#fruitless} hosts in a row died without finishing a trial; the last one ${told.reason}`,
        );
      else if (!this.#isClosing) void this.#start();
    }
    if (this.#members.size === 0) this.#onEmpty?.();
  }

  #look(): void {
    const { silentMs } = this.#options.signs;
    for (const member of this.#members) {
      const allowedMs = member.isReady ? silentMs : Math.max(silentMs, startingMs);
      if (Date.now() - member.lastSign <= allowedMs) continue;
      member.silence ??= `gave no sign of life for ${Math.round(allowedMs / 1000)} s`;
      member.host?.kill();
    }
  }
}
