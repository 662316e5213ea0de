// The leases of a host. Threads know each by a number that no other lease of the host has, a controller by one of its own. A host may outlive its
// controller: then what it says of its leases is kept for the next one of the same run, which names them anew.
import type {
  FromHost,
  FromUnits,
  LeaseEnd,
  LeaseMessage,
  LeaseUnderWay,
  Session,
} from "../protocol/protocol.ts";

type Call = Extract<FromUnits, { readonly call: number }>;

interface Held {
  readonly job: number;
  readonly units: LeaseMessage["units"];
  readonly attempt: number;
  /** The controller's number; null while there is no controller. */
  name: number | null;
  /** How it ended, while nobody was told. */
  end: LeaseEnd | null;
  /** What is to be told once somebody listens. */
  readonly kept: FromUnits[];
  /** What its units wait for, by call. */
  readonly asked: Map<number, Call>;
  /** Artifacts of which a part is stored: another controller has not seen it. */
  readonly parts: Set<string>;
}

/** Ended leases whose numbers are remembered, for lines that come late. */
const endedMax = 500;
/** Lines that a lease keeps while nobody listens. */
const linesMax = 1000;

export class LeasesInHand {
  readonly #send: (message: FromHost) => void;
  readonly #held = new Map<number, Held>();
  readonly #ended = new Map<number, number>();
  #session: Session;
  #last = 0;

  constructor(session: Session, send: (message: FromHost) => void) {
    this.#session = session;
    this.#send = send;
  }

  get session(): Session {
    return this.#session;
  }

  /** Leases that are not over, or of whose end nobody was told. */
  get count(): number {
    return this.#held.size;
  }

  /** Takes a lease in hand; returns it under the host's own number. */
  take(lease: LeaseMessage): LeaseMessage {
    this.#last += 1;
    const { job, units, attempt, lease: name } = lease;
    const nothing = { end: null, kept: [], asked: new Map(), parts: new Set<string>() };
    this.#held.set(this.#last, { job, units, attempt, name, ...nothing });
    return { ...lease, lease: this.#last };
  }

  /** The host's number of a lease of the controller; null for one that is over. */
  ownOf(lease: number): number | null {
    for (const [own, { name }] of this.#held) if (name === lease) return own;
    return null;
  }

  /** Says what units have said, or keeps it. */
  say(message: FromUnits): void {
    const held = this.#held.get(message.lease);
    if (held === undefined) {
      const name = this.#ended.get(message.lease);
      // A line that belongs to no lease is one of the host.
      if (name !== undefined || message.type === "log") this.#tell(message, name ?? 0);
      return;
    }
    if ("call" in message) note(held, message);
    if (held.name !== null) this.#tell(message, held.name);
    else if (isKept(message, held)) held.kept.push(message);
  }

  /** The call was answered. */
  answered(call: number): void {
    for (const { asked } of this.#held.values()) if (asked.delete(call)) return;
  }

  /** The lease is over. */
  end(own: number, end: LeaseEnd): void {
    const held = this.#held.get(own);
    if (held === undefined) return;
    held.end = end;
    if (held.name !== null) this.#close(own, held, held.name);
  }

  /** Nobody listens from now on. */
  hold(): void {
    for (const held of this.#held.values()) held.name = null;
    this.#ended.clear();
  }

  /** What this session, of the next controller, may take over. */
  offerTo(session: Session): readonly LeaseUnderWay[] {
    this.hold();
    this.#session = session;
    return [...this.#held].flatMap(([lease, { job, units, attempt, parts }]) =>
      parts.size > 0 ? [] : [{ lease, job, units, attempt }],
    );
  }

  /** Goes on under these numbers; returns the host's numbers of leases that nobody wants, which are forgotten. */
  adopt(leases: readonly { readonly was: number; readonly lease: number }[]): readonly number[] {
    const names = new Map(leases.map(({ was, lease }) => [was, lease]));
    const unwanted: number[] = [];
    for (const [own, held] of [...this.#held]) {
      if (held.name !== null) continue;
      const name = names.get(own);
      if (name === undefined) {
        this.#held.delete(own);
        unwanted.push(own);
        continue;
      }
      held.name = name;
      for (const call of held.asked.values()) this.#tell(call, name);
      for (const message of held.kept.splice(0)) this.#tell(message, name);
      if (held.end !== null) this.#close(own, held, name);
    }
    return unwanted;
  }

  #tell(message: FromUnits, lease: number): void {
    this.#send({ ...message, lease, session: this.#session });
  }

  #close(own: number, { end }: Held, lease: number): void {
    this.#held.delete(own);
    this.#ended.set(own, lease);
    if (this.#ended.size > endedMax) this.#ended.delete(this.#ended.keys().next().value ?? 0);
    if (end !== null) this.#send({ type: "lease-ended", session: this.#session, lease, ...end });
  }
}

function note(held: Held, call: Call): void {
  if (call.type === "effect-abandoned") held.asked.delete(call.call);
  else held.asked.set(call.call, call);
  if (call.type !== "artifact") return;
  const name = JSON.stringify([call.unit, call.name]);
  if (call.whole === null) held.parts.add(name);
  else held.parts.delete(name);
}

/** Calls are asked again by themselves; how far a trial is and its live rows are out of date by then. */
function isKept(message: FromUnits, { kept }: Held): boolean {
  if (message.type === "records") return true;
  return message.type === "log" && kept.filter(({ type }) => type === "log").length < linesMax;
}
