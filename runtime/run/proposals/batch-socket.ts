// Batches over a loopback socket, for programs in any language: JSON lines, a token first. What comes from a client is data; one that sends what is
// no line of the protocol is told so and hears the rest.
import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { z } from "zod";
import { nearest } from "../../diagnostic/nearest.ts";
import type { OpenBatch } from "./open-batch.ts";

export interface BatchSocket {
  readonly port: number;
  /** What a client's first line has to name. */
  readonly token: string;
  /** Resolves once a client has asked to close. */
  readonly asked: Promise<void>;
  /** Takes nobody in any more and lets those go who are there. */
  close(): Promise<void>;
}

/** A line of a client: `{ "token" }` first, then `{ "id", "evaluate" }`, at last `{ "close": true }`. */
const lineShape = z.union([
  z.strictObject({ token: z.string() }),
  z.strictObject({ id: z.union([z.string(), z.number()]), evaluate: z.json() }),
  z.strictObject({ close: z.literal(true) }),
]);

const batchShape = z.array(z.record(z.string(), z.json())).min(1);

/** Longest line, in characters: before the token, and after. */
const lineMost = { stranger: 1000, client: 16 * 2 ** 20 } as const;

/** How long a client has to take what it was told before the end, in ms. */
const farewellMs = 2000;

/** Listens on the loopback address; `port` 0 is any that is free. Rejects where it cannot. */
export async function serveBatches(
  batch: Pick<OpenBatch<unknown>, "evaluate">,
  { port }: { readonly port: number },
): Promise<BatchSocket> {
  const token = randomBytes(24).toString("base64url");
  const clients = new Set<Socket>();
  let ask = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  const server = createServer((socket) => {
    clients.add(socket);
    socket.on("close", () => clients.delete(socket));
    socket.on("error", () => socket.destroy());
    serve(socket, { token, batch, close: ask });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: portOf(server),
    token,
    asked,
    close: () =>
      new Promise((resolve) => {
        // Who does not read what he was told last does not hold up the end of the run.
        const late = setTimeout(() => {
          for (const client of clients) client.destroy();
        }, farewellMs);
        server.close(() => {
          clearTimeout(late);
          resolve();
        });
        for (const client of clients) client.end();
      }),
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function serve(
  socket: Socket,
  of: {
    readonly token: string;
    readonly batch: Pick<OpenBatch<unknown>, "evaluate">;
    readonly close: () => void;
  },
): void {
  let isKnown = false;
  const say = (told: object): void => {
    if (!socket.writable) return;
    // Who does not read is not read either: what is under way for him has an end.
    if (!socket.write(`${JSON.stringify(told)}\n`)) socket.pause();
  };
  const dismiss = (why: string): void => {
    say({ error: why });
    socket.end();
  };
  const hear = (text: string): void => {
    const line = lineOf(text);
    if (line !== null && "token" in line) {
      isKnown = isSame(line.token, of.token);
      if (isKnown) say({ open: true });
      else dismiss("the token is another");
    } else if (!isKnown) dismiss("the first line names the token");
    else if (line === null) say(refusalOf(text));
    else if ("close" in line) of.close();
    else evaluate(of.batch, line, say);
  };
  const lines = new LineReader(hear);
  socket.setEncoding("utf8");
  socket.on("drain", () => socket.resume());
  socket.on("data", (text: string) => {
    if (!socket.writable) return;
    lines.take(text);
    const most = isKnown ? lineMost.client : lineMost.stranger;
    if (lines.waiting <= most) return;
    lines.drop();
    dismiss(`a line has more than ${most} characters: hand the conditions in by several`);
  });
}

/** What is wrong with a line, under its id where it has one, so that who waits for that hears it. */
function refusalOf(text: string): object {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    return { error: `${protocolWords} (${error instanceof Error ? error.message : String(error)})` };
  }
  const id: unknown = Reflect.get(Object(given), "id");
  const named = typeof id === "string" || typeof id === "number" ? { id } : {};
  const keys = Object.keys(Object(given));
  if (keys.length === 1 && keys[0] === "evaluate")
    return { error: 'evaluate has an "id" beside it, which comes back in the answer' };
  const strange = keys.find((key) => !known.includes(key));
  const near = strange === undefined ? null : nearest(strange, known);
  return {
    ...named,
    error: near === null ? protocolWords : `there is no "${strange}": did you mean "${near}"?`,
  };
}

const known = ["token", "id", "evaluate", "close"];

const protocolWords =
  'no line of this protocol: { "token" }, { "id", "evaluate": [{ ... }] } or { "close": true }';

function evaluate(
  batch: Pick<OpenBatch<unknown>, "evaluate">,
  { id, evaluate: given }: { readonly id: string | number; readonly evaluate: unknown },
  say: (told: object) => void,
): void {
  const { data } = batchShape.safeParse(given);
  if (data === undefined) {
    say({ id, error: 'evaluate is no list of conditions, such as [{ "alpha": 0.1 }]' });
    return;
  }
  batch.evaluate(data).then(
    (tried) => say({ id, tried }),
    (error: unknown) => say({ id, error: error instanceof Error ? error.message : String(error) }),
  );
}

/** Text as it comes, as lines; what has no end yet is put together once. */
class LineReader {
  readonly #hear: (line: string) => void;
  #pieces: string[] = [];
  /** Characters of the line that has no end yet. */
  waiting = 0;

  constructor(hear: (line: string) => void) {
    this.#hear = hear;
  }

  take(text: string): void {
    const [first = "", ...more] = text.split("\n");
    this.#wait(first);
    for (const next of more) {
      const line = this.#pieces.join("");
      this.drop();
      this.#wait(next);
      if (line.trim() !== "") this.#hear(line);
    }
  }

  drop(): void {
    this.#pieces = [];
    this.waiting = 0;
  }

  #wait(piece: string): void {
    this.#pieces.push(piece);
    this.waiting += piece.length;
  }
}

function lineOf(text: string): z.output<typeof lineShape> | null {
  try {
    return lineShape.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
