// Promise: `lab debug` pauses at the first line of the trial that its author wrote, for any client of the inspector protocol; breakpoints
// by the author's lines are hit, and the result is the recorded one.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { originalPosition, type SourceMapJson } from "../../compile/load/source-map.ts";
import { projectOf } from "./project.ts";
import { walk } from "./sample-experiments.ts";

/** The line of the sample that a breakpoint is set on. */
const lineText = "return { distance: Math.abs(position), turned };";
const lineOf = (text: string): number => walk.split("\n").findIndex((line) => line.includes(text)) + 1;

/** A client of the inspector protocol in a Node of its own: it prints where each pause was and sets one breakpoint at the first. */
const client = `
const [url, line, column] = process.argv.slice(1);
const socket = new WebSocket(url);
let last = 0;
const waiting = new Map();
const send = (method, params = {}) => new Promise((answer) => {
  waiting.set(++last, answer);
  socket.send(JSON.stringify({ id: last, method, params }));
});
const scripts = new Map();
socket.onmessage = async ({ data }) => {
  const { id, method, params, result, error } = JSON.parse(data);
  if (id !== undefined) return waiting.get(id)(error ?? result);
  if (method === "Debugger.scriptParsed") scripts.set(params.scriptId, params);
  // As editors do: the debugged process waits for its clients to leave.
  if (method === "Runtime.executionContextDestroyed") return socket.close();
  if (method !== "Debugger.paused") return;
  const { location } = params.callFrames[0];
  const { url, sourceMapURL } = scripts.get(location.scriptId);
  console.log(JSON.stringify({ url, sourceMapURL, line: location.lineNumber, column: location.columnNumber }));
  await send("Debugger.resume");
};
socket.onopen = async () => {
  await send("Runtime.enable");
  await send("Debugger.enable");
  await send("Debugger.setBreakpointByUrl", { urlRegex: ".*walk.experiment.*", lineNumber: Number(line), columnNumber: Number(column) });
  await send("Runtime.runIfWaitingForDebugger");
};
socket.onclose = () => process.exit(0);
`;

/** The place (counted from 0) in a bundle that a line of the source begins at. */
function placeInBundle(map: SourceMapJson, bundle: string, line: number): { line: number; column: number } {
  for (const [row, text] of bundle.split("\n").entries()) {
    const place = originalPosition(map, { line: row, column: text.search(/\S/) });
    if (place?.line === line - 1 && place.source.endsWith("walk.experiment.ts"))
      return { line: row, column: text.search(/\S/) };
  }
  throw new Error(`no line of the bundle comes from line ${line}`);
}

test("lab debug pauses at the author's first line, and where a breakpoint is set in the author's file", async () => {
  const project = projectOf({ "walk.experiment.ts": walk });
  const started: ChildProcess[] = [];
  try {
    assert.is(project.lab("run", "-q").code, 0);
    const { build } = JSON.parse(project.lab("build", "--json").stdout) as { build: string };
    const bundle = project.path(".lab/builds", build, "bundles/walk.experiment.mjs");
    const map = JSON.parse(readFileSync(`${bundle}.map`, "utf8")) as SourceMapJson;
    const wanted = placeInBundle(map, readFileSync(bundle, "utf8"), lineOf(lineText));

    const debugged = project.start(["debug", "walk/1/2", "--port", "0"]);
    started.push(debugged);
    let said = "";
    let printed = "";
    debugged.stdout!.on("data", (bytes) => (printed += bytes));
    const url = await new Promise<string>((resolve) =>
      debugged.stderr!.on("data", (bytes) => {
        said += bytes;
        const [, found] = /(ws:\S+)[\s\S]*waits for a debugger/.exec(said) ?? [];
        if (found !== undefined) resolve(found);
      }),
    );
    const attached = spawn(
      process.execPath,
      ["--experimental-websocket", "-e", client, url, String(wanted.line), String(wanted.column)],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    started.push(attached);
    let pauses = "";
    attached.stdout.on("data", (bytes) => (pauses += bytes));
    const [code] = await once(debugged, "close");
    if (attached.exitCode === null) await once(attached, "close");
    assert.is(code, 0, said + printed);
    assert.match(printed, /the recorded result is the same/);
    const places = pauses
      .trim()
      .split("\n")
      .map((text) => {
        const {
          url: script,
          sourceMapURL,
          line,
          column,
        } = JSON.parse(text) as {
          url: string;
          sourceMapURL: string;
          line: number;
          column: number;
        };
        const linked = JSON.parse(
          readFileSync(fileURLToPath(new URL(sourceMapURL, script)), "utf8"),
        ) as SourceMapJson;
        const place = originalPosition(linked, { line, column });
        return `${place?.source.split("/").at(-1)}:${(place?.line ?? -1) + 1}`;
      });
    assert.equal(places, [
      `walk.experiment.ts:${lineOf("const start = 0")}`,
      `walk.experiment.ts:${lineOf(lineText)}`,
    ]);
  } finally {
    for (const each of started) each.kill("SIGKILL");
    project.remove();
  }
});

test("an unknown trial is said in words before anything is waited for", () => {
  const project = projectOf({ "walk.experiment.ts": walk });
  try {
    const unknown = project.lab("debug", "walk/99/0");
    assert.is(unknown.code, 2, unknown.all);
    assert.match(unknown.stderr, /there is no trial "walk\/99\/0"/);
  } finally {
    project.remove();
  }
});

test.run();
