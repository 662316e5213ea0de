// Why a Redis cannot be used, by what it is: in its own words where it says something, else that nothing was heard of it. A server that refuses
// does answer.
import { connect as connectPlain } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Redis } from "ioredis";

export interface RedisTrouble {
  /** Follows the server's name, such as "asks for a password (NOAUTH)". */
  readonly found: string;
  /** What to do about it, in a sentence. */
  readonly remedy: string;
}

/** A server speaks by itself only to send somebody away. */
const firstWordsMs = 1000;

/** What answers begin with, and what the server is then. */
const refusals: readonly (readonly [answer: RegExp, found: string, remedy: string])[] = [
  [
    /^NOAUTH/,
    "asks for a password",
    "Set LAB_REDIS_PASSWORD, and LAB_REDIS_USER for a user of its own, in the environment or in .env.",
  ],
  [
    /^WRONGPASS/,
    "knows no such user with this password",
    'Correct LAB_REDIS_PASSWORD and LAB_REDIS_USER; without a user it is the password of "default".',
  ],
  [
    /^NOPERM/,
    "does not let its user do what labwright needs",
    "Let it have all commands on keys that begin with labwright: (ACL SETUSER).",
  ],
  [/^OOM/, "has no memory left", "Let it have more: maxmemory of its configuration."],
  [
    /^READONLY/,
    "is a replica, which takes nothing",
    "Name the server that it copies: INFO replication says which one.",
  ],
  [
    /^MISCONF/,
    "cannot write to its disk, and takes nothing",
    "Its log says why; its disk may be full, or its folder closed to it.",
  ],
  [
    /^DENIED/,
    "is in protected mode: without a password it takes connections of its own machine only",
    "Give it a password (requirepass), or protected-mode no where nobody else reaches it.",
  ],
  [
    /^ERR max number of clients/,
    "has as many clients as it takes",
    "Let it take more: maxclients of its configuration. A run has 2 connections, a worker 5.",
  ],
  [
    /^ERR DB index is out of range/,
    "has no database of this number",
    "The number behind the port names a database: leave it out for the first one.",
  ],
  [
    /^(?:CLUSTERDOWN|MOVED|CROSSSLOT)/,
    "is part of a cluster, where no server has all keys",
    "Name a server that is none.",
  ],
];

/** Of an answer that is an error. */
function refusalOf(answer: string): RedisTrouble {
  const known = refusals.find(([pattern]) => pattern.test(answer));
  if (known === undefined) return { found: `refuses: ${answer}`, remedy: "Its log may say more." };
  const [, found, remedy] = known;
  const [code = ""] = answer.split(" ");
  return { found: code === "ERR" ? found : `${found} (${code})`, remedy };
}

function silenceOf(words: string): RedisTrouble {
  if (/certificate/i.test(words))
    return {
      found: `has a certificate that is not trusted here: ${words}`,
      remedy: "NODE_EXTRA_CA_CERTS names the file of an authority of your own.",
    };
  return { found: `does not answer: ${words}`, remedy: "Start it, or correct the address." };
}

/** Why the server has refused a command, in words that follow its name; null where it did not answer, which is tried again. */
export function refusalIn(error: unknown): string | null {
  const answer = answerIn(error);
  return answer === null ? null : refusalOf(answer).found;
}

/** The answer that an error is; null for one of the connection. */
function answerIn(error: unknown): string | null {
  if (!(error instanceof Error && error.name === "ReplyError")) return null;
  // Of a transaction that is not done, the command for which it is not.
  const { previousErrors: [first] = [] } = error as Error & { readonly previousErrors?: readonly Error[] };
  return (first ?? error).message;
}

/** What is behind an error of a connection, or of a command: where that does not say, the server is asked once more. */
export async function troubleIn(error: unknown, { options }: Pick<Redis, "options">): Promise<RedisTrouble> {
  const answer = answerIn(error);
  if (answer !== null) return refusalOf(answer);
  const sentAway = await refusalOnSight({ options });
  return sentAway ?? silenceOf(error instanceof Error ? error.message : String(error));
}

/** Why a server sends away whoever connects; null where it does not, or says nothing. */
export async function refusalOnSight({ options }: Pick<Redis, "options">): Promise<RedisTrouble | null> {
  const said = await firstWords(options);
  return said?.startsWith("-") === true ? refusalOf(said.slice(1)) : null;
}

/** The first line that a server says of itself to whoever connects; null for the usual one, which waits to be asked. */
function firstWords({ host, port, tls }: Redis["options"]): Promise<string | null> {
  return new Promise((resolve) => {
    const place = { host: host ?? "127.0.0.1", port: port ?? 6379 };
    const socket = tls === undefined ? connectPlain(place) : connectTls({ ...place, ...tls });
    const end = (line: string | null): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(line);
    };
    const timer = setTimeout(() => end(null), firstWordsMs);
    socket.once("data", (bytes: Buffer) => end(bytes.toString().split(/\r?\n/, 1)[0] ?? null));
    socket.once("error", () => end(null));
    socket.once("close", () => end(null));
  });
}
