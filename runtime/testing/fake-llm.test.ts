// The scripted server beside a command: what Ctrl-C leaves of the two.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";

/** Waits for Ctrl-C, and asks the server only then. */
const command = `
process.on("SIGINT", async () => {
  const { status } = await fetch(process.env.LLM_URL + "/models");
  console.log("answered", status);
  process.exit(7);
});
setInterval(() => undefined, 1000);
console.log("ready");`;

const script = `
const { serveScripted } = await import(${JSON.stringify(new URL("fake-llm.ts", import.meta.url).href)});
await serveScripted({ answer: () => "yes", models: ["m"], command: [process.execPath, "-e", ${JSON.stringify(command)}] });`;

test("after Ctrl-C the server answers until the command has ended, and ends as it does", async () => {
  const child = spawn(process.execPath, [...process.execArgv, "--input-type=module", "-e", script], {
    // A process group of its own, as a terminal's foreground is one.
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  let said = "";
  child.stdout.on("data", (text: Buffer) => {
    said += text.toString();
    if (said === "ready\n") process.kill(-child.pid!, "SIGINT");
  });
  const [code] = await once(child, "close");
  assert.is(said, "ready\nanswered 200\n");
  assert.is(code, 7);
});

test.run();
