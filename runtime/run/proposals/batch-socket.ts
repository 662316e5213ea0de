// Batches over a loopback socket, for programs in any language: JSON lines, a token first. What comes from a client is data; one that sends what is
// no line of the protocol is told so and hears the rest.
import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { z } from "zod";
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
  z.strictObject({
    id: z.union([z.string(), z.number()]),
    evaluate: z.array(z.record(z.string(), z.json())).min(1),
  }),
  z.strictObject({ close: z.literal(true) }),
]);

/** Longest line, in characters. */
const lineMax = 16 * 2 ** 20;

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
        server.close(() => resolve());
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
  let rest = "";
  const say = (told: object): void => {
    if (socket.writable) socket.write(`${JSON.stringify(told)}\n`);
  };
  const hear = (text: string): void => {
    const line = lineOf(text);
    if (line === null) {
      say({
        error: 'no line of this protocol: { "token" }, { "id", "evaluate": [{ ... }] } or { "close": true }',
      });
    } else if ("token" in line) {
      isKnown = isSame(line.token, of.token);
      say(isKnown ? { open: true } : { error: "the token is another" });
      if (!isKnown) socket.end();
    } else if (!isKnown) {
      say({ error: "the first line names the token" });
      socket.end();
    } else if ("close" in line) of.close();
    else {
      const { id, evaluate } = line;
      of.batch.evaluate(evaluate).then(
        (tried) => say({ id, tried }),
        (error: unknown) => say({ id, error: error instanceof Error ? error.message : String(error) }),
      );
    }
  };
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") hear(line);
    if (rest.length > lineMax) socket.destroy();
  });
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
