// The server of `lab ui`: node:http on the loopback address, a handful of routes, and one stream a watched run. Everything about a run comes
// from the store; what only the command line may see (reports, comparisons) comes in as a port.
import { randomBytes, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { UserError } from "../../diagnostic/user-error.ts";
import { redactorOf } from "../../record/redact.ts";
import { openStore, type ProjectStore } from "../../store/project-store.ts";
import { isOwn, reportPolicy, rightOf, setHeaders, type Tokens } from "./guard.ts";
import { pageFileOf } from "./page-files.ts";
import { answerOf } from "./routes.ts";
import { RunWatcher } from "./run-watcher.ts";
import { streamRun } from "./stream.ts";
import type { UiContext, UiOptions } from "./ui-context.ts";

export interface UiServer {
  readonly port: number;
  readonly tokens: Tokens;
  close(): Promise<void>;
}

const ticketMs = 30_000;
const bodyMax = 64_000;
/** Runs whose columns are kept in memory. */
const watchersMax = 6;

/** Begins to listen. Rejects with UserError where the port is taken. */
export async function startUiServer(options: UiOptions): Promise<UiServer> {
  const tokens: Tokens = {
    act: options.readOnly ? null : randomBytes(16).toString("hex"),
    look: randomBytes(16).toString("hex"),
  };
  const stopped = new AbortController();
  const handler = new UiHandler(options, tokens, stopped.signal);
  const server = createServer((request, response) => {
    void handler.answer(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new UserError(`port ${options.port} is taken`, { hint: "Give another with --port, or none." })
          : error,
      ),
    );
    server.listen(options.port, "127.0.0.1", resolve);
  });
  // A server that listens on TCP has an address with a port.
  const { port } = server.address() as AddressInfo;
  handler.port = port;
  return {
    port,
    tokens,
    async close() {
      stopped.abort();
      handler.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

class UiHandler implements UiContext {
  readonly options: UiOptions;
  readonly store: ProjectStore;
  port = 0;
  readonly #tokens: Tokens;
  readonly #stopped: AbortSignal;
  readonly #watchers = new Map<string, RunWatcher>();
  readonly #tickets = new Map<string, { readonly html: string; readonly until: number }>();
  readonly #redact = redactorOf(process.env);

  constructor(options: UiOptions, tokens: Tokens, stopped: AbortSignal) {
    this.options = options;
    this.store = openStore(options.root);
    this.#tokens = tokens;
    this.#stopped = stopped;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    setHeaders(response);
    try {
      if (!isOwn(request, this.port)) {
        refuse(response, 403, "this server answers its own page only");
        return;
      }
      const url = new URL(request.url ?? "/", `http://127.0.0.1:${this.port}`);
      if (url.pathname.startsWith("/ticket/")) await this.#report(url.pathname.slice(8), response);
      else if (url.pathname.startsWith("/api/")) await this.#api(request, response, url);
      else sendPage(request, response, url.pathname);
    } catch (error) {
      this.#fail(response, error);
    }
  }

  async watcherOf(reference: string): Promise<RunWatcher> {
    const known = this.#watchers.get(reference);
    if (known !== undefined) return known;
    const found = await this.store.findRun(reference);
    if (found === null || "ambiguous" in found)
      throw new UserError(`there is no run "${reference}"`, { hint: "The list of runs has them all." });
    const { readOnly } = this.options;
    const watcher =
      this.#watchers.get(found.id) ?? new RunWatcher(this.store, found, { readOnly, now: Date.now });
    this.#watchers.set(found.id, watcher);
    const [oldest] = this.#watchers.keys();
    if (this.#watchers.size > watchersMax && oldest !== undefined) {
      this.#watchers.get(oldest)?.close();
      this.#watchers.delete(oldest);
    }
    return watcher;
  }

  ticketFor(html: string): string {
    const now = Date.now();
    for (const [id, { until }] of this.#tickets) if (until < now) this.#tickets.delete(id);
    const id = randomUUID();
    this.#tickets.set(id, { html, until: now + ticketMs });
    return `/ticket/${id}`;
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
  }

  async #report(id: string, response: ServerResponse): Promise<void> {
    const ticket = this.#tickets.get(id);
    this.#tickets.delete(id);
    if (ticket === undefined || ticket.until < Date.now()) {
      refuse(response, 403, "this address was good for one look; open the report again");
      return;
    }
    setHeaders(response, reportPolicy);
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(this.#redact(ticket.html));
  }

  async #api(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const right = rightOf(request, this.#tokens);
    if (right === null) {
      refuse(response, 403, "the token is missing or is another's");
      return;
    }
    const [, , area, run, view] = url.pathname.split("/").map(decodeURIComponent);
    if (area === "run" && view === "stream" && request.method === "GET") {
      await this.#stream(response, run ?? "", url.searchParams);
      return;
    }
    const body = request.method === "POST" ? await bodyOf(request) : null;
    if (body !== null && right !== "act" && view !== "report" && area !== "compare") {
      refuse(response, 403, "this link is read-only");
      return;
    }
    const answer = await answerOf(this, {
      path: [area ?? "", run ?? "", view ?? "", ...url.pathname.split("/").slice(5).map(decodeURIComponent)],
      query: url.searchParams,
      body,
      right,
    });
    if (answer === undefined) refuse(response, 404, "there is nothing at this address");
    else sendJson(response, 200, this.#textOf(answer));
  }

  async #stream(response: ServerResponse, run: string, query: URLSearchParams): Promise<void> {
    const watcher = await this.watcherOf(run);
    const shown = { experiment: query.get("experiment") ?? "", metric: query.get("metric") };
    response.writeHead(200, { "Content-Type": "application/x-ndjson; charset=utf-8" });
    await streamRun(response, watcher, {
      shown,
      stopped: this.#stopped,
      textOf: (line) => this.#textOf(line),
    });
  }

  /** JSON without secrets of the environment, whoever wrote them into a message or an answer. */
  #textOf(value: unknown): string {
    return JSON.stringify(value, (_, each) => (typeof each === "string" ? this.#redact(each) : each));
  }

  #fail(response: ServerResponse, error: unknown): void {
    const isUsers = error instanceof UserError;
    const words = error instanceof Error ? error.message : String(error);
    const hint = isUsers && error.hint !== null ? `. ${error.hint}` : "";
    if (response.headersSent) response.destroy();
    else refuse(response, isUsers ? 400 : 500, `${this.#redact(words)}${hint}`);
  }
}

function sendPage(request: IncomingMessage, response: ServerResponse, path: string): void {
  if (request.method !== "GET" && request.method !== "HEAD") {
    refuse(response, 405, "only looked at");
    return;
  }
  const { bytes, type } = pageFileOf(path);
  response.writeHead(200, { "Content-Type": type }).end(bytes);
}

function sendJson(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "Content-Type": "application/json; charset=utf-8" }).end(text);
}

function refuse(response: ServerResponse, status: number, words: string): void {
  sendJson(response, status, JSON.stringify({ error: words }));
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  if (request.headers["content-type"] !== "application/json")
    throw new UserError("what is sent must be application/json");
  let text = "";
  for await (const part of request.setEncoding("utf8")) {
    text += part;
    if (text.length > bodyMax) throw new UserError("what is sent is too long");
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError("what is sent is not JSON");
  }
}
