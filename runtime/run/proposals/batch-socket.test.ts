// The socket of batches against clients that misbehave: each hears why, holds up nobody else, and costs the run no memory.
import { connect, type Socket } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type BatchSocket, serveBatches } from "./batch-socket.ts";
import type { Tried } from "./proposed-trials.ts";

let served: BatchSocket;
let asked = 0;
const tried: Tried = { slot: 0, round: 0, condition: { words: "x".repeat(1 << 16) }, trials: [] };

test.before(async () => {
  const evaluate = async (conditions: readonly unknown[]): Promise<readonly Tried[]> => {
    asked += 1;
    return conditions.map(() => tried);
  };
  served = await serveBatches({ evaluate }, { port: 0 });
});

interface Client {
  readonly socket: Socket;
  send(text: string): void;
  /** The next line that it hears; null at the end. */
  next(): Promise<Record<string, unknown> | null>;
}

function clientOf(): Client {
  const socket = connect(served.port, "127.0.0.1").setEncoding("utf8");
  socket.on("error", () => socket.destroy());
  const lines = (async function* () {
    let rest = "";
    for await (const text of socket) {
      const parts = (rest + String(text)).split("\n");
      rest = parts.pop() ?? "";
      yield* parts;
    }
  })();
  return {
    socket,
    send: (text) => void socket.write(text),
    async next() {
      const { value, done } = await lines.next();
      return done === true ? null : (JSON.parse(value) as Record<string, unknown>);
    },
  };
}

async function known(): Promise<Client> {
  const client = clientOf();
  client.send(`${JSON.stringify({ token: served.token })}\n`);
  assert.equal(await client.next(), { open: true });
  return client;
}

const batch = (id: number, evaluate: unknown = [{ alpha: 0.1 }]): string =>
  `${JSON.stringify({ id, evaluate })}\n`;

test("a request that is none of conditions is answered under its id, any other line with the protocol, and the rest goes on", async () => {
  const client = await known();
  client.send(batch(1, []) + batch(2, { alpha: 1 }) + batch(3, "all"));
  for (const id of [1, 2, 3]) {
    const heard = await client.next();
    assert.is(heard?.id, id);
    assert.match(String(heard?.error), /no list of conditions/);
  }
  client.send(`nonsense\n{"id": 4}\n`);
  for (let line = 0; line < 2; line++)
    assert.match(String((await client.next())?.error), /no line of this protocol/);
  client.send(`{"id": "x", "evalute": [{ "alpha": 0.1 }]}\n{"evaluate": [{ "alpha": 0.1 }]}\n`);
  assert.equal(await client.next(), { id: "x", error: 'there is no "evalute": did you mean "evaluate"?' });
  assert.match(String((await client.next())?.error), /evaluate has an "id" beside it/);
  const text = batch(5);
  client.send(text.slice(0, 9));
  client.send(text.slice(9));
  assert.is((await client.next())?.id, 5);
  client.socket.destroy();
});

test("who has not said the token is let go at the first other line, and at a long one before it has an end", async () => {
  for (const [text, words] of [
    [batch(1), /first line names the token/],
    [`${JSON.stringify({ token: "wrong" })}\n`, /token is another/],
    ["x".repeat(2000), /more than 1000 characters/],
  ] as const) {
    const client = clientOf();
    client.send(text);
    assert.match(String((await client.next())?.error), words);
    assert.is(await client.next(), null);
  }
});

test("a line longer than 16 million characters is refused in words", async () => {
  const client = await known();
  const piece = "x".repeat(1 << 20);
  for (let pieces = 0; pieces < 18; pieces++) client.send(piece);
  assert.match(String((await client.next())?.error), /more than 16777216 characters/);
  client.socket.destroy();
});

test("a client that never reads is read no further, and does not hold up the end", async () => {
  const deaf = await known();
  deaf.socket.pause();
  const before = asked;
  const sent = 20_000;
  deaf.send(Array.from({ length: sent }, (_, id) => batch(id)).join(""));
  const other = await known();
  other.send(batch(1));
  assert.is((await other.next())?.id, 1);
  assert.ok(asked - before < sent, `${asked - before}`);
  await served.close();
  deaf.socket.destroy();
});

test.run();
