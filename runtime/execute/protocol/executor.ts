// Where hosts come from: an executor offers them to a run as they arrive, and replaces those that it wants replaced. Inline and local
// are two; an engine that spans machines is a third file, not a change.
import type { Labels } from "./labels.ts";
import type { FromHost, Session, ToHost } from "./protocol.ts";

/** What a run asks for. An executor of one machine gives just that; one whose hosts come as they are may give others. */
export interface HostDemand {
  readonly hosts: number;
  /** Worker threads of each host. */
  readonly threads: number;
  /** Heap of one thread at most, in MB; null for Node's own limit. */
  readonly memoryMb: number | null;
  /** Absolute path of a folder of builds on this machine: hosts that see its disk take code from it, others keep a folder of their own. */
  readonly code: string;
  /** The controller that asks. */
  readonly session: Session;
  /** A host is of use that has all labels of one of these lists; an empty list is met by any. */
  readonly labels: readonly (readonly string[])[];
  /** Units that are to be run; absent where nobody knows. */
  readonly units?: number;
}

/** How long an executor's hosts may take, and how often they may fail. A queue may keep one waiting for hours. */
export interface Patience {
  /** How often hosts say that they live. */
  readonly heartbeatMs: number;
  /** After this long without a sign of life a host is taken for dead. */
  readonly silentMs: number;
  /** From a host's arrival until it is ready. */
  readonly startingMs: number;
  /** Hosts in a row that may end without having finished a unit, before the run gives up; null for any number. */
  readonly fruitlessMax: number | null;
}

/** How a host ended. */
export interface HostExit {
  /** In words that follow "it", such as "was killed by SIGSEGV". */
  readonly reason: string;
  /** Whether the machine is known to have run out of memory. */
  readonly isMemory?: boolean;
  /** Whether it was taken away by what runs it, such as a queue that wants its node back: no trial is to blame. */
  readonly isTaken?: boolean;
}

/** A running host as the controller sees it. */
export interface Host {
  /** Unlike that of any other host of the run, such as "local-1". */
  readonly name: string;
  /** Whether it may have leases of an earlier controller of the run under way: until it is ready, or for some seconds, others are given none of them. */
  readonly hasWork?: boolean;
  /** Throws RangeError for a message that cannot be sent; the host is as it was before. */
  send(message: ToHost): void;
  /** Ends the host at once; what it had not sent is lost. */
  kill(): void;
  /** Whether it could be heard if it said something: not while what stands between is away. Absent where nothing does. */
  hears?(): boolean;
}

/** `onMessage` is called in order; `onExit` once, when the host is gone and its last message was delivered. */
export interface HostListener {
  onMessage(message: FromHost): void;
  onExit(exit: HostExit): void;
}

/** Where an executor brings its hosts. */
export interface HostDoor {
  /** A host has arrived; it is usable once it has said "ready" to a hello. */
  onHost(host: Host): HostListener;
  /** A host that was to come could not be started: why, in words that follow "it". */
  onMissing(reason: string): void;
  /** What whoever follows the run should know of hosts to come, such as that they wait in a queue. */
  onNews?(text: string): void;
  /** None will come any more, so that the run cannot go on: why. */
  onHopeless?(reason: string): void;
}

export interface HostSupply {
  /** Worker threads that it brings or is about to bring; absent where those are what was asked for. */
  readonly threads?: number;
  /** Brings no more hosts. Those that are there stay until they are drained or killed. */
  close(): void;
}

export interface Executor {
  readonly name: string;
  readonly patience: Patience;
  /** Milliseconds of work that a lease aims at, where handing one over takes longer than on one machine. */
  readonly leaseMs?: number;
  /** Other machines say how many threads there are, as they come; absent where a run has those that were asked for. */
  readonly isElsewhere?: true;
  /** How a run comes by more threads than its hosts have, in words that follow a colon; absent where a further demand brings them. */
  readonly moreBy?: string;
  /** What its hosts have, where it is known before they come. */
  readonly labels?: Labels;
  /**
   * Brings hosts through the door until the supply is closed, in later turns than this call's.
   *
   * @example
   * const supply = executor.open({ hosts: 1, threads: 2, memoryMb: null, code, session, labels: [[]] }, { onHost: (host) => listenerOf(host), onMissing: tell });
   */
  open(demand: HostDemand, door: HostDoor): HostSupply;
  /** What to do for a host with these labels, in sentences; absent where hosts come by themselves or not at all. */
  remedyOf?(labels: readonly string[]): string;
  /**
   * Record batches that hosts of earlier controllers of the same run have finished while no controller listened; some may be recorded by now.
   * Absent where hosts end with their controller. Called before `open`, once a controller.
   */
  leftBehind?(demand: Pick<HostDemand, "code" | "session">): Promise<readonly Uint8Array[]>;
  /** Called before a run is stopped: its hosts go on with what they have, for the next controller of the run. Absent where they cannot. */
  leave?(): void;
}
