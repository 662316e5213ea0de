// Who may ask what of the live page's server. It listens on the loopback address alone; another site's page, a name that resolves here
// (DNS rebinding) and another process of the machine without the token are refused.
import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

export interface Tokens {
  /** May look and act; null for a server that only shows. */
  readonly act: string | null;
  /** May look. */
  readonly look: string;
}

export type Right = "act" | "look";

/** What every answer carries; a framed report has a policy of its own. */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

/** A report is one file with its own script and styles, framed without an origin: it can reach nothing. */
export const reportPolicy =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts";

export function setHeaders(response: ServerResponse, policy: string = pagePolicy): void {
  response.setHeader("Content-Security-Policy", policy);
  response.setHeader("Referrer-Policy", "no-referrer");
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
  response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
}

/** Whether the request names this server and comes from its own page. */
export function isOwn({ headers }: IncomingMessage, port: number): boolean {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
  if (headers.host === undefined || !hosts.includes(headers.host)) return false;
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  return headers.origin === undefined || headers.origin === `http://${headers.host}`;
}

/** What the bearer of the request's token may do; null without a known token. */
export function rightOf({ headers }: IncomingMessage, { act, look }: Tokens): Right | null {
  const given = /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1] ?? "";
  if (act !== null && isSame(given, act)) return "act";
  return isSame(given, look) ? "look" : null;
}

function isSame(given: string, token: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(token)];
  return left.length === right.length && timingSafeEqual(left, right);
}
