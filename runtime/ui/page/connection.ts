// The page's way to its server: the token, questions and their answers, and how long ago the last word came.
import { signal } from "@preact/signals";
import { exportName } from "../export-name.ts";
import { isExported } from "./router.ts";

const storageKey = "lab-token";
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("lab-token");

/** "none": no token, so nothing can be asked. */
export const link = signal<"asking" | "open" | "lost" | "none">("asking");
/** By the browser's monotonic clock. */
export const heardAt = signal(performance.now());
/** By the server's clock, in words beside old numbers. */
export const asOfMs = signal(Date.now());

let token = "";

/** The token of the address, of this tab, or of another tab that is open. Out of the address it goes at once. */
export async function findToken(): Promise<void> {
  if (isExported) {
    link.value = "open";
    return;
  }
  const given = /^#t=([0-9a-f]{32})$/.exec(location.hash)?.[1];
  if (given !== undefined) {
    sessionStorage.setItem(storageKey, given);
    history.replaceState(null, "", `${location.pathname}${location.search}`);
  }
  token = given ?? sessionStorage.getItem(storageKey) ?? (await askedOfTabs());
  if (token === "") link.value = "none";
  else sessionStorage.setItem(storageKey, token);
  channel?.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (data === "ask" && token !== "") channel.postMessage({ token });
  });
}

function askedOfTabs(): Promise<string> {
  return new Promise((resolve) => {
    if (channel === null) {
      resolve("");
      return;
    }
    const timer = setTimeout(() => resolve(""), 400);
    channel.addEventListener("message", ({ data }: MessageEvent<{ readonly token?: unknown }>) => {
      if (typeof data?.token !== "string") return;
      clearTimeout(timer);
      resolve(data.token);
    });
    channel.postMessage("ask");
  });
}

/** What the server says is wrong, in its words. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, words: string) {
    super(words);
    this.status = status;
  }
}

/** What the server's clock says more than the browser's monotonic one. */
let aheadMs = Date.now() - performance.now();

/** Now, by the server's clock. */
export function serverMs(): number {
  return performance.now() + aheadMs;
}

/** A word of the server came just now; it was sent at `sentMs` of its clock. */
export function heard(sentMs: number): void {
  heardAt.value = performance.now();
  asOfMs.value = sentMs;
  aheadMs = sentMs - heardAt.value;
  if (link.value !== "none") link.value = "open";
}

/** Asks for JSON of a known shape. Rejects with Refused in the server's words. */
export async function ask<T>(path: string, body?: unknown): Promise<T> {
  const response = await send(path, body);
  // The server is ours, and of the same version.
  return (await response.json()) as T;
}

/** For questions of one place that follow each other: the answer to an older one that comes late never settles. */
export function lastOnly(): <T>(answer: Promise<T>) => Promise<T> {
  let last = 0;
  return (answer) => {
    last += 1;
    const own = last;
    return new Promise((resolve, reject) => {
      answer.then(
        (value) => own === last && resolve(value),
        (error: unknown) => own === last && reject(error),
      );
    });
  };
}

/** The lines of a stream, one by one, until it ends or `stop` aborts. */
export async function* linesOf<T>(path: string, stop: AbortSignal): AsyncGenerator<T> {
  const response = await send(path, undefined, stop);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) yield JSON.parse(part) as T;
  }
}

async function send(path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const address = isExported ? `data/${exportName(path)}` : `/api${path}`;
  let response: Response;
  try {
    response = await fetch(address, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        ...(token !== "" && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal !== undefined && { signal }),
      credentials: "omit",
    });
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) link.value = "lost";
    throw error;
  }
  if (response.ok) {
    if (!isExported) heard(serverMs());
    return response;
  }
  const told: { readonly error?: string } = await response.json().catch(() => ({}));
  if (response.status === 403 && told.error?.startsWith("the token") === true) {
    sessionStorage.removeItem(storageKey);
    link.value = "none";
  }
  throw new Refused(response.status, told.error ?? `the server answered ${response.status}`);
}
