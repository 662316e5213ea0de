// `lab run --detach`: the run goes on in a process of its own session, which no closed terminal ends. What it would have said goes to a file,
// which is in the run's folder once the run has one.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Listener } from "../event/event.ts";
import { layoutOf, runLayoutOf } from "../store/files/layout.ts";
import { wordedSync } from "../store/files/store-error.ts";
import { exitCode } from "./exit-code.ts";
import { say } from "./terminal/say.ts";

/** Set for the process that goes on: path of the file that takes what it says. */
const variable = "LAB_DETACHED";

/** What the process that goes on tells the one that the user waits for. */
interface Told {
  readonly run: string;
  readonly log: string;
}

/** Starts this command again without its terminal; resolves with an exit code once its run has begun, or when it has ended before. */
export async function startDetached(root: string, { json }: { readonly json: boolean }): Promise<number> {
  const { folder } = layoutOf(root);
  // The ending makes `lab clean` free what is left of one that was killed before it had a run.
  const log = join(folder, `detached-${randomUUID().slice(0, 8)}.draft`);
  const file = wordedSync(log, () => {
    mkdirSync(folder, { recursive: true });
    return openSync(log, "wx", 0o600);
  });
  const args = process.argv.slice(2).filter((arg) => arg !== "--detach" && arg !== "--json");
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? "", ...args], {
    detached: true,
    stdio: ["ignore", file, file, "ipc"],
    env: { ...process.env, [variable]: log },
  });
  closeSync(file);
  const told = await new Promise<Told | number>((resolve) => {
    // Only `tellParent` sends there.
    child.once("message", (message) => resolve(message as Told));
    child.once("error", () => resolve(exitCode.bug));
    child.once("exit", (code) => resolve(code ?? exitCode.bug));
  });
  if (typeof told === "number") {
    process.stderr.write(readFileSync(log, "utf8"));
    rmSync(log, { force: true });
    return told;
  }
  child.unref();
  if (json) process.stdout.write(`${JSON.stringify({ ...told, pid: child.pid })}\n`);
  else {
    say(process.stdout, `${told.run}`);
    say(process.stderr, `goes on by itself; lab attach ${told.run} shows it, lab stop ${told.run} ends it`);
  }
  return exitCode.done;
}

/** For the process that goes on: tells the other one of its run, once it has one. Null in a process that was started by hand. */
export function tellParent(root: string): Listener | null {
  const log = process.env[variable];
  // Neither trials nor what they start are to know.
  delete process.env[variable];
  if (log === undefined || process.send === undefined) return null;
  return (event) => {
    if (event.type !== "run-started" || process.send === undefined || !process.connected) return;
    const kept = freeName(runLayoutOf(layoutOf(root), event.run).folder);
    renameSync(log, kept);
    process.send({ run: event.run, log: kept } satisfies Told, () => process.disconnect());
  };
}

/** "output.log", or with a number where a run that goes on has one of before. */
function freeName(folder: string): string {
  for (let part = 1; ; part += 1) {
    const path = join(folder, part === 1 ? "output.log" : `output-${part}.log`);
    if (!existsSync(path)) return path;
  }
}
