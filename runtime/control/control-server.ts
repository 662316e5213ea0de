// The server side of a run's control socket: reads requests, writes answers, and sends events to who asked for them. A reader that is slower
// than the run gets no queue: events are left out for it, and once it has caught up it is told where the run stands.
import { chmodSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { LineReader } from "./line-reader.ts";
import { type ControlReply, type ControlRequest, parseRequest, requestCharactersMax } from "./request.ts";

/** Bytes that may wait for a reader. */
const waitingMax = 1 << 20;
const clientsMax = 64;

export interface ControlServerOptions {
  /** Path of the socket; its folder is there. */
  readonly socket: string;
  /** Answers a request; rejects with an Error whose message is the answer. "events" is answered here. */
  readonly answer: (request: ControlRequest) => unknown;
  /** Where the run stands after event number `seq`. */
  readonly snapshot: () => { readonly seq: number; readonly state: unknown };
}

export interface ControlServer {
  /** Sends an event to all who listen. */
  tell(seq: number, event: unknown): void;
  /** Sends what is on its way, ends every connection and stops listening. */
  close(): Promise<void>;
}

/** Listens, for the owner of this process alone. Rejects when the system refuses. */
export async function openControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const clients = new Set<Client>();
  const server: Server = createServer((socket) => {
    const client = new Client(socket, options);
    clients.add(client);
    socket.once("close", () => clients.delete(client));
  });
  server.maxConnections = clientsMax;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.socket, resolve);
  });
  chmodSync(options.socket, 0o600);
  // The run decides when the process ends, not who watches it.
  server.unref();
  return {
    tell(seq, event) {
      if (clients.size === 0) return;
      let line: string | null = null;
      for (const client of clients) {
        if (!client.isListening) continue;
        line ??= JSON.stringify({ seq, event } satisfies ControlReply);
        client.tell(line);
      }
    },
    async close() {
      server.close();
      await Promise.all([...clients].map((client) => client.end()));
    },
  };
}

class Client {
  isListening = false;
  readonly #socket: Socket;
  readonly #options: ControlServerOptions;
  readonly #reader = new LineReader(requestCharactersMax);
  /** Requests are answered in their order. */
  #answered: Promise<void> = Promise.resolve();
  #isBehind = false;

  constructor(socket: Socket, options: ControlServerOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.unref();
    socket.on("data", (bytes: Buffer) => this.#hear(bytes));
    socket.on("drain", () => this.#catchUp());
    // Whoever has gone needs no answer.
    socket.on("error", () => socket.destroy());
  }

  tell(line: string): void {
    if (this.#socket.writableLength > waitingMax) this.#isBehind = true;
    if (!this.#isBehind) this.#socket.write(`${line}\n`);
  }

  /** Resolves once the other side has it all, or soon. */
  end(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.destroyed) {
        resolve();
        return;
      }
      const timer = setTimeout(() => this.#socket.destroy(), 1000);
      this.#socket.once("close", () => {
        clearTimeout(timer);
        resolve();
      });
      this.#socket.end(() => this.#socket.destroySoon());
    });
  }

  #hear(bytes: Buffer): void {
    let lines: readonly string[];
    try {
      lines = this.#reader.push(bytes);
    } catch (error) {
      this.#write({ id: null, error: error instanceof Error ? error.message : String(error) });
      this.#socket.destroySoon();
      return;
    }
    for (const line of lines) this.#answered = this.#answered.then(() => this.#answer(line));
    // Who does not read its answers is not read either.
    if (this.#socket.writableLength > waitingMax) this.#socket.pause();
  }

  async #answer(line: string): Promise<void> {
    const request = parseRequest(line);
    if ("error" in request) {
      this.#write(request);
      return;
    }
    const { id } = request;
    if (request.do === "events") {
      this.#write({ id, ok: this.#options.snapshot() });
      this.isListening = true;
      return;
    }
    try {
      this.#write({ id, ok: await this.#options.answer(request) });
    } catch (error) {
      this.#write({ id, error: error instanceof Error ? error.message : String(error) });
    }
  }

  #catchUp(): void {
    this.#socket.resume();
    if (!this.#isBehind) return;
    this.#isBehind = false;
    this.#write(this.#options.snapshot());
  }

  #write(reply: ControlReply): void {
    if (!this.#socket.destroyed) this.#socket.write(`${JSON.stringify(reply)}\n`);
  }
}
