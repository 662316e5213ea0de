// The client side of a run's control socket: asks and acts on a run of another process, and hears its events.
import { randomUUID } from "node:crypto";
import { createConnection, type Socket } from "node:net";
import type { ActOrigin } from "../event/act.ts";
import type { RunEvent } from "../event/event.ts";
import type { RunState } from "../live/run-state.ts";
import type { RunLayout } from "../store/files/layout.ts";
import { errorCodeOf } from "../store/files/store-error.ts";
import { addressIn } from "./address.ts";
import { LineReader } from "./line-reader.ts";
import type { Asked, ControlReply } from "./request.ts";
import { userName } from "./user-name.ts";

/** A run whose process stands still answers nothing. */
const answerMs = 20_000;
const replyCharactersMax = 1 << 26;

/** What a listener hears: where the run stands, first and after a gap, and each event after that. */
export type Heard =
  | { readonly seq: number; readonly state: RunState }
  | { readonly seq: number; readonly event: RunEvent };

export interface AskOptions {
  /** Makes an act that is sent twice happen once. */
  readonly key?: string;
  /** Number of the last act that is known: after another nothing is done. */
  readonly seen?: number | null;
}

export interface ControlClient {
  /** Asks for something; rejects with what the run has answered. */
  ask(asked: Asked, options?: AskOptions): Promise<unknown>;
  /** Hears everything from now on. Once. */
  listen(hear: (heard: Heard) => void): Promise<void>;
  /** Resolves when the connection has ended, from whichever side. */
  readonly closed: Promise<void>;
  close(): void;
}

/** The run refused, or did not answer. */
export class ControlError extends Error {}

/** A connection to the process that runs in a run's folder; null where none listens. */
export async function connectTo(
  run: Pick<RunLayout, "control">,
  origin: ActOrigin,
): Promise<ControlClient | null> {
  const address = addressIn(run.control);
  if (address === null) return null;
  const socket = createConnection(address);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
  } catch (error) {
    // The socket of a process that was killed, or none any more.
    if (["ECONNREFUSED", "ENOENT", "ENOTSOCK"].includes(errorCodeOf(error) ?? "")) return null;
    throw error;
  }
  return new Connection(socket, origin);
}

class Connection implements ControlClient {
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #origin: ActOrigin;
  readonly #reader = new LineReader(replyCharactersMax);
  readonly #waiting = new Map<
    string | number,
    { readonly resolve: (ok: unknown) => void; readonly reject: (error: Error) => void }
  >();
  #next = 1;
  #hear: ((heard: Heard) => void) | null = null;

  constructor(socket: Socket, origin: ActOrigin) {
    this.#socket = socket;
    this.#origin = origin;
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        for (const { reject } of this.#waiting.values())
          reject(new ControlError("the run's process has gone before it answered"));
        resolve();
      });
    });
    socket.on("error", () => socket.destroy());
    socket.on("data", (bytes: Buffer) => {
      try {
        // The other side is control-server.ts.
        for (const line of this.#reader.push(bytes)) this.#take(JSON.parse(line) as ControlReply);
      } catch {
        socket.destroy();
      }
    });
  }

  async ask(asked: Asked, { key = randomUUID(), seen = null }: AskOptions = {}): Promise<unknown> {
    const id = this.#next;
    this.#next += 1;
    const request = { ...asked, id, key, seen, origin: this.#origin, by: userName() };
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new ControlError(`the run's process has not answered for ${answerMs / 1000} s`));
      }, answerMs);
      const once =
        <T>(then: (value: T) => void) =>
        (value: T): void => {
          clearTimeout(timer);
          then(value);
        };
      this.#waiting.set(id, { resolve: once(resolve), reject: once(reject) });
      this.#socket.write(`${JSON.stringify(request)}\n`);
    });
  }

  async listen(hear: (heard: Heard) => void): Promise<void> {
    this.#hear = hear;
    await this.ask({ do: "events" });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(reply: ControlReply): void {
    if (!("id" in reply)) {
      // As the server sends them.
      this.#hear?.(reply as Heard);
      return;
    }
    const waiting = this.#waiting.get(reply.id ?? "");
    this.#waiting.delete(reply.id ?? "");
    if ("error" in reply) {
      waiting?.reject(new ControlError(reply.error));
      return;
    }
    // Events may follow in the same turn, so the snapshot is heard before them.
    if (isSnapshot(reply.ok)) this.#hear?.(reply.ok);
    waiting?.resolve(reply.ok);
  }
}

function isSnapshot(ok: unknown): ok is Heard {
  return typeof ok === "object" && ok !== null && "state" in ok;
}
