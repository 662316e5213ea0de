// A real Chromium for the end-to-end tests of the live page, and what every visit must not have: an error on the console, a violated policy, a
// request to anybody else, or a finding of axe.
import { type ChildProcess, spawnSync } from "node:child_process";
import { request } from "node:http";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import * as assert from "uvu/assert";
import type { Project } from "./project.ts";

/** Null where this machine has no Chromium. */
export async function openBrowser(): Promise<Browser | null> {
  const found = ["chromium", "chromium-browser", "google-chrome"]
    .map((name) => spawnSync("which", [name], { encoding: "utf8" }).stdout.trim())
    .find((path) => path !== "");
  if (found === undefined) return null;
  const quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
  return chromium.launch({
    executablePath: found,
    args: ["--no-sandbox", ...quiet, "--disable-component-update", "--disable-sync"],
  });
}

export interface Served {
  readonly url: string;
  readonly port: number;
  readonly token: string;
  readonly process: ChildProcess;
  stop(): Promise<number | null>;
}

/** Starts `lab ui` and resolves once it has told its address. */
export async function served(project: Project, ...args: readonly string[]): Promise<Served> {
  const child = project.start(["ui", "--json", ...args], { LAB_TEST_SECRET: "hunter2-hunter2" });
  const line = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (bytes) => {
      text += bytes;
      if (text.includes("\n")) resolve(text);
    });
    child.once("exit", (code) => reject(new Error(`lab ui ended with ${code}: ${text}`)));
  });
  // Printed by `lab ui --json`.
  const { url, port } = JSON.parse(line) as { readonly url: string; readonly port: number };
  return {
    url,
    port,
    token: url.split("#t=")[1] ?? "",
    process: child,
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", resolve);
        child.kill("SIGINT");
      }),
  };
}

export interface Visit {
  readonly page: Page;
  /** What went wrong so far, without what was expected. */
  problems(): readonly string[];
  /** Addresses of all requests. */
  readonly requests: readonly { readonly url: string; readonly referer: string | undefined }[];
}

/** A tab of its own that keeps what must not happen. `expected` are console messages that the test brings about. */
export async function visit(
  browser: Browser,
  of: { readonly width?: number; readonly theme?: "light" | "dark"; readonly expected?: RegExp } = {},
): Promise<Visit> {
  const { width = 1280, theme = "light", expected } = of;
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: theme,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const problems: string[] = [];
  const requests: { url: string; referer: string | undefined }[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("dialog", (dialog) => problems.push(`a dialog of the browser: ${dialog.message()}`));
  page.on("request", (request) => requests.push({ url: request.url(), referer: request.headers().referer }));
  return {
    page,
    requests,
    problems: () => problems.filter((words) => expected === undefined || !expected.test(words)),
  };
}

/** Findings of axe on the page as it is, as words. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  // Run in an isolated world: the page's own policy lets no script in.
  const client = await page.context().newCDPSession(page);
  const { frameTree } = await client.send("Page.getFrameTree");
  const { executionContextId: contextId } = await client.send("Page.createIsolatedWorld", {
    frameId: frameTree.frame.id,
    worldName: "axe",
  });
  await client.send("Runtime.evaluate", { expression: axe.source, contextId });
  const { result } = await client.send("Runtime.evaluate", {
    expression:
      "axe.run(document, { iframes: false }).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 120)).join(' | ')))",
    awaitPromise: true,
    returnByValue: true,
    contextId,
  });
  await client.detach();
  return result.value as readonly string[];
}

/** Waits until the page's text has what it should. */
export async function seen(page: Page, words: string | RegExp): Promise<void> {
  await page.getByText(words).first().waitFor({ timeout: 30_000 });
}

export async function assertNoSideways(page: Page, where: string): Promise<void> {
  const [width, room] = (await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")) as [
    number,
    number,
  ];
  assert.ok(width <= room, `${where} scrolls sideways: ${width} of ${room}`);
}

/** What the server answers to a request of anybody; a body is sent as JSON. */
export function ask(
  { port }: Served,
  of: {
    readonly path: string;
    readonly token: string;
    readonly method?: string;
    readonly body?: string;
    readonly headers?: Readonly<Record<string, string>>;
  },
): Promise<{
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}> {
  const { path, token, method = "GET", body, headers = {} } = of;
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        port,
        host: "127.0.0.1",
        path,
        method,
        headers: {
          ...(token !== "" && { Authorization: `Bearer ${token}` }),
          ...(body !== undefined && { "Content-Type": "application/json" }),
          ...headers,
        },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => {
          text += part;
        });
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }),
        );
      },
    );
    sent.once("error", reject);
    sent.end(body);
  });
}
