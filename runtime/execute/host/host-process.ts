// The process of a host on this machine: how its program is started, and what its end means.
import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import type { HostExit } from "../protocol/executor.ts";
import type { HostOptions } from "./host-session.ts";
import { memoryKills } from "./memory-kills.ts";
import type { ProcessEnd } from "./piped-host.ts";

/** Of what a host prints at once. */
const printedLinesMax = 5;

/** Starts the program; file descriptor 3 carries its messages. */
export function spawnHost(host: HostOptions): ChildProcess {
  return spawn(process.execPath, ["--no-warnings", ...hostProgram(), JSON.stringify(host)], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
}

/** What carries the messages of a process that `spawnHost` started. */
export function channelOf(child: ChildProcess): Duplex {
  // With "pipe" at position 3 Node makes a duplex socket there.
  return child.stdio[3] as Duplex;
}

/** To be called when the process starts: hears what it prints, a few lines at a time, and `onEnd` once what became of it. */
export function followHost(
  child: ChildProcess,
  of: {
    readonly onPrinted: (text: string) => void;
    /** Whether it was killed from here. */
    readonly isKilled: () => boolean;
    readonly onEnd: (exit: HostExit) => void;
  },
): void {
  const exitOf = endWords();
  let isMemoryFull = false;
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (words: string) => {
      isMemoryFull ||= words.includes("out of memory");
      of.onPrinted(words.trim().split("\n").slice(0, printedLinesMax).join("\n"));
    });
  child.once("close", (code, signal) =>
    of.onEnd(
      isMemoryFull
        ? { reason: "ran out of memory", isMemory: true }
        : exitOf({ code, signal }, of.isKilled()),
    ),
  );
}

/** To be called when the process starts: tells, at its end, what became of it. */
export function endWords(): (end: ProcessEnd, isKilled: boolean) => HostExit {
  const before = memoryKills();
  return ({ code, signal }, isKilled) => {
    if (signal === null) return { reason: `ended with exit code ${code}` };
    if (signal !== "SIGKILL" || isKilled) return { reason: `was killed by ${signal}${hintOf(signal)}` };
    const kills = memoryKills();
    if (kills !== null && before !== null && kills > before)
      return { reason: "was killed by the kernel for lack of memory", isMemory: true };
    return { reason: `was killed by ${signal}${kills === null ? ", perhaps for lack of memory" : ""}` };
  };
}

/** In the checkout the program is TypeScript, which Node 20 reads through tsx; in the package it is JavaScript. */
function hostProgram(): readonly string[] {
  const isSource = import.meta.url.endsWith(".ts");
  const program = fileURLToPath(new URL(isSource ? "./host.ts" : "./host.js", import.meta.url));
  return isSource ? ["--import", import.meta.resolve("tsx"), program] : [program];
}

function hintOf(signal: string): string {
  return signal === "SIGSEGV" || signal === "SIGABRT" || signal === "SIGBUS" || signal === "SIGILL"
    ? ", a crash of native code"
    : "";
}
